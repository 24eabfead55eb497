/** What a Graphite says about a request that it did not like: without its HTML, and without what we asked. */
import { readable } from '../../http/readable.ts';
import type { Secret } from '../../model/secret.ts';

const bytesMax = 65_536;

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
};

export function graphiteWords(body: Buffer, secrets: readonly (Secret | undefined)[]): string {
  const text = body.subarray(0, bytesMax).toString('utf8');
  // Graphite's own complaint ends with all targets of the request.
  const [said = ''] = /^\s*</.test(text) ? [wordsOfPage(text)] : text.split('; targets: ');
  const plain = said.replace(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => entities[entity] ?? entity);
  return readable(Buffer.from(plain), ...secrets);
}

/** The last line of a traceback is what went wrong; of other pages the title says it. */
function wordsOfPage(page: string): string {
  const end = page.lastIndexOf('</pre>');
  const [line] = end < 0 ? [] : page.slice(0, end).trimEnd().split('\n').slice(-1);
  const [, title = ''] = /<title>([^<]*)<\/title>/i.exec(page) ?? [];
  return line ?? title;
}
