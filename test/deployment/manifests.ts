/** The Kubernetes manifests that we ship, as kustomize puts them together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { parse } from 'yaml';

export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
};

type Kustomization = {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  readonly generatorOptions: {
    readonly disableNameSuffixHash: boolean;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
};

export const kustomization = parse(readFileSync('k8s/kustomization.yaml', 'utf8')) as Kustomization;

/** What the base consists of, generated ConfigMaps included. */
export function manifests(): readonly Manifest[] {
  const written = kustomization.resources.map((name) => parse(readFileSync(join('k8s', name), 'utf8')));
  const generated = kustomization.configMapGenerator.map(({ name, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: kustomization.generatorOptions.labels },
    data: Object.fromEntries(files.map((file) => [file, readFileSync(join('k8s', file), 'utf8')])),
  }));
  return [...written, ...generated];
}

export function deployment(): IDeployment {
  return only('Deployment');
}

export function disruptionBudget(): IPodDisruptionBudget {
  return only('PodDisruptionBudget');
}

export function networkPolicy(): INetworkPolicy {
  return only('NetworkPolicy');
}

/** What the Deployment starts. */
export function pod() {
  const spec = deployment().spec?.template.spec;
  const [container, ...others] = spec?.containers ?? [];
  if (!spec || !container || others.length > 0) throw new Error('the pod has not exactly one container');
  return { spec, container, labels: deployment().spec?.template.metadata?.labels ?? {} };
}

function only<Kind>(kind: string): Kind {
  const found = manifests().filter((manifest) => manifest.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} manifests of kind ${kind}`);
  return found[0] as Kind;
}
