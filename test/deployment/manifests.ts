/** The Kubernetes manifests that we ship, as kustomize puts them together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDeployment } from 'kubernetes-models/apps/v1/Deployment';
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import type { IService } from 'kubernetes-models/v1/Service';
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

export const kustomization = kustomizationOf('k8s');

function kustomizationOf(folder: string): Kustomization {
  return parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
}

/** What the base consists of, generated ConfigMaps included. */
export function manifests(): readonly Manifest[] {
  return manifestsOf('k8s');
}

function manifestsOf(folder: string): readonly Manifest[] {
  const { resources, configMapGenerator, generatorOptions } = kustomizationOf(folder);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const generated = configMapGenerator.map(({ name, files }) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: generatorOptions.labels },
    data: Object.fromEntries(files.map((file) => [file, read(file)])),
  }));
  return [...resources.map((name) => parse(read(name))), ...generated];
}

export function deployment(): IDeployment {
  return only(manifests(), 'Deployment');
}

export function disruptionBudget(): IPodDisruptionBudget {
  return only(manifests(), 'PodDisruptionBudget');
}

export function networkPolicy(): INetworkPolicy {
  return only(manifests(), 'NetworkPolicy');
}

/** What the Deployment starts. */
export function pod() {
  return podOf(deployment());
}

function podOf(started: IDeployment) {
  const spec = started.spec?.template.spec;
  const [container, ...others] = spec?.containers ?? [];
  if (!spec || !container || others.length > 0) throw new Error('the pod has not exactly one container');
  return { spec, container, labels: started.spec?.template.metadata?.labels ?? {} };
}

/** The collector's folder. */
export function collectorBase() {
  const folder = 'k8s/collector';
  const all = manifestsOf(folder);
  const started: IDeployment = only(all, 'Deployment');
  return {
    folder,
    kustomization: kustomizationOf(folder),
    manifests: all,
    deployment: started,
    service: only<IService>(all, 'Service'),
    networkPolicy: only<INetworkPolicy>(all, 'NetworkPolicy'),
    ...podOf(started),
  };
}

function only<Kind>(all: readonly Manifest[], kind: string): Kind {
  const found = all.filter((manifest) => manifest.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} manifests of kind ${kind}`);
  return found[0] as Kind;
}
