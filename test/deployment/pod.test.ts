/** The pods: the rules of the Pod Security Standard "restricted", and parts that must fit together. */
import { expect, test } from 'vitest';
import { collectorBase, manifests, networkPolicy, pod } from './manifests.ts';

const { spec, container } = pod();

/** Both of them, for what is a rule and no decision. */
const pods = [
  ['reporter', pod()],
  ['collector', collectorBase()],
] as const;

test.each(pods)('nothing of the pod of the %s runs as root or may become it', (_, each) => {
  expect(each.spec.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    fsGroup: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(each.container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test.each(pods)('the pod of the %s shares nothing with its node', (_, each) => {
  expect(each.spec).not.toHaveProperty('hostNetwork');
  expect(each.spec).not.toHaveProperty('hostPID');
  expect(each.spec).not.toHaveProperty('hostIPC');
  expect(each.spec).not.toHaveProperty('initContainers');
  expect(each.container.ports?.every((port) => port.hostPort === undefined)).toBe(true);
});

test.each(pods)('the pod of the %s mounts only kinds of volume that "restricted" allows', (_, each) => {
  const allowed = ['configMap', 'secret', 'persistentVolumeClaim', 'emptyDir', 'projected', 'downwardAPI'];
  const kinds = (each.spec.volumes ?? []).flatMap((volume) =>
    Object.keys(volume).filter((key) => key !== 'name'),
  );
  expect(kinds.filter((kind) => !allowed.includes(kind))).toEqual([]);
});

test('the pod has no access to the API of Kubernetes', () => {
  const accounts = manifests().filter(({ kind }) => kind === 'ServiceAccount');
  expect(accounts.map(({ metadata }) => metadata.name)).toEqual([spec.serviceAccountName]);
  expect(accounts[0]).toHaveProperty('automountServiceAccountToken', false);
  expect(spec.automountServiceAccountToken).toBe(false);
});

test('memory and processor are limited', () => {
  const amount = { cpu: '200m', memory: '128Mi' };
  expect(container.resources).toEqual({ requests: amount, limits: amount });
});

test.each(pods)('every volume of the %s is mounted and every mount has a volume', (_, each) => {
  const mounted = (each.container.volumeMounts ?? []).map(({ name }) => name);
  expect(mounted).toEqual((each.spec.volumes ?? []).map(({ name }) => name));
});

test('volumes name a ConfigMap and a claim that exist', () => {
  const name = (kind: string) => manifests().find((manifest) => manifest.kind === kind)?.metadata.name;
  const volumes = spec.volumes ?? [];
  expect(volumes.flatMap(({ configMap }) => configMap?.name ?? [])).toEqual([name('ConfigMap')]);
  expect(volumes.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? [])).toEqual([
    name('PersistentVolumeClaim'),
  ]);
});

test('configuration and secret are mounted as folders, so that changes arrive', () => {
  for (const mount of container.volumeMounts ?? []) {
    expect(mount).not.toHaveProperty('subPath');
    if (mount.name !== 'state') expect(mount.readOnly).toBe(true);
  }
});

test('the secret comes as a file that only the pod reads, and no variable holds one', () => {
  const volume = (spec.volumes ?? []).find(({ secret }) => secret);
  const mount = container.volumeMounts?.find(({ name }) => name === volume?.name);
  expect(volume?.secret?.defaultMode).toBe(0o440);
  expect(volume?.secret?.optional).toBeUndefined();
  expect(variable('MP_STATUS_DASHBOARD__SECRET_FILE')).toBe(`${mount?.mountPath}/status-dashboard`);
  expect(container).not.toHaveProperty('envFrom');
  expect(container.env?.filter(({ valueFrom }) => valueFrom)).toEqual([]);
});

test('the command is the documented one and reads the mounted configuration', () => {
  expect(container.command).toEqual(['cloudmon-metrics-reporter']);
  expect(container.args?.slice(0, 2)).toEqual(['--config', '/config/config.yaml']);
  expect(container.volumeMounts?.find(({ name }) => name === 'config')?.mountPath).toBe('/config');
});

test('the probes ask the port that the program listens on, where the kubelet reaches it', () => {
  const port = container.ports?.find(({ name }) => name === 'telemetry');
  expect(String(port?.containerPort)).toBe(variable('MP_TELEMETRY__PORT'));
  expect(variable('MP_TELEMETRY__ADDRESS')).toBe('0.0.0.0');
  const { startupProbe, livenessProbe, readinessProbe } = container;
  for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
    expect(probe?.httpGet?.port).toBe(port?.name);
  }
  expect(livenessProbe?.httpGet?.path).toBe('/-/healthy');
  expect(startupProbe?.httpGet?.path).toBe('/-/healthy');
  expect(readinessProbe?.httpGet?.path).toBe('/-/ready');
});

test('the end of the pod leaves time for the deliveries under way', () => {
  expect(spec.terminationGracePeriodSeconds).toBe(30);
});

test('nobody may call the pod, and it may only ask for names and reach 443 and 3005', () => {
  const policy = networkPolicy().spec;
  expect(policy?.policyTypes).toEqual(['Ingress', 'Egress']);
  expect(policy?.ingress).toEqual([]);
  const ports = (policy?.egress ?? []).map((rule) =>
    rule.ports?.map(({ protocol, port }) => `${protocol} ${port}`),
  );
  expect(ports).toEqual([
    ['UDP 53', 'TCP 53'],
    ['TCP 443', 'TCP 3005'],
  ]);
});

test('the pod cannot ask a cloud for credentials', () => {
  const blocks = (networkPolicy().spec?.egress?.[1]?.to ?? []).flatMap(({ ipBlock }) => ipBlock ?? []);
  expect(blocks).toContainEqual({ cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] });
});

function variable(name: string): string | undefined {
  return container.env?.find((each) => each.name === name)?.value;
}
