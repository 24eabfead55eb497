/**
 * Installs the programs that the tests in this folder call, where it may: as root on Debian.
 * Elsewhere it names what is missing and fails, because a test that was skipped looks like one that passed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Debian package of each program. */
const packages = {
  chromium: 'chromium',
  kubectl: 'kubernetes-client',
  setpriv: 'util-linux',
  strace: 'strace',
  'systemd-analyze': 'systemd',
  unshare: 'util-linux',
};

const missing = Object.keys(packages).filter((program) => !isInstalled(program));
if (missing.length > 0) install(missing);

function install(programs) {
  const names = [...new Set(programs.map((program) => packages[program]))];
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    fail(`missing: ${programs.join(', ')}. On Debian, as root: apt-get install ${names.join(' ')}`);
  }
  console.log(`Installing ${names.join(', ')}`);
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...names);
  const still = programs.filter((program) => !isInstalled(program));
  if (still.length > 0) fail(`still missing after the installation: ${still.join(', ')}`);
}

function apt(...args) {
  const { status } = spawnSync('apt-get', ['--quiet', ...args], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) fail(`apt-get ${args[0]} failed`);
}

function isInstalled(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function fail(why) {
  console.error(`test/real: ${why}`);
  process.exit(1);
}
