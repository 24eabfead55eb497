/** What a page for people shows of the window. */
import type { ServiceFacts } from '../../model/collector-facts.ts';
import { limits } from '../../model/limits.ts';
import { largest } from './largest.ts';
import { other } from './names.ts';
import type { Window } from './window.ts';

/** Those with the most requests and a name of their own, the largest first; and how many there are. */
export type WindowFacts = {
  readonly services: readonly ServiceFacts[];
  readonly servicesCount: number;
};

export function windowFacts(window: Window): WindowFacts {
  const { totals } = window;
  const shown = largest(totals.services(), limits.servicesShown, window.services, 0);
  const named = [...shown.ids].filter((id) => id !== other);
  return {
    services: named.map((id) => {
      const answered = totals.answered(id);
      return {
        service: window.services.text(id),
        requests: totals.requests(id),
        errorShare: answered === 0 ? undefined : totals.errors(id) / answered,
        averageLatencyMs: totals.meanLatencyMs([id]),
        uniqueIps: totals.ipsOf(id),
      };
    }),
    servicesCount: totals.servicesCount,
  };
}
