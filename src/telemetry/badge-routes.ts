/** Which target a badge's path means. What is not found is not said again. */
import { json, type Page, plain, type Route } from '../http/routes.ts';
import { targetKey } from '../model/target.ts';
import { badgeJson, drawBadge } from './badge.ts';
import type { Observations } from './observations.ts';
import type { SeenTarget } from './seen.ts';

/** Of `/badge/{service}/{environment}.svg`, and the same with `.json`. */
export function openBadges({ targets }: Observations): Route {
  return ({ path }) => {
    const asked = parse(path);
    const seen = asked && targets.get(asked.key);
    return seen ? pages[asked.type](seen) : plain(404, 'not found');
  };
}

const pages: Readonly<Record<'svg' | 'json', (seen: SeenTarget) => Page>> = {
  svg: (seen) => ({ status: 200, type: 'image/svg+xml; charset=utf-8', body: drawBadge(seen) }),
  json: (seen) => json(200, badgeJson(seen)),
};

/** Split before it is decoded: a name may hold a slash. */
function parse(path: string): { readonly key: string; readonly type: 'svg' | 'json' } | undefined {
  const [, service, environment, type] = /^\/badge\/([^/]+)\/([^/]+)\.(svg|json)$/.exec(path) ?? [];
  if (service === undefined || environment === undefined) return undefined;
  const [first, second] = [decoded(service), decoded(environment)];
  if (first === undefined || second === undefined) return undefined;
  return { key: targetKey(first, second), type: type === 'json' ? 'json' : 'svg' };
}

/** Undefined where percent signs are broken. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
