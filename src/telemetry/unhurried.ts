/**
 * What is made anew only when many times as long has passed as it took to make: however often it is
 * asked for, it takes a small part of the time, and who asks for it never stops the polls.
 */
import type { Page } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';

/** A machine that slept while it was made is no reason to show it for hours. */
const restMsMax = 2_000;

/** @param restFactor how many times as long it is kept as it took */
export function unhurried<T>(clock: Clock, make: () => T | Promise<T>, restFactor: number): () => Promise<T> {
  let kept: { readonly made: Promise<T>; untilMs: number } | undefined;

  return () => {
    const startedMs = clock.monotonic();
    if (kept && startedMs < kept.untilMs) return kept.made;
    const making = { made: (async () => make())(), untilMs: Number.POSITIVE_INFINITY };
    kept = making;
    const rest = () => {
      const endedMs = clock.monotonic();
      making.untilMs = endedMs + Math.min(restFactor * (endedMs - startedMs), restMsMax);
    };
    making.made.then(rest, rest);
    return making.made;
  };
}

/** As bytes: everybody who is sent it is sent the same ones. */
export function asBytes(page: Page): Page {
  return { ...page, body: Buffer.from(page.body) };
}

/** A page that takes a twentieth of the time at most. */
export function unhurriedPage(clock: Clock, make: () => Page | Promise<Page>): () => Promise<Page> {
  return unhurried(clock, async () => asBytes(await make()), 20);
}
