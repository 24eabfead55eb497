/** Which page a dashboard of the configuration is, whatever it is named there. */
import { createHash } from 'node:crypto';
import type { KindSettings } from '../dashboards/kinds.ts';

/**
 * Short, and without secrets: one may be another tomorrow, and the page is the same. So it is when a dashboard
 * of CloudMon's is found out, or has become a newer one in its place.
 */
export function pageMark(settings: KindSettings): string {
  const { kind } = settings;
  const own = kind === 'statuspage' ? [settings.pageId, settings.show] : [];
  const parts = [families.get(kind) ?? kind, addressOf(settings), ...own];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 8);
}

const families: ReadonlyMap<string, string> = new Map([
  ['auto', 'stackmon'],
  ['stackmon-v1', 'stackmon'],
  ['stackmon-v2', 'stackmon'],
]);

/** The path of a webhook is its key, more often than not. */
function addressOf({ kind, url }: KindSettings): string {
  if (url === '') return '';
  const { origin, pathname } = new URL(url);
  return kind === 'webhook' ? origin : origin + pathname.replace(/\/+$/, '');
}
