/** Brings bodies to one collector and says what became of them. */
import type { Endpoint } from './endpoint.ts';
import type { Host } from './host.ts';
import { type Body, openAgent, post } from './post.ts';
import { judge, judgeFailure, type Verdict } from './verdict.ts';

export type Courier = {
  /** Of so many metrics; never rejects. */
  readonly deliver: (body: Body, count: number) => Promise<Verdict>;
  /** Cuts every connection. */
  readonly stop: () => void;
};

export function openCourier(endpoint: Endpoint, timeoutMs: number, host: Host): Courier {
  const agent = openAgent(endpoint);
  return {
    deliver: async (body, count) => {
      try {
        return judge(await post(endpoint, agent, body, timeoutMs, host), count, endpoint, host.now());
      } catch (error) {
        return judgeFailure(error);
      }
    },
    stop: () => agent.destroy(),
  };
}
