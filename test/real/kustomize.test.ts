/** What kubectl makes of the Kubernetes base. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { wrongIn } from '../deployment/manifest-schema.ts';
import { kustomization, type Manifest, manifests, pod } from '../deployment/manifests.ts';

const rendered = parseAllDocuments(execFileSync('kubectl', ['kustomize', 'k8s'], { encoding: 'utf8' })).map(
  (document) => document.toJS() as Manifest,
);

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
