/** What is put while lines are made of what was put before. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Pause } from '../../src/model/clock.ts';
import { Book } from '../../src/state/book.ts';
import { nothing } from '../../src/state/contents.ts';

/** A write of `a` and `b` that stops after each line, until it is let on. */
function setUp() {
  const book = new Book(nothing);
  const letOn: (() => void)[] = [];
  const pause: Pause = () => new Promise((resolve) => letOn.push(resolve));
  book.put('a', { told: 1 });
  book.put('b', { told: 2 });
  const written = book.write(pause);
  const goOn = async () => {
    for (let lines = 0; lines < 2; lines++) {
      letOn.shift()?.();
      await turn();
    }
    await written;
  };
  return { book, letOn, goOn };
}

test.each(['a', 'b'])('%s that is forgotten while it is being written is forgotten', async (key) => {
  const { book, goOn } = setUp();
  book.put(key, undefined);
  await goOn();
  await book.write(() => undefined);
  expect(book.takeAll().join('')).not.toContain(`"${key}"`);
});

test('what was never put leaves no trace when it is forgotten during a write', async () => {
  const { book, goOn } = setUp();
  book.put('c', undefined);
  await goOn();
  book.takeNews();
  expect(book.hasNews).toBe(false);
});

test('what was written and forgotten leaves no trace when it is forgotten again', async () => {
  const { book, goOn } = setUp();
  await goOn();
  book.put('a', undefined);
  await book.write(() => undefined);
  book.takeNews();
  book.put('a', undefined);
  expect(book.hasNews).toBe(false);
});

test('a write goes on only when everything else has had its turn', async () => {
  const { letOn, goOn } = setUp();
  await turn();
  expect(letOn).toHaveLength(1);
  await goOn();
});
