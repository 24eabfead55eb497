/** One process has a directory: of many that start at once, across containers, and right after a kill -9. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../process/program.ts';
import { builtChild, type StateProcess, startState } from './state-process.ts';

const processCount = 16;
const directoryCount = 20;

test('of many processes that want a directory at once one gets it, also where one was killed', async () => {
  const child = await builtChild();
  const folder = temporaryFolder();
  const directories = Array.from({ length: directoryCount }, (_, index) => join(folder, String(index)));
  for (const directory of directories) mkdirSync(directory);
  const killed = startState(child, ['race', Date.now(), ...directories.slice(directoryCount / 2)]);
  await killed.until('open', directoryCount / 2);
  await killed.kill();
  const atMs = Date.now() + 6_000;
  const racing = Array.from({ length: processCount }, () =>
    startState(child, ['race', atMs, ...directories]),
  );
  await Promise.all(racing.map((one) => one.until('refused', directoryCount / 4)));
  await Promise.all(racing.map((one) => settled(one)));
  const winners = racing.flatMap((one) => one.said('open').map(([directory]) => String(directory)));
  expect(winners.sort()).toEqual([...directories].sort());
  for (const directory of directories) expect(readdirSync(directory)).toHaveLength(1);
});

async function settled({ said }: StateProcess): Promise<void> {
  while (said('open').length + said('refused').length < directoryCount) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a process in another container has it as well, and its host is named', async () => {
  const child = await builtChild();
  const directory = temporaryFolder();
  const script = 'hostname elsewhere; exec "$@"';
  const namespaces = ['--pid', '--net', '--ipc', '--uts', '--mount', '--fork', '--mount-proc'];
  const holder = startState(child, ['hold', directory], ['unshare', ...namespaces, 'sh', '-c', script, 'sh']);
  await holder.until('open', 1);
  const refused = startState(child, ['hold', directory]);
  await refused.until('refused', 1);
  expect(refused.said('refused')).toEqual([
    [
      directory,
      `${directory} is in use by process 1 on elsewhere: stop it, or name another folder as state_dir`,
    ],
  ]);
});

test('a process that is killed leaves the directory to the next one at once', async () => {
  const child = await builtChild();
  const directory = temporaryFolder();
  for (let life = 0; life < 10; life++) {
    const holder = startState(child, ['hold', directory]);
    await holder.until('open', 1);
    await holder.kill();
  }
  expect(readdirSync(directory)).toHaveLength(1);
});

test('a process that stands still has it', async () => {
  const child = await builtChild();
  const directory = temporaryFolder();
  const holder = startState(child, ['hold', directory]);
  await holder.until('open', 1);
  holder.signal('SIGSTOP');
  const refused = startState(child, ['hold', directory]);
  await refused.until('refused', 1);
  expect(String(refused.said('refused')[0]?.[1])).toContain('another process, which does not answer');
});
