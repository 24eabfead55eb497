/**
 * Services that fail and recover while the program is killed again and again, and a comparison of every
 * dashboard with the truth whenever it may work in peace for a moment.
 */
import { setTimeout as passed } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import type { Status } from '../../src/model/status.ts';
import { readSaved } from '../../src/reporter/saved.ts';
import { readState } from '../../src/state/file.ts';
import type { Draw } from '../chance.ts';
import { type Book, startBooks } from './books.ts';
import { file, start, temporaryFolder } from './program.ts';

const services = ['alpha', 'beta', 'gamma'];
const peaceMsMax = 20_000;

export type Killing = {
  /** The file `state`. */
  readonly statePath: string;
  readonly configPath: string;
  /** One service gets another status. */
  readonly change: (draw: Draw) => void;
  /** The program was killed while it may have told something: an answer may be lost. */
  readonly killed: () => void;
  /**
   * Starts the program, waits until every dashboard shows the truth and the state knows it, or for too long, and
   * kills it.
   */
  readonly peace: () => Promise<void>;
  /** What a dashboard shows that is not so, has lost, or has twice although it can tell. */
  readonly wrong: () => readonly string[];
  /** Messages that a dashboard which cannot tell has once more. */
  readonly doubled: () => number;
};

export async function startKilling(): Promise<Killing> {
  const convertor = await startConvertor();
  onTestFinished(() => convertor.stop());
  const books = await startBooks(services);
  const folder = temporaryFolder();
  const configPath = file(configuration(convertor.url, books, folder));
  const truth = new Map<string, Status>(services.map((service) => [service, 0]));
  /** What each dashboard owes about each service, and how often an answer about it may have been lost. */
  const owed = new Map<string, number>();
  const lost = new Map<string, number>();
  let changing = '';

  const add = (counts: Map<string, number>, key: string, more: number) =>
    counts.set(key, (counts.get(key) ?? 0) + more);

  const facts = () =>
    books.flatMap((book) =>
      [...truth].map(([service, status]) => {
        const key = `${book.name} ${service}`;
        const due = owed.get(key) ?? 0;
        const count = book.counts === 'nothing' ? due : book.count(service);
        const spare = book.isDumb ? (lost.get(service) ?? 0) : 0;
        return { book, service, status, key, due, count, spare, shown: book.shown(service) };
      }),
    );

  return {
    statePath: `${folder}/state`,
    configPath,
    change: (draw) => {
      changing = services[draw(services.length)] ?? 'alpha';
      const from = truth.get(changing) ?? 0;
      const to = ((from + 1 + draw(2)) % 3) as Status;
      truth.set(changing, to);
      convertor.set(changing, 'production', { status: to });
      for (const { name, counts } of books) {
        const isDue = counts === 'messages' || (counts === 'incidents' && from === 0);
        if (isDue) add(owed, `${name} ${changing}`, 1);
      }
    },
    killed: () => void add(lost, changing, 1),
    peace: async () => {
      const program = start(['run', '-c', configPath]);
      const isSettled = allTrue(books, truth).then(() => nothingOpen(folder));
      await Promise.race([isSettled, passed(peaceMsMax, undefined, { ref: false })]);
      program.signal('SIGKILL');
      await program.ended();
      add(lost, changing, 1);
    },
    wrong: () =>
      facts().flatMap(({ book, service, status, key, due, count, spare, shown }) => [
        ...(shows(book, service, status)
          ? []
          : [`${key} is shown as ${shown} and is ${status}`, ...book.trail()]),
        ...(count < due ? [`${key}: ${due - count} of ${due} are lost`, ...book.trail()] : []),
        ...(count > due + spare ? [`${key}: ${count} instead of ${due}`, ...book.trail()] : []),
      ]),
    doubled: () => facts().reduce((sum, { count, due }) => sum + Math.max(0, count - due), 0),
  };
}

/** Looks after each request to any of them. */
async function allTrue(books: readonly Book[], truth: ReadonlyMap<string, Status>): Promise<void> {
  const isTrue = (book: Book) => [...truth].every(([service, status]) => shows(book, service, status));
  while (!books.every(isTrue)) await Promise.race(books.map((book) => book.next()));
}

/** What was answered is on disk: else what is told next is told once more, whatever is killed then. */
async function nothingOpen(folder: string): Promise<void> {
  const isOpen = (value: unknown) => {
    const { intended = [], doubts = [] } = readSaved(value) ?? {};
    return intended.length + doubts.length > 0;
  };
  while ([...(await readState(folder)).kept.values()].some(isOpen)) await passed(5);
}

/** Who cannot be told that something is over goes on showing it. */
function shows(book: Book, service: string, status: Status): boolean {
  return book.shown(service) === status || (status === 0 && !book.closes);
}

function configuration(convertorUrl: string, books: readonly Book[], stateDir: string): string {
  return [
    `convertor: {url: ${convertorUrl}}`,
    'dashboards:',
    ...books.map(({ name, yaml }) => `  ${name}: ${yaml}`),
    'reporter:',
    '  poll_interval: 1',
    `  state_dir: ${stateDir}`,
    `  services: [${services.map((name) => `{name: ${name}}`).join(', ')}]`,
    'log: {level: warn, format: json}',
  ].join('\n');
}
