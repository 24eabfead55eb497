/** Availability against a count second by second, which knows nothing of spans. */
import { expect, test } from 'vitest';
import { availabilities, type Kind } from '../../src/history/availability.ts';
import type { Month } from '../../src/history/month.ts';
import { Past } from '../../src/history/past.ts';
import { type Entry, parseEntry } from '../../src/history/record.ts';
import { type Draw, drawing } from '../chance.ts';
import { isoOf, maintenance, observed, secondsOf, simply, type Told } from './story.ts';

const originMs = Date.parse('2026-10-05T00:00:00Z');
const wholeSeconds = 7200;
const half = wholeSeconds / 2;
const at = (second: number) => originMs + second * 1000;

/** Of two hours, with two days of one hour. */
const month: Month = {
  name: '2026-10',
  fromMs: at(0),
  toMs: at(wholeSeconds),
  days: [
    { date: 'first', fromMs: at(0), toMs: at(half) },
    { date: 'second', fromMs: at(half), toMs: at(wholeSeconds) },
  ],
};

/** What is told at a second. */
type Line = { readonly second: number; readonly told: Told };

function storyOf(below: Draw): readonly Line[] {
  const lines: Line[] = [];
  let second = -600 - below(600);
  while (second < wholeSeconds + 600) {
    // Most are as close as heartbeats, some leave a gap, a few set the clock back.
    const step = below(40);
    if (step < 34) second += below(90);
    else if (step < 38) second += below(900);
    else if (step < 39) second = Math.max(-600, second - below(1200));
    lines.push({ second, told: toldOf(second, below) });
  }
  return lines;
}

function toldOf(second: number, below: Draw): Told {
  const time = isoOf(at(second));
  switch (below(16)) {
    case 0:
      return simply(time, 'start');
    case 1:
      return simply(time, 'stop');
    case 2:
      return simply(time, 'ready');
    case 3:
      return simply(time, 'gone', 'api');
    case 4:
    case 5:
      return maintenance(time, isoOf(at(second + below(1200))), isoOf(at(second - below(60))));
    case 6:
      return simply(time, 'maintenance_over', 'api');
    case 7:
    case 8:
    case 9:
      return simply(time, 'alive');
    case 10:
      return observed(time, undefined);
    default:
      return observed(time, below(4));
  }
}

function entryOf({ told }: Line): Entry {
  const entry = parseEntry(JSON.stringify(told));
  if (!entry) throw new Error(`no entry: ${JSON.stringify(told)}`);
  return entry;
}

/** The seconds before the month, too: what was said there holds into it. */
const leadSeconds = 2400;
const kinds: readonly Kind[] = ['healthy', 'degraded', 'outage', 'critical', 'noData'];

/** Paints every second as the rule says it, what is painted later over what is there. */
class Painting {
  readonly #levels = new Array<Kind>(leadSeconds + wholeSeconds).fill('noData');
  readonly #isMaintained = new Array<boolean>(leadSeconds + wholeSeconds).fill(false);
  #level: Kind = 'noData';
  /** From this second on the level is not believed. */
  #believedUntil = Number.POSITIVE_INFINITY;
  #open: { from: number; until: number; isDoubted: boolean } | undefined;
  #last: number | undefined;
  #isStopped = false;

  take({ second, told }: Line): void {
    const { type } = told;
    if (this.#last !== undefined) this.#pass(this.#last, second, type === 'start');
    this.#last = second;
    this.#isStopped = type === 'stop';
    if (type === 'observed')
      this.#believe(kinds[told['status'] === undefined ? 4 : Number(told['status'])] ?? 'noData');
    if (type === 'gone') this.#believe('noData');
    if (type === 'gone' || type === 'maintenance_over') this.#open = undefined;
    if (type === 'ready' && this.#open?.isDoubted) this.#open = undefined;
    if (type === 'maintenance') {
      const seconds = (name: string) => (Date.parse(String(told[name])) - originMs) / 1000;
      const from = Math.min(this.#open?.from ?? Number.POSITIVE_INFINITY, seconds('from'));
      this.#open = { from, until: seconds('until'), isDoubted: false };
      this.#maintain(from, second, true);
    }
  }

  end(): void {
    const last = this.#last ?? 0;
    if (last >= wholeSeconds) return;
    if (this.#isStopped || wholeSeconds - last > 180) {
      this.#believedUntil = Math.min(this.#believedUntil, last + 60);
      this.#unattended(last, wholeSeconds);
    }
    this.#paint(last, wholeSeconds);
  }

  secondsOf(from: number, to: number): Readonly<Record<string, number>> {
    const found: Record<string, number> = {};
    for (let second = from; second < to; second++) {
      const place = second + leadSeconds;
      const kind = this.#isMaintained[place] ? 'maintenance' : (this.#levels[place] ?? 'noData');
      found[kind] = (found[kind] ?? 0) + 1;
    }
    return found;
  }

  #believe(level: Kind): void {
    this.#level = level;
    this.#believedUntil = Number.POSITIVE_INFINITY;
  }

  #pass(last: number, second: number, isStart: boolean): void {
    if (second < last) this.#goBack(second, isStart);
    else this.#goOn(last, second, isStart);
    if (isStart && this.#open) this.#open.isDoubted = true;
  }

  /** Whatever was painted beyond this moment is said anew. */
  #goBack(second: number, isStart: boolean): void {
    if (this.#believedUntil < Number.POSITIVE_INFINITY) this.#believe('noData');
    this.#levels.fill('noData', leadSeconds + second);
    this.#maintain(second, wholeSeconds, false);
    if (isStart) this.#believedUntil = second + 60;
    if (isStart) this.#unattended(second, second);
  }

  #goOn(last: number, second: number, isStart: boolean): void {
    const isSilent = second - last > 180;
    const before = this.#believedUntil;
    if (isStart || isSilent) {
      this.#believedUntil = Math.min(before, last + 60);
      this.#unattended(last, second);
    }
    this.#paint(last, second);
    if (isSilent && !isStart) this.#believedUntil = before;
  }

  /** Paints what is under maintenance until it was meant to be over. */
  #unattended(last: number, second: number): void {
    if (!this.#open || this.#open.until > second) return;
    this.#maintain(last, Math.max(last, this.#open.until), true);
    this.#open = undefined;
  }

  #paint(from: number, to: number): void {
    for (let second = from; second < to; second++) {
      this.#levels[leadSeconds + second] = second < this.#believedUntil ? this.#level : 'noData';
    }
    if (this.#open) this.#maintain(from, to, true);
  }

  #maintain(from: number, to: number, isMaintained: boolean): void {
    for (let second = from; second < to; second++) this.#isMaintained[leadSeconds + second] = isMaintained;
  }
}

for (let seed = 1; seed <= 8; seed++) {
  test(`a hundred histories are counted as second by second, seed ${seed}`, () => {
    const below = drawing(seed);
    for (let turn = 0; turn < 100; turn++) {
      const lines = storyOf(below);
      const past = new Past(month.fromMs);
      const painting = new Painting();
      for (const line of lines) {
        past.take(entryOf(line));
        painting.take(line);
      }
      painting.end();
      const [api] = availabilities(past, month, at(wholeSeconds));
      const [first, second] = api?.days ?? [];
      const context = lines.map(({ second: s, told }) => `${s} ${told.type} ${told['status']}`).join('\n');
      const both = api
        ? [secondsOf(first?.tally), secondsOf(second?.tally)]
        : [{ noData: half }, { noData: half }];
      expect(both, context).toEqual([painting.secondsOf(0, half), painting.secondsOf(half, wholeSeconds)]);
    }
  });
}
