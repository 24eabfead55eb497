/** Where the state is kept, by what is set and what is there. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findStateDirectory, seeStateDirectory } from '../../src/state/directory.ts';
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

test('a folder that is missing is made with those above it, for nobody else', async () => {
  const folder = join(temporaryFolder(), 'state');
  await check(folder, undefined, folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const deep = join(folder, 'not', 'there');
  await check(deep, undefined, deep);
  for (const made of [deep, join(folder, 'not')]) expect(statSync(made).mode & 0o777).toBe(0o700);
});

test('who only looks makes no folder, and takes no file for one', async () => {
  const folder = join(temporaryFolder(), 'not', 'there');
  expect(await seeStateDirectory(folder, undefined)).toBe(folder);
  expect(existsSync(folder)).toBe(false);
  const path = file('text');
  await expect(seeStateDirectory(path, undefined)).rejects.toThrow('is not a folder: name another one');
  await expect(seeStateDirectory(join(path, 'below'), undefined)).rejects.toThrow(
    'what is above it is not a folder',
  );
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
