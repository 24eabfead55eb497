/**
 * Kills the program at random moments while services fail and recover, and compares every dashboard with
 * the truth whenever it may work in peace for a moment.
 */
import { setTimeout as passed } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import type { Status } from '../../src/model/status.ts';
import { drawing } from '../chance.ts';
import { type Book, startBooks } from './books.ts';
import { file as configurationFile, start, temporaryFolder } from './program.ts';

export type Killed = {
  readonly kills: number;
  readonly changes: number;
  /** What a dashboard shows that is not so, or has twice. */
  readonly wrong: readonly string[];
  /** Messages that a dashboard has once more because its answer was lost, and how often that was possible. */
  readonly doubled: { readonly messages: number; readonly possible: number };
};

const services = ['alpha', 'beta', 'gamma'];
const killsPerChange = 3;
/** From the start of the process: before it polls, while it tells, after it has told. */
const lifeMsMax = 700;
const peaceMsMax = 20_000;

export async function killAtRandom(kills: number, seed: number): Promise<Killed> {
  const draw = drawing(seed);
  const convertor = await startConvertor();
  onTestFinished(() => convertor.stop());
  const books = await startBooks(services);
  const file = configurationFile(configuration(convertor.url, books, temporaryFolder()));
  const truth = new Map<string, Status>(services.map((service) => [service, 0]));
  const due = new Map<string, number>();
  const extra = new Map<string, number>();
  const wrong: string[] = [];
  const count = { kills: 0, changes: 0, possible: 0 };

  const owe = (book: Book, service: string, from: Status, to: Status) => {
    const isDue = book.counts === 'messages' || (book.counts === 'incidents' && from === 0 && to > 0);
    const key = `${book.name} ${service}`;
    if (isDue) due.set(key, (due.get(key) ?? 0) + 1);
    if (book.isDumb) extra.set(key, (extra.get(key) ?? 0) + killsPerChange + 1);
  };

  while (count.kills < kills) {
    const service = services[draw(services.length)] ?? 'alpha';
    const from = truth.get(service) ?? 0;
    const to = ((from + 1 + draw(2)) % 3) as Status;
    truth.set(service, to);
    convertor.set(service, 'production', { status: to });
    count.changes++;
    for (const book of books) owe(book, service, from, to);
    for (let life = 0; life < killsPerChange; life++) {
      await liveAndDie(file, passed(draw(lifeMsMax)));
      count.kills++;
    }
    await liveAndDie(
      file,
      Promise.race([allTrue(books, truth), passed(peaceMsMax, undefined, { ref: false })]),
    );
    count.kills++;
    wrong.push(...differences(books, truth, due, extra).map((text) => `after ${count.kills} kills: ${text}`));
    if (wrong.length > 20) break;
  }
  const messages = books
    .filter(({ isDumb }) => isDumb)
    .flatMap((book) =>
      services.map((service) => book.count(service) - (due.get(`${book.name} ${service}`) ?? 0)),
    )
    .reduce((sum, each) => sum + each, 0);
  return { ...count, wrong, doubled: { messages, possible: count.kills } };
}

async function liveAndDie(file: string, life: Promise<unknown>): Promise<void> {
  const program = start(['run', '-c', file]);
  await life;
  program.signal('SIGKILL');
  await program.ended();
}

/** Looks after each request to any of them. */
async function allTrue(books: readonly Book[], truth: ReadonlyMap<string, Status>): Promise<void> {
  const isTrue = (book: Book) => [...truth].every(([service, status]) => shows(book, service, status));
  while (!books.every(isTrue)) await Promise.race(books.map((book) => book.next()));
}

/** Who cannot be told that something is over goes on showing it. */
function shows(book: Book, service: string, status: Status): boolean {
  return book.shown(service) === status || (status === 0 && !book.closes);
}

function differences(
  books: readonly Book[],
  truth: ReadonlyMap<string, Status>,
  due: ReadonlyMap<string, number>,
  extra: ReadonlyMap<string, number>,
): readonly string[] {
  return books.flatMap((book) =>
    [...truth].flatMap(([service, status]) => {
      const key = `${book.name} ${service}`;
      const shown = book.shown(service);
      const owed = due.get(key) ?? 0;
      const most = owed + (extra.get(key) ?? 0);
      const counted = book.counts === 'nothing' ? owed : book.count(service);
      return [
        ...(shows(book, service, status) ? [] : [`${key} is shown as ${shown} and is ${status}`]),
        ...(counted < owed ? [`${key}: ${owed - counted} of ${owed} are lost`] : []),
        ...(counted > most ? [`${key}: ${counted} instead of ${owed}`] : []),
      ];
    }),
  );
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
