/** The pages for people, and the same as data. */

import type { Snapshot } from '../exposition/family.ts';
import { json, type Page, type Route, type Routes } from '../http/routes.ts';
import { pageFiles } from '../pages/frame.ts';
import { openBadges } from './badge-routes.ts';
import type { Health } from './health.ts';
import type { Observations } from './observations.ts';
import { drawDebug } from './pages-debug.ts';
import { drawIndex } from './pages-index.ts';
import { telemetryStyle } from './pages-style.ts';
import { targetsJson } from './targets-json.ts';
import { unhurriedPage } from './unhurried.ts';

export type PageParts = {
  readonly seen: Observations;
  readonly health: () => Health;
  readonly snapshot: () => Promise<Snapshot>;
  readonly version: string;
};

export function openPages({ seen, health, snapshot, version }: PageParts): Routes {
  const files = pageFiles(telemetryStyle).map(({ path, type, body }): [string, Route] => [
    path,
    () => page(type, body),
  ]);
  const dear = (make: () => Page | Promise<Page>) => unhurriedPage(seen.clock, make);
  return new Map<string, Route>([
    ['/', dear(() => page('text/html', drawIndex(seen, health(), version)))],
    [
      '/debug/metrics',
      dear(async () => page('text/html', drawDebug(seen, health(), await snapshot(), version))),
    ],
    ['/api/targets', dear(() => json(200, targetsJson(seen)))],
    ['/badge/*', openBadges(seen)],
    ...files,
  ]);
}

function page(type: string, body: string): Page {
  return { status: 200, type: `${type}; charset=utf-8`, body };
}
