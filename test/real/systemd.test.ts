/** What systemd makes of the unit. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { file, temporaryFolder } from '../process/program.ts';

const name = 'cloudmon-reporter.service';
const unit = readFileSync(join('deploy/systemd', name), 'utf8');

test('systemd finds nothing wrong with the unit', () => {
  const folder = temporaryFolder();
  const program = file('#!/bin/sh\n', 'cloudmon-reporter', folder);
  chmodSync(program, 0o755);
  const here = file(unit.replaceAll('/usr/local/bin/cloudmon-reporter', program), name, folder);
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', here], { encoding: 'utf8' });
  // It reads the units of the machine, too, and not all of Debian's are well.
  const about = stderr.split('\n').filter((line) => !line.startsWith('/lib/systemd/system/'));
  expect([status, stdout, about]).toEqual([0, '', ['']]);
});

test('systemd rates the exposure of the service at 2 of 10 or less', () => {
  const options = ['security', '--offline=true', '--threshold=20', '--no-pager'];
  const { status, stdout } = spawnSync('systemd-analyze', [...options, join('deploy/systemd', name)], {
    encoding: 'utf8',
  });
  expect(status, stdout).toBe(0);
});

test('the unit lets the program make every system call that it makes', async () => {
  const trace = join(temporaryFolder(), 'trace');
  const convertor = await startConvertor();
  onTestFinished(convertor.stop);
  convertor.set('api', 'production', { status: 2 });
  const config = file(
    [
      `convertor: {url: "${convertor.url}"}`,
      'status_dashboard: {url: "http://127.0.0.1:1", secret: of-no-use, retries: 0}',
      'reporter: {services: [{name: api, environment: production}]}',
      'telemetry: {port: 0}',
    ].join('\n'),
  );
  const program = [process.execPath, 'dist/cli.js', 'run', '--once', '-c', config];
  const STATE_DIRECTORY = temporaryFolder();
  const options = ['-f', '-qq', '-e', 'signal=none', '-o', trace];
  const env = { ...process.env, STATE_DIRECTORY };
  await once(spawn('strace', [...options, ...program], { env, stdio: 'ignore' }), 'close');
  expect(readdirSync(STATE_DIRECTORY)).toContain('state');
  const made = readFileSync(trace, 'utf8').matchAll(/^\d+ +(\w+)\(/gm);
  const calls = [...new Set([...made].map(([, call]) => call ?? ''))];
  for (const call of ['connect', 'listen', 'fdatasync']) expect(calls).toContain(call);
  expect(calls.filter((call) => !isAllowed(call))).toEqual([]);
});

test('the unit has a folder for the state, and lets the program listen on a socket in it', () => {
  const line = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];
  expect(line('StateDirectory')).toBe('cloudmon-reporter');
  expect(line('StateDirectoryMode')).toBe('0700');
  expect(line('RestrictAddressFamilies')?.split(' ')).toContain('AF_UNIX');
  expect(unit).not.toMatch(/MP_REPORTER__STATE_DIR|state_dir/);
});

/** By the unit's SystemCallFilter: one line of sets that are allowed, one, after `~`, of those that are not. */
function isAllowed(call: string): boolean {
  return (allowed.has(call) || always.has(call)) && !denied.has(call);
}

const allowed = new Set(setsOf(/^SystemCallFilter=(@.*)$/m).flatMap(callsOf));
const denied = new Set(setsOf(/^SystemCallFilter=~(.*)$/m).flatMap(callsOf));
const always = new Set(callsOf('@default'));

function setsOf(line: RegExp): readonly string[] {
  return line.exec(unit)?.[1]?.split(' ') ?? [];
}

/** The system calls of a set, and of the sets in it. */
function callsOf(set: string): readonly string[] {
  const printed = execFileSync('systemd-analyze', ['syscall-filter', '--no-pager', set], {
    encoding: 'utf8',
  });
  const names = [...printed.matchAll(/^ +([@\w-]+)$/gm)].map(([, name]) => name ?? '');
  return names.flatMap((name) => (name.startsWith('@') ? callsOf(name) : [name]));
}
