/** What a signature costs with the key that is imported once, against importing it every time. */
import { secret } from '../configuration.js';
import { ratioRow } from '../table.js';

export async function tokenFigure(workshop) {
  const signing = workshop.startTool('sign', { secret, rounds: 7, count: 3_000 });
  const code = await signing.ended;
  if (code !== 0) throw new Error(signing.printed.stderr);
  const us = JSON.parse(signing.printed.stdout);
  return [
    ratioRow('sign a token', us.ours, us.raw, 'µs', 'jose with the raw secret', 1),
    ratioRow('the same', us.ours, us.hmac, 'µs', 'bare `createHmac`'),
  ];
}
