/** Where the state is kept, by what is set and what is there. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findStateDirectory } from '../../src/state/directory.ts';
import { file, temporaryFolder } from '../process/program.ts';

/** @param expected a folder, or what the failure says */
async function check(
  setting: string,
  environment: string | undefined,
  expected: string | Error,
): Promise<void> {
  const found = findStateDirectory(setting, environment);
  if (typeof expected === 'string') expect(await found).toBe(expected);
  else await expect(found).rejects.toThrow(expected.message);
}

test('a folder that is named is taken', async () => {
  const folder = temporaryFolder();
  await check(folder, '/elsewhere', folder);
  await check(relative('.', folder), undefined, folder);
});

test('a folder that is missing is made, for nobody else, where the one above it is there', async () => {
  const folder = join(temporaryFolder(), 'state');
  await check(folder, undefined, folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const deep = join(folder, 'not', 'there');
  await check(deep, undefined, new Error(`state_dir ${deep} cannot be made: the folder does not exist`));
  expect(existsSync(join(folder, 'not'))).toBe(false);
});

test('a file is no folder', async () => {
  const path = file('text');
  await check(path, undefined, new Error(`state_dir ${path} is not a folder: name another one`));
  const below = join(path, 'below');
  await check(
    below,
    undefined,
    new Error(`state_dir ${below} cannot be made: what is above it is not a folder`),
  );
});

test('auto takes the first folder of systemd', async () => {
  const [first, second] = [temporaryFolder(), temporaryFolder()];
  await check('auto', first, first);
  await check('auto', `${first}:${second}`, first);
  const missing = join(first, 'missing');
  mkdirSync(missing);
  await check('auto', `:${missing}`, missing);
});

test('auto makes no folder of its own', async () => {
  const usual = '/var/lib/cloudmon-reporter';
  const before = existsSync(usual) ? usual : undefined;
  expect(await findStateDirectory('auto', undefined)).toBe(before);
  expect(await findStateDirectory('auto', '')).toBe(before);
  expect(existsSync(usual)).toBe(before !== undefined);
});
