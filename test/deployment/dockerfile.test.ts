/** The image: what its Dockerfile promises, and that what it copies is enough to run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../process/program.ts';
import {
  argumentOf,
  argumentsOf,
  assemble,
  buildStage,
  dockerfile,
  instructions,
  lastStage,
  properties,
  relocated,
} from './image.ts';

test('the Dockerfile has no mistakes', () => {
  expect(validate(dockerfile)).toEqual([]);
});

test('nothing stands between the command and the program', () => {
  expect(argumentOf('ENTRYPOINT')).toBe('[]');
  expect(lastStage.some((each) => each.getKeyword() === 'SHELL')).toBe(false);
});

test('without a command the daemon reads its usual configuration', () => {
  expect(JSON.parse(argumentOf('CMD'))).toEqual([
    'cloudmon-reporter',
    '--config',
    '/etc/cloudmon-reporter/config.yaml',
  ]);
});

test('the container says for itself whether it is healthy', () => {
  expect(properties('ENV')).toEqual({ MP_TELEMETRY__PORT: '9090' });
  expect(argumentOf('HEALTHCHECK')).toBe('CMD ["cloudmon-reporter", "healthcheck"]');
});

test('the image runs as a user with a number, who is not root', () => {
  expect(argumentOf('USER')).toBe('65532:65532');
});

test('what is kept lies on a volume, which belongs to the user of the image alone', () => {
  const [folder = ''] = JSON.parse(argumentOf('VOLUME')) as string[];
  expect(folder).toBe('/var/lib/cloudmon-reporter');
  const made = lastStage.findIndex((each) => each.toString().includes(`chown 65532:65532 ${folder}`));
  // What is changed after it is not in the volume.
  expect(made).toBeGreaterThan(-1);
  expect(lastStage.findIndex((each) => each.getKeyword() === 'VOLUME')).toBeGreaterThan(made);
});

test('the image is labelled with the version of the program', () => {
  expect(properties('LABEL')).toMatchObject({
    'org.opencontainers.image.title': pkg.name,
    'org.opencontainers.image.version': pkg.version,
    'org.opencontainers.image.licenses': pkg.license,
  });
});

test('packages are installed exactly as locked, without running scripts of theirs', () => {
  const installs = instructions.filter((each) => argumentsOf(each).includes('npm'));
  expect(installs.map((each) => each.getArgumentsContent())).toEqual([
    'npm ci --ignore-scripts',
    'npm run build',
  ]);
});

test('the build is sent only what the Dockerfile copies', () => {
  const [first, ...sent] = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => /^[^#\s]/.test(line));
  const copied = instructions
    .filter((each) => each.getKeyword() === 'COPY' && !/--from/.test(each.toString()))
    .flatMap((each) => argumentsOf(each).slice(0, -1));
  expect(first).toBe('*');
  expect(sent.sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
  for (const path of copied) expect(existsSync(path), path).toBe(true);
});

test('what the first stage copies is enough to build the program', () => {
  const root = temporaryFolder();
  const folder = join(root, 'build');
  const replay: Readonly<Record<string, () => void>> = {
    'npm ci --ignore-scripts': () => symlinkSync(resolve('node_modules'), join(folder, 'node_modules')),
    'npm run build': () => execFileSync(process.execPath, ['build.js'], { cwd: folder }),
  };
  assemble(root, (line) => replay[line]?.(), buildStage);
  const built = execFileSync(process.execPath, ['dist/cli.js', '--version'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(built).toBe(`${pkg.version}\n`);
});

test('both programs start from what the image holds, through their links, without node_modules', () => {
  const root = temporaryFolder();
  assemble(root, relocated(root));
  expect(readdirSync(join(root, 'opt/cloudmon-reporter')).sort()).toEqual([
    'LICENSE',
    'dist',
    'package.json',
  ]);
  expect(statSync(join(root, 'var/lib/cloudmon-reporter')).mode & 0o777).toBe(0o750);

  const env = { PATH: `${join(root, 'usr/local/bin')}:${dirname(process.execPath)}:/usr/bin:/bin` };
  for (const name of Object.keys(pkg.bin)) {
    expect(execFileSync(name, ['--version'], { env, cwd: '/', encoding: 'utf8' })).toBe(`${pkg.version}\n`);
  }
  const check = spawnSync('cloudmon-reporter', ['healthcheck'], { env, cwd: '/', encoding: 'utf8' });
  expect([check.status, check.stderr]).toEqual([
    1,
    'No telemetry listener is known: set telemetry.port or MP_TELEMETRY__PORT.\n',
  ]);
});
