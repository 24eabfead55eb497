/** Asks every peer once, for `check --online`: who does not answer would not answer the daemon either. */
import type { Config } from '../config/config.ts';
import { openConvertor } from '../convertor/client.ts';
import { openAsker } from '../http/ask.ts';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';

/** One sentence for each peer that did not answer. */
export async function askPeers(config: Config, clock: Clock): Promise<readonly string[]> {
  const answers = await Promise.all([
    silence('convertor', () => askConvertor(config, clock)),
    ...config.dashboards
      .filter(({ url }) => url !== '')
      .map((dashboard) => silence(`dashboard ${dashboard.name}`, () => askDashboard(dashboard, clock))),
  ]);
  return answers.filter((sentence) => sentence !== undefined);
}

/** About one target, as a poll would: an answer without data is an answer. */
async function askConvertor({ convertor: settings, reporter }: Config, clock: Clock): Promise<void> {
  const convertor = openConvertor(settings, clock, { asked: () => undefined });
  try {
    for (const target of reporter.targets.slice(0, 1)) await convertor.read(target);
  } finally {
    convertor.stop();
  }
}

/** No kind of this version has something to read: any answer to its base URL shows that it is there. */
async function askDashboard(dashboard: Config['dashboards'][number], clock: Clock): Promise<void> {
  const url = new URL(dashboard.url);
  const asker = openAsker('dashboard', url, dashboard, limits.answerBytesMax, clock);
  try {
    await asker.get(url, {}, dashboard.timeoutMs);
  } finally {
    asker.stop();
  }
}

async function silence(peer: string, ask: () => Promise<void>): Promise<string | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${peer}: ${error.reason}: ${error.message}`;
  }
}
