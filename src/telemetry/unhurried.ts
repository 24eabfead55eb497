/**
 * A page that is made anew only when twenty times as long has passed as it took to make: however
 * often it is asked for, it takes a twentieth of the time, and who asks for it never stops the polls.
 */
import type { Page } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';

const restFactor = 20;
/** A machine that slept while it was made is no reason to show it for hours. */
const restMsMax = 2_000;

export function unhurried(clock: Clock, make: () => Page | Promise<Page>): () => Promise<Page> {
  let kept: { readonly page: Promise<Page>; untilMs: number } | undefined;

  async function makeWhole(): Promise<Page> {
    const page = await make();
    // As bytes: everybody who is sent it is sent the same ones.
    return { ...page, body: Buffer.from(page.body) };
  }

  return () => {
    const startedMs = clock.monotonic();
    if (kept && startedMs < kept.untilMs) return kept.page;
    const making = { page: makeWhole(), untilMs: Number.POSITIVE_INFINITY };
    kept = making;
    const rest = () => {
      const endedMs = clock.monotonic();
      making.untilMs = endedMs + Math.min(restFactor * (endedMs - startedMs), restMsMax);
    };
    making.page.then(rest, rest);
    return making.page;
  };
}
