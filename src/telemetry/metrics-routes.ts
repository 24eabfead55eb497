/**
 * The metrics for machines, in all formats of one snapshot: one that were older than another would show
 * counters that fall to who asks for both.
 */
import { wantsOpenMetrics } from '../exposition/accept.ts';
import type { Snapshot } from '../exposition/family.ts';
import { jsonMetrics } from '../exposition/metrics-json.ts';
import { openExposition } from '../exposition/text.ts';
import type { Page, Route, Routes } from '../http/routes.ts';
import type { Observations } from './observations.ts';
import { asBytes, unhurried } from './unhurried.ts';

type Print = (snapshot: Snapshot) => Page;

export type MetricsParts = {
  readonly seen: Observations;
  readonly snapshot: () => Promise<Snapshot>;
  /** Names from elsewhere need not fit OpenMetrics: they are printed as text, whoever asks. */
  readonly isTextOnly: boolean;
  /** How many times as long a snapshot is kept as it took. */
  readonly restFactor: number;
};

export function metricsRoutes({ seen, snapshot, isTextOnly, restFactor }: MetricsParts): Routes {
  const { text, openMetrics } = openExposition();
  const json = (taken: Snapshot) => jsonMetrics({ nowMs: seen.clock.now(), uptimeMs: seen.uptimeMs }, taken);
  const newest = unhurried(seen.clock, snapshot, restFactor);
  const printed = new WeakMap<Snapshot, Map<Print, Page>>();

  async function page(print: Print): Promise<Page> {
    const taken = await newest();
    const pages = printed.get(taken) ?? new Map<Print, Page>();
    printed.set(taken, pages);
    const known = pages.get(print) ?? asBytes(print(taken));
    pages.set(print, known);
    return known;
  }

  return new Map<string, Route>([
    ['/metrics', ({ accept }) => page(!isTextOnly && wantsOpenMetrics(accept) ? openMetrics : text)],
    ['/metrics/json', () => page(json)],
  ]);
}
