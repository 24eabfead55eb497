/** What kubectl makes of the Kubernetes base. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { wrongIn } from '../deployment/manifest-schema.ts';
import { collectorBase, kustomization, type Manifest, manifests, pod } from '../deployment/manifests.ts';
import { temporaryFolder } from '../process/program.ts';

const rendered = render('k8s');

function render(folder: string): readonly Manifest[] {
  const text = execFileSync('kubectl', ['kustomize', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

test('kubectl renders every manifest of the base, and nothing else', () => {
  const names = (all: readonly Manifest[]) =>
    all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
  expect(names(rendered)).toEqual(names(manifests()));
});

test('what is rendered has only keys and values that Kubernetes knows', () => {
  expect(rendered.flatMap(wrongIn)).toEqual([]);
});

test('what is rendered is what was written, with the version in the image', () => {
  const [image] = kustomization.images;
  const written = structuredClone(manifests());
  const container = pod().container;
  for (const manifest of written) {
    const same = rendered.find(({ kind }) => kind === manifest.kind);
    const text = JSON.stringify(manifest).replace(
      `"image":"${container.image}"`,
      `"image":"${image?.name}:${image?.newTag}"`,
    );
    expect(same).toEqual(JSON.parse(text));
  }
});

test('kubectl renders the collector, apart from the base, with the version in the image', () => {
  const { manifests: written, kustomization: ours, container } = collectorBase();
  const [image] = ours.images;
  const renderedHere = render('k8s/collector');
  expect(renderedHere.flatMap(wrongIn)).toEqual([]);
  expect(renderedHere).toHaveLength(written.length);
  for (const manifest of written) {
    const same = renderedHere.find(({ kind }) => kind === manifest.kind);
    const text = JSON.stringify(manifest).replace(
      `"image":"${container.image}"`,
      `"image":"${image?.name}:${image?.newTag}"`,
    );
    expect(same).toEqual(JSON.parse(text));
  }
});

test('kubectl renders what Prometheus needs, apart from the base', () => {
  expect(render('k8s/prometheus').map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Service cloudmon-reporter',
    'ServiceMonitor cloudmon-reporter',
    'NetworkPolicy cloudmon-reporter-prometheus',
  ]);
});

test('mutual TLS is one line in each of the two', () => {
  const folder = temporaryFolder();
  cpSync('k8s', folder, { recursive: true });
  const add = (name: string, patch: string) =>
    appendFileSync(join(folder, name, 'kustomization.yaml'), `patchesStrategicMerge: [${patch}]\n`);
  add('.', 'mutual-tls/deployment.yaml');
  add('prometheus', 'mutual-tls.yaml');
  const base = render(folder);
  expect(base.flatMap(wrongIn)).toEqual([]);
  const deployment = JSON.stringify(base.find(({ kind }) => kind === 'Deployment'));
  expect(deployment).toContain('MP_TELEMETRY__TLS__CLIENT_CA_FILE');
  expect(deployment).toContain('MP_STATUS_DASHBOARD__SECRET_FILE');
  expect(deployment).not.toContain('httpGet');
  expect(deployment.match(/"command":\["cloudmon-metrics-reporter","healthcheck"\]/g)).toHaveLength(2);
  expect(deployment).toContain('"memory":"192Mi"');
  expect(deployment).not.toContain('128Mi');
  const monitor = render(join(folder, 'prometheus')).find(({ kind }) => kind === 'ServiceMonitor');
  expect(JSON.stringify(monitor)).toContain('"scheme":"https"');
});
