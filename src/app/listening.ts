/** A listener whose troubles are in the log, each once a minute. */
import {
  type Listener,
  type ListenerJournal,
  type ListenerPages,
  type ListenerSettings,
  startListener,
} from '../http/listener.ts';
import type { Clock } from '../model/clock.ts';
import type { Log } from './log.ts';
import { Repeats } from './repeats.ts';

/** @param name begins the lines that speak of it */
export function startLogged(
  name: 'Telemetry' | 'Collector',
  settings: ListenerSettings,
  pages: ListenerPages,
  clock: Clock,
  log: Log,
): Promise<Listener> {
  return startListener(settings, pages, clock, journalOf(name, clock, log));
}

function journalOf(name: string, clock: Clock, log: Log): ListenerJournal {
  const repeats = new Repeats(clock);
  return {
    refused: (client, why) => {
      const count = repeats.count(`client ${client}`, why);
      if (count > 0) log.warn({ client, count }, `${name} did not let a client in: ${why}`);
    },
    bug: bugJournal(clock, log),
  };
}

/** A page or an intake threw. */
export function bugJournal(clock: Clock, log: Log): ListenerJournal['bug'] {
  const repeats = new Repeats(clock);
  return (error) => {
    const { name: kind, message, stack } = error instanceof Error ? error : new Error(String(error));
    const count = repeats.count('bugs', message);
    if (count > 0) log.error({ error: kind, stack, count }, `This is a bug, please report it: ${message}`);
  };
}
