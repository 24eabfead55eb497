/** Kill -9 at random moments: nothing is lost, and nothing is doubled where the dashboard can tell. */
import { setTimeout as passed } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drawing } from '../chance.ts';
import { startKilling } from './killing.ts';
import { start } from './program.ts';

const seed = 20261121;
/** `KILLS=1000 npx vitest run test/process/killing.test.ts` takes a quarter of an hour. */
const kills = Number(process.env['KILLS'] ?? 24);
const killsPerChange = 4;
/** From the start of the process: before it polls, while it tells, after it has told. */
const lifeMsMax = 700;

test(`every dashboard shows the truth after kills at random moments (seed ${seed})`, async () => {
  const draw = drawing(seed);
  const killing = await startKilling();
  for (let count = 0; count < kills; count += killsPerChange) {
    killing.change(draw);
    for (let life = 1; life < killsPerChange; life++) {
      const program = start(['run', '-c', killing.configPath]);
      await passed(draw(lifeMsMax));
      program.signal('SIGKILL');
      await program.ended();
      killing.killed();
    }
    await killing.peace();
    expect(killing.wrong(), `after ${count + killsPerChange} kills`).toEqual([]);
  }
  process.stdout.write(`doubled: ${killing.doubled()} of ${kills}\n`);
}, 3_000_000);
