/** The collector of the program itself, as the telemetry is given it: it tells whether what is made up is true. */
import { fingerprint } from '../../src/app/fingerprint.ts';
import { openCollector } from '../../src/collector/collector.ts';
import { loadCollectConfig } from '../../src/config/load.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { CollectorParts } from '../../src/telemetry/collector-parts.ts';
import { FakeClock } from '../fake-clock.ts';
import { file } from '../process/program.ts';

/** @param sources are asked once */
export async function realCollector(sources: readonly object[] = []): Promise<CollectorParts> {
  const { config } = await loadCollectConfig([file(JSON.stringify({ collector: { sources } }))], {});
  if (!config) throw new Error('the configuration did not load');
  const nothing = () => undefined;
  const journal = {
    hearsIngested: () => false,
    ingested: nothing,
    cleaned: nothing,
    capped: nothing,
    datasourceFailed: () => undefined,
    questionFailed: () => undefined,
    datasourceRecovered: () => undefined,
    sourceFailed: nothing,
    sourceLacks: nothing,
    sourceRecovered: nothing,
  };
  const maintenance = () => openMaintenance([]);
  const parts = { clock: new FakeClock(), journal, nodeName: 'node-1', fingerprint, maintenance };
  const collector = openCollector(config.collector, parts);
  collector.start();
  while (collector.facts().sources.some(({ state }) => state === 'waiting')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await collector.stop();
  return { ...collector, facts: () => ({ ...collector.facts(), url: '', isGuarded: false }) };
}
