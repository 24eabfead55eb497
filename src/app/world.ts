/** What every configuration is given: the surroundings of a role. */
import type { ConvertorJournal } from '../convertor/client.ts';
import type { Inside } from '../convertor/inside.ts';
import type { HistoryJournal } from '../history/history.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import type { FindingEvents } from '../model/finding-events.ts';
import type { Journal } from '../reporter/journal.ts';
import type { StateJournal } from '../state/store.ts';
import type { Host } from '../telemetry/host.ts';

/** Where everything is told that happens. */
export type Diary = Journal & FindingEvents & ConvertorJournal & StateJournal & HistoryJournal;

export type World = {
  /** Of this machine, or of the container. */
  readonly nodeName: string;
  readonly host: Host;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Collects what lived shortly, if that is worth it by now. */
  readonly relieve: () => void;
  readonly journal: Diary;
  /** Where state and history are kept. */
  readonly keeps: {
    /** The folder that a setting means; undefined: none, memory only. */
    readonly find: (setting: string) => Promise<string | undefined>;
    /** What is kept is read, and nothing is written. */
    readonly isRehearsal: boolean;
  };
  /** The convertor in this process, where there is one. */
  readonly inside?: Inside;
  /** Where the kind `console` prints. */
  readonly print: (text: string) => void;
};
