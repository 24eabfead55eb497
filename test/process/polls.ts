/** How late a program asks. What it waited for a processor meanwhile is the machine's own affair. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Convertor, ConvertorRequest } from '../../src/demo/convertor.ts';

export type Polls = {
  /** Resolves when so many have come since the beginning. */
  readonly come: (count: number) => Promise<unknown>;
  /** By how much each missed its second at most, the latest first; of those since the second one. */
  readonly missedMs: () => readonly number[];
};

/** Watches the polls of a program that asks once a second; `isOne` where a cycle asks more than once. */
export function watchPolls(
  convertor: Convertor,
  pid: number,
  isOne: (request: ConvertorRequest) => boolean = () => true,
): Polls {
  const waitedMs: number[] = [];
  void watch().catch((error: unknown) => expect(String(error)).toContain('the peer stopped'));

  async function watch(): Promise<void> {
    for (;;) {
      await convertor.waitForRequest(isOne, waitedMs.length + 1);
      waitedMs.push(waitedForProcessorMs(pid) + waitedForProcessorMs(process.pid));
    }
  }

  return {
    come: (count) => convertor.waitForRequest(isOne, count),
    missedMs: () => {
      const times = convertor.requests.filter(isOne).map(({ timeMs }) => timeMs);
      const waits = times.slice(2).map((timeMs, at) => {
        const meanwhileMs = (waitedMs[at + 2] ?? 0) - (waitedMs[at + 1] ?? 0);
        return timeMs - (times[at + 1] ?? 0) - 1_000 - Math.max(0, meanwhileMs);
      });
      expect(waits.length).toBeGreaterThan(2);
      return waits.sort((a, b) => b - a);
    },
  };
}

/** Of its main thread, since it began; 0 where the system does not say it. */
function waitedForProcessorMs(pid: number): number {
  const path = `/proc/${pid}/schedstat`;
  const [, waitedNs] = existsSync(path) ? readFileSync(path, 'utf8').split(' ') : [];
  return Number(waitedNs ?? 0) / 1e6;
}
