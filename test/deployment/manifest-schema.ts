/**
 * Says what Kubernetes would refuse in a manifest, or silently drop.
 *
 * The compiled schemas of kubernetes-models let unknown keys pass. A validator has to read each key
 * that it knows, so a key that it never read is one that it does not know.
 */

import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import type { Manifest } from './manifests.ts';

const kinds = [
  ConfigMap,
  Deployment,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Service,
  ServiceAccount,
];

/** Empty where everything is known and of the right type. */
export function wrongIn(manifest: Manifest): readonly string[] {
  const { apiVersion, kind } = manifest;
  const model = kinds.find((known) => known.apiVersion === apiVersion && known.kind === kind);
  if (!model) return [`${apiVersion} ${kind} is not a kind that is checked here`];
  const read = new Set<string>();
  try {
    model.prototype.validate.call(watched(manifest, '', read));
  } catch (error) {
    return [(error as Error).message];
  }
  return pathsOf(manifest)
    .filter((path) => !read.has(path))
    .map((path) => `${path} is not known`);
}

/** The same value, which takes down what is read of it. */
function watched<Value extends object>(value: Value, path: string, read: Set<string>): Value {
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return inner;
      read.add(`${path}/${key}`);
      return typeof inner === 'object' && inner !== null ? watched(inner, `${path}/${key}`, read) : inner;
    },
  });
}

function pathsOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    `${path}/${key}`,
    ...pathsOf(inner, `${path}/${key}`),
  ]);
}
