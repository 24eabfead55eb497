/** Who has a directory, when several want it in one process; test/real has many processes. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Claim, claimDirectory } from '../../src/http/claim.ts';
import { type Clock, systemClock } from '../../src/model/clock.ts';
import { temporaryFolder } from '../process/program.ts';

async function claimed(directory: string): Promise<Claim> {
  const claim = await claimDirectory(directory, systemClock);
  onTestFinished(claim.release);
  return claim;
}

/** Whoever wants the directory is told this. */
async function check(directory: string, holder: string, clock: Clock = systemClock): Promise<void> {
  const text = `${directory} is in use by ${holder}: stop it, or name another folder as state_dir`;
  const before = readdirSync(directory);
  await expect(claimDirectory(directory, clock)).rejects.toThrow(text);
  expect(readdirSync(directory)).toEqual(before);
}

const me = `process ${process.pid} on ${hostname()}`;

test('a directory is had once, and again when it is released', async () => {
  const directory = temporaryFolder();
  const claim = await claimed(directory);
  await check(directory, me);
  await claim.release();
  expect(readdirSync(directory)).toEqual([]);
  await claimed(directory);
  await check(directory, me);
});

test('a path that is too long for a socket does, too', async () => {
  const directory = join(temporaryFolder(), 'x'.repeat(200));
  mkdirSync(directory);
  await claimed(directory);
  await check(directory, me);
});

test('what others left there is removed where it is a socket, and only there', async () => {
  const directory = temporaryFolder();
  mkdirSync(join(directory, '.lock-killed'));
  writeFileSync(join(directory, '.lock-killed', 's'), '');
  mkdirSync(join(directory, '.lock-somebody-elses'));
  writeFileSync(join(directory, 'lock-abcdef'), 'no socket');
  await claimed(directory);
  const names = readdirSync(directory).filter((name) => name !== 'lock-abcdef');
  expect(names).toEqual(['.lock-somebody-elses', expect.stringMatching(/^lock-\w{6}$/)]);
});

test('of many who want it at once one gets it, each time', async () => {
  const directory = temporaryFolder();
  for (let round = 0; round < 20; round++) {
    const claims = await Promise.allSettled(
      Array.from({ length: 15 }, () => claimDirectory(directory, systemClock)),
    );
    const had = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
    const why = claims.flatMap((claim) => (claim.status === 'rejected' ? [claim.reason.code] : []));
    expect([had.length, new Set(why)]).toEqual([1, new Set(['state.rejected'])]);
    await had[0]?.release();
  }
  expect(readdirSync(directory)).toEqual([]);
});

/** Something listens there; what it says is `answer`, and then it ends the connection, but for silence. */
async function otherIn(directory: string, name: string, answer: string | undefined): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (answer !== undefined) socket.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(join(directory, name), resolve));
  onTestFinished(() => void server.close());
}

const hasty: Clock = { ...systemClock, after: (ms, task) => systemClock.after(ms / 20, task) };

for (const name of ['lock-000000', 'lock-zzzzzz']) {
  test(`one that is there and says nothing has it (${name})`, async () => {
    const directory = temporaryFolder();
    await otherIn(directory, name, undefined);
    await check(directory, 'another process, which does not answer', hasty);
  });

  test(`one that is there and ends each connection has it (${name})`, async () => {
    const directory = temporaryFolder();
    await otherIn(directory, name, '');
    await check(directory, 'another process, which does not answer', hasty);
  });

  test(`nothing strange that it says is repeated (${name})`, async () => {
    const directory = temporaryFolder();
    await otherIn(directory, name, `holds 1 \u001b[31m${'x'.repeat(100_000)}\n`);
    await check(directory, 'another process, which does not answer', hasty);
  });
}

test('one with a larger name that gives way is no hindrance', async () => {
  const directory = temporaryFolder();
  await otherIn(directory, 'lock-zzzzzz', 'yields\n');
  await claimed(directory);
});

test('where no socket can be made the error of the system says why', async () => {
  const missing = join(temporaryFolder(), 'missing');
  await expect(claimDirectory(missing, systemClock)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(missing)).toBe(false);
});
