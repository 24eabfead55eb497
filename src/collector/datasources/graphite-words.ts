/** What a Graphite says about a request that it did not like, without its HTML and without what we asked. */
import { readable } from '../../http/readable.ts';
import type { Secret } from '../../model/secret.ts';

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
};

/** Of a page only its title; of Graphite's own complaint not the list of all targets that were asked for. */
export function graphiteWords(body: Buffer, secrets: readonly (Secret | undefined)[]): string {
  const text = body.subarray(0, 16_384).toString('utf8');
  const [, title] = /<title>([^<]*)<\/title>/i.exec(text) ?? [];
  const isPage = /^\s*</.test(text);
  const [said = ''] = (isPage ? (title ?? '') : text).split('; targets: ');
  const plain = said.replace(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => entities[entity] ?? entity);
  return readable(Buffer.from(plain), ...secrets);
}
