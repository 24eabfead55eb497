/**
 * Installs the programs that the tests in this folder call, where it may: as root on Debian.
 * Elsewhere it names what is missing and fails, because a test that was skipped looks like one that passed.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Debian package of each program. */
const packages = {
  amtool: 'prometheus-alertmanager',
  'carbon-cache': 'graphite-carbon',
  chromium: 'chromium',
  curl: 'curl',
  go: 'golang-go',
  'graphite-manage': 'graphite-web',
  hostname: 'hostname',
  jq: 'jq',
  kubectl: 'kubernetes-client',
  mount: 'mount',
  nginx: 'nginx',
  openssl: 'openssl',
  prlimit: 'util-linux',
  prometheus: 'prometheus',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  promtool: 'prometheus',
  setpriv: 'util-linux',
  strace: 'strace',
  'systemd-analyze': 'systemd',
  unshare: 'util-linux',
  'victoria-metrics': 'victoria-metrics',
};

/** The Debian package of each Python module. The tests call /usr/bin/python3: another one does not see them. */
const modules = { prometheus_client: 'python3-prometheus-client' };

if (missing().length > 0) install(missing());

/** Each with its package. */
function missing() {
  return [
    ...Object.entries(packages).filter(([program]) => !isInstalled(program)),
    ...Object.entries(modules).filter(([module]) => !isImportable(module)),
  ];
}

function install(wanted) {
  const names = [...new Set(wanted.map(([, name]) => name))];
  const programs = wanted.map(([program]) => program);
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    fail(`missing: ${programs.join(', ')}. On Debian, as root: apt-get install ${names.join(' ')}`);
  }
  console.log(`Installing ${names.join(', ')}`);
  withoutServices(() => {
    apt('update');
    apt('install', '--yes', '--no-install-recommends', ...names);
  });
  const still = missing().map(([program]) => program);
  if (still.length > 0) fail(`still missing after the installation: ${still.join(', ')}`);
}

/** Debian starts a server as soon as it is installed, unless this file, which is none of its own, forbids it. */
function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return work();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  process.on('exit', () => rmSync(policy, { force: true }));
  work();
}

function apt(...args) {
  const { status } = spawnSync('apt-get', ['--quiet', ...args], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) fail(`apt-get ${args[0]} failed`);
}

function isInstalled(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isImportable(module) {
  return spawnSync('/usr/bin/python3', ['-c', `import ${module}`]).status === 0;
}

function fail(why) {
  console.error(`test/real: ${why}`);
  process.exit(1);
}
