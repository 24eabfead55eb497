/** What a page for people shows of the window. */
import { limits } from '../../model/limits.ts';
import { largest } from './largest.ts';
import { other } from './names.ts';
import type { Window } from './window.ts';

type ServiceFacts = {
  readonly service: string;
  readonly requests: number;
  /** Of those with a status code: the share with 500 to 599, 0 to 1. */
  readonly errorShare: number | undefined;
  readonly averageLatencyMs: number | undefined;
  readonly uniqueIps: number;
};

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
