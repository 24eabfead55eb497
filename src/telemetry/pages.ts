/** The pages for people, and the same as data. */

import type { Snapshot } from '../exposition/family.ts';
import { json, type Page, type Route, type Routes } from '../http/routes.ts';
import { pageFiles } from '../pages/frame.ts';
import { openBadges } from './badge-routes.ts';
import { collectorHealth } from './collector-health.ts';
import type { CollectorParts } from './collector-parts.ts';
import type { Health } from './health.ts';
import type { Observations } from './observations.ts';
import { drawDebug } from './pages-debug.ts';
import { drawIndex } from './pages-index.ts';
import { telemetryStyle } from './pages-style.ts';
import type { View } from './pages-view.ts';
import { targetsJson } from './targets-json.ts';
import { unhurriedPage } from './unhurried.ts';

export type PageParts = {
  readonly seen: Observations;
  readonly snapshot: () => Promise<Snapshot>;
  readonly version: string;
  /** How the reporter is; undefined without one. */
  readonly reporter: (() => Health) | undefined;
  readonly collector: CollectorParts | undefined;
  /** Whether these are the pages where the collector listens. */
  readonly isServer: boolean;
};

export function openPages({ seen, snapshot, version, reporter, collector, isServer }: PageParts): Routes {
  const files = pageFiles(telemetryStyle).map(({ path, type, body }): [string, Route] => [
    path,
    () => page(type, body),
  ]);
  const dear = (make: () => Page | Promise<Page>) => unhurriedPage(seen.clock, make);
  const view = (): View => {
    const facts = collector?.facts();
    return {
      seen,
      version,
      reporter: reporter?.(),
      collector: facts && { facts, health: collectorHealth(facts, seen) },
      isServer,
    };
  };
  const targets: readonly [string, Route][] = [
    ['/api/targets', dear(() => json(200, targetsJson(seen)))],
    ['/badge/*', openBadges(seen)],
  ];
  return new Map<string, Route>([
    ['/', dear(() => page('text/html', drawIndex(view())))],
    ['/debug/metrics', dear(async () => page('text/html', drawDebug(view(), await snapshot())))],
    ...(reporter ? targets : []),
    ...files,
  ]);
}

function page(type: string, body: string): Page {
  return { status: 200, type: `${type}; charset=utf-8`, body };
}
