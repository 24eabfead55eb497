/** What an answer other than 200 stands for, in the peer's own words. */
import { expect, test } from 'vitest';
import { refusalOf } from '../../src/http/token-asker.ts';

const answer = (status: number) => ({ status, headers: {}, body: Buffer.from('said') });

test('a good answer is not searched for words', () => {
  const said = () => {
    throw new Error('nobody asks what it says');
  };
  expect(refusalOf('datasource', answer(200), said, 0)).toBeUndefined();
  expect(refusalOf('source', answer(204), said, 0)?.code).toBe('source.garbled');
});

test('another one is told with them', () =>
  expect(refusalOf('datasource', answer(503), () => 'in its words', 0)?.message).toBe(
    'answered 503: in its words',
  ));
