/** The Kubernetes base: each manifest by itself, and what must fit together. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { formatProblem } from '../../src/config/explain.ts';
import { loadConfig } from '../../src/config/load.ts';
import { file } from '../process/program.ts';
import { wrongIn } from './manifest-schema.ts';
import { deployment, disruptionBudget, kustomization, manifests, networkPolicy, pod } from './manifests.ts';

test.each(manifests())('$kind $metadata.name has only keys and values that Kubernetes knows', (manifest) => {
  expect(wrongIn(manifest)).toEqual([]);
});

test('a key that Kubernetes does not know is noticed at any depth', () => {
  const broken = structuredClone(deployment());
  const [container] = broken.spec?.template.spec?.containers ?? [];
  Object.assign(container?.securityContext ?? {}, { readOnlyRootFileSystem: true });
  Object.assign(broken, { speck: {} });
  expect(wrongIn(broken as never)).toEqual([
    '/spec/template/spec/containers/0/securityContext/readOnlyRootFileSystem is not known',
    '/speck is not known',
  ]);
});

test('a value of the wrong type is noticed', () => {
  const broken = structuredClone(deployment());
  Object.assign(broken.spec ?? {}, { replicas: '1' });
  expect(wrongIn(broken as never)).toEqual(['data/spec/replicas must be integer']);
});

test('every file of the base is used by it', () => {
  const used = [
    ...kustomization.resources,
    ...kustomization.configMapGenerator.flatMap(({ files }) => files),
  ];
  const present = readdirSync('k8s').filter((name) => name.endsWith('.yaml'));
  expect([...used, 'kustomization.yaml'].sort()).toEqual(present.sort());
});

test('every manifest carries the labels of the program', () => {
  const { name } = pkg;
  for (const { metadata } of manifests()) {
    expect(metadata.labels).toEqual({
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/component': 'reporter',
    });
  }
});

test('the selectors of the Deployment, the budget and the policy find the pod', () => {
  const selectors = [
    deployment().spec?.selector.matchLabels,
    disruptionBudget().spec?.selector?.matchLabels,
    networkPolicy().spec?.podSelector.matchLabels,
  ];
  for (const selector of selectors) expect(selector).toEqual(pod().labels);
});

test('exactly one instance runs, never two during an update, and a drain is not blocked', () => {
  expect(deployment().spec?.replicas).toBe(1);
  expect(deployment().spec?.strategy).toEqual({ type: 'Recreate' });
  expect(disruptionBudget().spec?.maxUnavailable).toBe(1);
  expect(disruptionBudget().spec?.minAvailable).toBeUndefined();
});

test('the image carries the version of the program', () => {
  expect(kustomization.images).toEqual([{ name: pod().container.image, newTag: pkg.version }]);
});

test('the ConfigMap keeps its name, so that a new content reaches the running program', () => {
  expect(kustomization.generatorOptions.disableNameSuffixHash).toBe(true);
  expect(pod().container.args).toContain('--watch-config');
});

test('the configuration loads without an error and without a warning', async () => {
  const secret = file('a-long-random-text-for-the-dashboard', 'status-dashboard');
  const env = Object.fromEntries((pod().container.env ?? []).map(({ name, value = '' }) => [name, value]));
  expect(basename(env['MP_STATUS_DASHBOARD__SECRET_FILE'] ?? '')).toBe('status-dashboard');
  const { config, problems } = await loadConfig(['k8s/config.yaml'], {
    ...env,
    MP_STATUS_DASHBOARD__SECRET_FILE: secret,
  });
  expect(problems.map(formatProblem)).toEqual([]);
  expect(config?.telemetry).toEqual({ port: 9090, address: '0.0.0.0' });
});

test('no manifest holds a secret or a placeholder of one', () => {
  expect(manifests().map(({ kind }) => kind)).not.toContain('Secret');
  const names = readdirSync('k8s', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.\w+$/.test(name),
  );
  const texts = names.map((name) => readFileSync(`k8s/${name}`, 'utf8'));
  expect(texts.filter((text) => /^ *(secret|stringData|token|password): +\S/m.test(text))).toEqual([]);
});
