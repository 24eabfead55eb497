/** What a cluster with Prometheus adds to the base, and what mutual TLS changes in it. */
import { readFileSync } from 'node:fs';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IService } from 'kubernetes-models/v1/Service';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { formatProblem } from '../../src/config/explain.ts';
import { loadConfig } from '../../src/config/load.ts';
import { authority, certificate } from '../process/certificates.ts';
import { file } from '../process/program.ts';
import { wrongIn } from './manifest-schema.ts';
import { kustomization, manifests, networkPolicy, pod } from './manifests.ts';

type Secret = { readonly secret: { readonly name: string; readonly key: string } };

/** As far as we write one: the schema of the operator is no part of Kubernetes. */
type ServiceMonitor = {
  readonly metadata: { readonly labels: object };
  readonly spec: {
    readonly jobLabel: string;
    readonly selector: { readonly matchLabels: object };
    readonly endpoints: readonly [
      {
        readonly port: string;
        readonly path: string;
        readonly scheme?: string;
        readonly tlsConfig?: {
          readonly ca: Secret;
          readonly cert: Secret;
          readonly keySecret: Secret['secret'];
        };
      },
    ];
  };
};

function read<Kind>(path: string): Kind {
  return parse(readFileSync(path, 'utf8')) as Kind;
}

const service = read<IService>('k8s/prometheus/service.yaml');
const monitor = read<ServiceMonitor>('k8s/prometheus/service-monitor.yaml');
const policy = read<INetworkPolicy>('k8s/prometheus/network-policy.yaml');
const patch = read<IDeployment>('k8s/mutual-tls/deployment.yaml');
const patchedContainer = patch.spec?.template.spec?.containers[0];

test('the base asks for nothing that a cluster without Prometheus lacks', () => {
  expect(kustomization.resources.filter((name) => name.includes('/'))).toEqual([]);
  expect(manifests().filter(({ kind }) => kind === 'ServiceMonitor' || kind === 'Service')).toEqual([]);
});

test('service and policy have only keys and values that Kubernetes knows', () => {
  expect([service, policy].flatMap((manifest) => wrongIn(manifest as never))).toEqual([]);
});

test('Prometheus is led to the pod by the service, ready or not', () => {
  expect(monitor.spec.selector.matchLabels).toEqual(service.metadata?.labels);
  expect(service.spec?.selector).toEqual(pod().labels);
  const [port] = service.spec?.ports ?? [];
  expect(monitor.spec.endpoints.map((endpoint) => endpoint.port)).toEqual([port?.name]);
  expect(pod().container.ports?.map(({ name }) => name)).toContain(port?.targetPort);
  expect(service.spec?.publishNotReadyAddresses).toBe(true);
});

test('the job is called as the alert rules expect', () => {
  const labels = service.metadata?.labels as Readonly<Record<string, string>>;
  expect(labels[monitor.spec.jobLabel]).toBe('cloudmon-reporter');
});

test('Prometheus alone is let in, and only to the telemetry', () => {
  expect(policy.spec?.podSelector).toEqual(networkPolicy().spec?.podSelector);
  expect(policy.spec?.policyTypes).toEqual(['Ingress']);
  expect(policy.spec?.egress).toBeUndefined();
  const [rule, ...others] = policy.spec?.ingress ?? [];
  expect(others).toEqual([]);
  expect(rule?.ports).toEqual([{ protocol: 'TCP', port: pod().container.ports?.[0]?.containerPort }]);
  // One peer with both selectors: two peers would let in every pod of either.
  expect(rule?.from?.map((peer) => Object.keys(peer))).toEqual([['namespaceSelector', 'podSelector']]);
});

test('the certificates that mutual TLS mounts are those that the configuration reads', async () => {
  const spec = patch.spec?.template.spec;
  const [mount] = patchedContainer?.volumeMounts ?? [];
  expect(spec?.volumes?.map(({ name }) => name)).toEqual([mount?.name]);
  expect(mount?.readOnly).toBe(true);
  const ca = await authority('of this test');
  const { cert, key } = await certificate({ by: ca });
  const texts: Readonly<Record<string, string>> = { 'tls.crt': cert, 'tls.key': key, 'ca.crt': ca.cert };
  const base = (pod().container.env ?? []).filter(({ name }) => name.startsWith('MP_TELEMETRY'));
  const env = Object.fromEntries(base.map(({ name, value = '' }) => [name, value]));
  for (const { name, value = '' } of patchedContainer?.env ?? []) {
    expect(value.startsWith(`${mount?.mountPath}/`)).toBe(true);
    env[name] = file(texts[value.split('/').at(-1) ?? ''] ?? '', 'pem');
  }
  const { config, problems } = await loadConfig(['k8s/config.yaml'], env);
  expect(problems.filter(({ level }) => level === 'error').map(formatProblem)).toEqual([]);
  expect(config?.telemetry.tls?.clientCa).toContain(ca.cert.trim());
});

test('under mutual TLS nothing is asked by the kubelet itself, which has no certificate', () => {
  const { startupProbe, livenessProbe, readinessProbe } = patchedContainer ?? {};
  const command = ['cloudmon-metrics-reporter', 'healthcheck'];
  for (const probe of [startupProbe, livenessProbe]) {
    // Null takes away what the base has.
    expect(probe?.httpGet).toBeNull();
    expect(probe?.exec?.command).toEqual(command);
  }
  expect(readinessProbe).toBeNull();
});

test('under mutual TLS Prometheus shows a certificate, and does not share the reporter’s', () => {
  const { spec } = read<ServiceMonitor>('k8s/prometheus/mutual-tls.yaml');
  const [{ scheme, tlsConfig, ...endpoint }] = spec.endpoints;
  expect(scheme).toBe('https');
  expect(endpoint).toEqual(monitor.spec.endpoints[0]);
  const mounted = patch.spec?.template.spec?.volumes?.map(({ secret }) => secret?.secretName);
  const shown = [tlsConfig?.ca.secret, tlsConfig?.cert.secret, tlsConfig?.keySecret];
  expect(shown.map((secret) => secret?.key)).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
  expect(shown.filter((secret) => mounted?.includes(secret?.name))).toEqual([]);
});
