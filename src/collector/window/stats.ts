/** What is asked about the window: `/api/stats` and `/api/services`. */
import type { Page, Routes } from '../../http/routes.ts';
import type { Clock } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { servicesJson } from './services-page.ts';
import { statsJson } from './stats-page.ts';
import type { Window } from './window.ts';

export function windowRoutes(window: Window, clock: Clock): Routes {
  const { totals } = window;
  const stats = () => ({
    body: statsJson(window, clock.now()),
    names: totals.servicesCount + totals.ips.distinct + totals.paths.distinct,
  });
  const services = () => ({
    body: servicesJson(window),
    names: totals.servicesCount + totals.pathsOfServices.count,
  });
  return new Map([
    ['/api/stats', route(window, clock, stats)],
    ['/api/services', route(window, clock, services)],
  ]);
}

/** A page, and how many names were looked at for it. */
type Made = { readonly body: Buffer; readonly names: number };

/**
 * Nobody is shown a metric that is older than the window, and what was brought is shown at once. Only
 * where strangers have made the page large or its making dear, everybody is sent the same bytes for a
 * moment: else asking often would stop the program, and readers that stall would fill its memory.
 */
function route(window: Window, clock: Clock, make: () => Made): () => Promise<Page> {
  let kept: { readonly page: Promise<Page>; untilMs: number } | undefined;

  const makeAnew = async (): Promise<Page> => {
    await window.expire();
    const { body, names } = make();
    const isDear = body.length > limits.freshPageBytesMax || names > limits.freshPageNamesMax;
    if (kept && isDear) kept.untilMs = clock.monotonic() + limits.dearPageMs;
    else kept = undefined;
    return { status: 200, type: 'application/json', body };
  };

  return () => {
    if (kept && clock.monotonic() < kept.untilMs) return kept.page;
    const page = makeAnew();
    kept = { page, untilMs: Number.POSITIVE_INFINITY };
    return page;
  };
}
