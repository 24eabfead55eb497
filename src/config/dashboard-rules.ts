/**
 * What dashboards are warned about whatever their kind: secrets that others can read, and two of them that
 * tell the same page about the same targets.
 */

import type { KindSettings } from '../dashboards/kinds.ts';
import type { SettingsWarning } from '../http/settings.ts';
import { Secret } from '../model/secret.ts';
import type { Target } from '../model/target.ts';
import { isAbout } from '../values/glob.ts';
import { isLoopback } from '../values/url.ts';

/** @param urlKey the key that holds the address */
export function credentialWarnings(settings: KindSettings, urlKey: string): readonly SettingsWarning[] {
  const { url } = settings;
  if (!url.startsWith('http:') || isLoopback(url)) return [];
  if (secretsOf(settings).length === 0 && new URL(url).username === '') return [];
  const message = 'sends credentials over plain http to another host';
  return [{ path: [urlKey], message, remedy: 'Use https' }];
}

/** Keys that are right and do nothing, because of another key. `isWritten` says which are there. */
export function idleWarnings(
  settings: KindSettings,
  isWritten: (key: string) => boolean,
): readonly SettingsWarning[] {
  const found: SettingsWarning[] = [];
  const idle = (key: string, message: string, remedy: string) => found.push({ path: [key], message, remedy });
  if (settings.send === 'every_poll' && settings.repeatIntervalMs > 0) {
    idle('repeat_interval', 'is not used: every poll is told', 'Set send to on_change, or take it out');
  }
  if (settings.adopt === 'system' && !kindsWithSystem.has(settings.kind)) {
    idle(
      'adopt',
      `means the same as ours: ${settings.kind} has no incidents that say a machine opened them`,
      'Use ours',
    );
  }
  if ('claims' in settings && settings.secret === undefined) {
    const remedy = 'Add secret, or take it out';
    for (const key of ['claims', 'token_ttl'].filter(isWritten))
      idle(key, 'is not used: without secret there is no token', remedy);
  }
  return found;
}

const kindsWithSystem: ReadonlySet<string> = new Set(['stackmon-v2', 'auto']);

/** The name of an earlier dashboard that each of these would fight with; those without one are missing. */
export function rivals(
  dashboards: readonly KindSettings[],
  targets: readonly Target[],
): ReadonlyMap<string, string> {
  const telling = dashboards.filter(({ kind, mode }) => kind !== 'console' && mode === 'send');
  const found = new Map<string, string>();
  const tellers = new Map<string, Map<string, string>>();
  for (const settings of telling) {
    const { name, match } = settings;
    const place = placeOf(settings);
    const onPage = tellers.get(place) ?? new Map<string, string>();
    tellers.set(place, onPage);
    const mine = targets.filter((target) => isAbout(match, target));
    const rival = mine.map(({ key }) => onPage.get(key)).find((other) => other !== undefined);
    if (rival !== undefined) found.set(name, rival);
    for (const { key } of mine) onPage.set(key, onPage.get(key) ?? name);
  }
  return found;
}

/** Those that look for components, by name where no id is configured. */
export const kindsWithIds: ReadonlySet<string> = new Set(['stackmon-v2', 'auto', 'statuspage', 'cachet']);

/** What makes two dashboards of a kind different pages, beside their credentials. */
const pageKeys: readonly string[] = ['path', 'pageId', 'show', 'labels'];

function placeOf(settings: KindSettings): string {
  const page = Object.entries(settings).filter(([key]) => pageKeys.includes(key));
  const secrets = secretsOf(settings).map((secret) => secret.reveal());
  return JSON.stringify([settings.kind, settings.url, page.sort(), secrets.sort()]);
}

/** What the dashboard is shown; a proxy's password and our key are shown to nobody, and most headers are no secret. */
function secretsOf({ proxy: _, tls: __, ...shown }: KindSettings): readonly Secret[] {
  const headers = Object.entries('headers' in shown ? shown.headers : {});
  const keys = headers
    .filter(([name]) => /auth|token|key|secret|cookie/i.test(name))
    .map(([, value]) => value);
  return [...Object.values(shown), ...keys].filter((each) => each instanceof Secret);
}
