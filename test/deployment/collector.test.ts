/** The collector in Kubernetes: what must fit together in its folder, and with the program. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import pkg from '../../package.json' with { type: 'json' };
import { formatProblem } from '../../src/config/explain.ts';
import { loadCollectConfig } from '../../src/config/load.ts';
import { file } from '../process/program.ts';
import { wrongIn } from './manifest-schema.ts';
import { collectorBase, pod } from './manifests.ts';

const base = collectorBase();
const { manifests, deployment, service, networkPolicy, spec, container, labels } = base;
const { kustomization } = base;

test.each(manifests)('$kind $metadata.name has only keys and values that Kubernetes knows', (manifest) => {
  expect(wrongIn(manifest)).toEqual([]);
});

test('every file of the folder is used', () => {
  const used = [
    ...kustomization.resources,
    ...kustomization.configMapGenerator.flatMap(({ files }) => files),
  ];
  const present = readdirSync(base.folder);
  expect([...used, 'kustomization.yaml'].sort()).toEqual(present.sort());
});

test('every manifest carries the labels of the program, and is told apart from the reporter’s', () => {
  const expected = { 'app.kubernetes.io/name': pkg.name, 'app.kubernetes.io/component': 'collector' };
  for (const { metadata } of manifests) expect(metadata.labels).toEqual(expected);
  expect(labels).toEqual(expected);
  expect(pod().labels).not.toEqual(expected);
});

test('the selectors of the Deployment, the service and the policy find the pod', () => {
  const selectors = [
    deployment.spec?.selector.matchLabels,
    service.spec?.selector,
    networkPolicy.spec?.podSelector?.matchLabels,
  ];
  for (const selector of selectors) expect(selector).toEqual(labels);
});

test('one instance holds all metrics, and an update never closes the door', () => {
  expect(deployment.spec?.replicas).toBe(1);
  expect(deployment.spec?.strategy).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
  });
});

test('the image is that of the reporter, with the version of the program', () => {
  expect(container.image).toBe(pod().container.image);
  expect(kustomization.images).toEqual([{ name: container.image, newTag: pkg.version }]);
});

test('the collector runs alone, and reads the mounted configuration again when it changes', () => {
  expect(container.command).toEqual(['cloudmon-reporter']);
  expect(container.args).toEqual(['collect', '--config', '/config/config.yaml', '--watch-config']);
  expect(container.volumeMounts?.find(({ name }) => name === 'config')?.mountPath).toBe('/config');
  expect(kustomization.generatorOptions.disableNameSuffixHash).toBe(true);
});

test('it loads what its variables and its ConfigMap say, without an error and without a warning', async () => {
  const token = file('a-long-random-text-that-services-show', 'token');
  const env = Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, value]));
  expect(basename(env['MP_COLLECTOR__BEARER_TOKEN_FILE'] ?? '')).toBe('token');
  const { config, problems } = await loadCollectConfig([`${base.folder}/config.yaml`], {
    ...env,
    MP_COLLECTOR__BEARER_TOKEN_FILE: token,
  });
  expect(problems.map(formatProblem)).toEqual([]);
  expect(config?.collector).toMatchObject({
    address: '0.0.0.0',
    port: 8080,
    historyMs: 1_800_000,
    cleanupIntervalMs: 300_000,
  });
  expect(config?.collector.bearerToken?.reveal()).toBe('a-long-random-text-that-services-show');
  // For people, by a forwarded port: nobody else reaches loopback.
  expect(config?.telemetry).toEqual({ port: 9090, address: '127.0.0.1' });
});

test('without the token it does not start: the address is open to the network', async () => {
  const { config, problems } = await loadCollectConfig([`${base.folder}/config.yaml`], {
    MP_SERVER__ADDRESS: '0.0.0.0',
  });
  expect(config).toBeUndefined();
  expect(problems.map(formatProblem).join()).toContain('bearer_token');
});

test('services push to reporter:8080, as seed 000 has it', () => {
  expect(service.metadata?.name).toBe('reporter');
  const [port, ...others] = service.spec?.ports ?? [];
  expect(others).toEqual([]);
  expect(port?.port).toBe(8080);
  const target = container.ports?.find(({ name }) => name === port?.targetPort);
  expect(String(target?.containerPort)).toBe(variable('PORT'));
});

test('the probes are those that no token guards', () => {
  const paths = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
    (probe) => `${probe?.httpGet?.port}${probe?.httpGet?.path}`,
  );
  expect(paths).toEqual(['http/-/healthy', 'http/-/healthy', 'http/-/ready']);
});

test('the token comes as a file that only the pod reads, and no variable holds one', () => {
  const volume = spec.volumes?.find(({ secret }) => secret);
  const mount = container.volumeMounts?.find(({ name }) => name === volume?.name);
  expect(volume?.secret).toEqual({ secretName: 'cloudmon-collector', defaultMode: 0o440 });
  expect(variable('MP_COLLECTOR__BEARER_TOKEN_FILE')).toBe(`${mount?.mountPath}/token`);
  expect(container.volumeMounts?.every(({ readOnly, subPath }) => readOnly && !subPath)).toBe(true);
  expect(container.env?.filter(({ valueFrom }) => valueFrom)).toEqual([]);
  expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
});

test('the pod has no access to the API of Kubernetes', () => {
  const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount');
  expect(accounts.map(({ metadata }) => metadata.name)).toEqual([spec.serviceAccountName]);
  expect(accounts[0]).toHaveProperty('automountServiceAccountToken', false);
  expect(spec.automountServiceAccountToken).toBe(false);
});

test('the resources are limited, and README.md says the same and what seed 000 asked for', () => {
  const { requests, limits } = container.resources ?? {};
  expect(requests).toEqual(limits);
  const readme = readFileSync('k8s/README.md', 'utf8');
  expect(readme).toContain(`| this one | ${limits?.['memory']} | ${limits?.['cpu']} |`);
  expect(readme).toContain('| asked for | 60Mi | 40m |');
});

test('only pods of the namespace and Prometheus may call it, and only its one port', () => {
  const [rule, ...others] = networkPolicy.spec?.ingress ?? [];
  expect(others).toEqual([]);
  expect(rule?.from?.map((peer) => Object.keys(peer))).toEqual([
    ['podSelector'],
    ['namespaceSelector', 'podSelector'],
  ]);
  expect(rule?.ports).toEqual([{ protocol: 'TCP', port: container.ports?.[0]?.containerPort }]);
});

test('it may only ask for names and sources, and a cloud for no credentials', () => {
  const egress = networkPolicy.spec?.egress ?? [];
  const ports = egress.map((rule) => rule.ports?.map(({ protocol, port }) => `${protocol} ${port}`));
  expect(ports).toEqual([
    ['UDP 53', 'TCP 53'],
    ['TCP 443', 'TCP 9100'],
  ]);
  const blocks = (egress[1]?.to ?? []).flatMap(({ ipBlock }) => ipBlock ?? []);
  expect(blocks).toContainEqual({ cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] });
});

/** As far as it is written here. */
type Job = {
  readonly job_name: string;
  readonly scrape_interval?: string;
  readonly metrics_path?: string;
  readonly honor_labels?: boolean;
  readonly authorization?: { readonly type: string; readonly credentials_file: string };
};

test('Prometheus asks for the newest samples every 15 s and for the aggregated ones every 60 s', () => {
  const { scrape_configs: jobs } = parse(readFileSync('observability/prometheus.yaml', 'utf8')) as {
    scrape_configs: readonly Job[];
  };
  const ours = jobs.filter(({ job_name: name }) => name.startsWith('cloudmon-collector'));
  expect(ours.map((job) => [job.scrape_interval, job.metrics_path ?? '/metrics', job.honor_labels])).toEqual([
    ['15s', '/metrics', true],
    ['60s', '/metrics/aggregated', true],
  ]);
  for (const { authorization } of ours) {
    expect(authorization?.type).toBe('Bearer');
    expect(authorization?.credentials_file).toMatch(/^\/etc\/prometheus\//);
  }
});

function variable(name: string): string | undefined {
  return container.env?.find((each) => each.name === name)?.value;
}
