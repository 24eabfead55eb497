/** The rules about imports are kept, by a tool that saw every module and notices every breach. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './process/program.ts';

type Violation = { readonly rule: { readonly name: string }; readonly from: string; readonly to: string };
type Cruise = {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
};

const rules: { readonly forbidden: readonly { readonly name: string }[] } = createRequire(import.meta.url)(
  '../.dependency-cruiser.cjs',
);

test('the tool sees every module of the program', () => {
  const { modules } = cruise('.');
  const seen = new Set(modules.map(({ source }) => source));
  const present = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src', name));
  expect(present.length).toBeGreaterThan(50);
  expect(present.filter((path) => !seen.has(path))).toEqual([]);
});

/** For each rule an import that it forbids. */
const breaches: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'no-circular': ['src/reporter/cycle.ts', './loop.ts'],
  'client-imports-nothing': ['src/client/post.ts', '../http/ask.ts'],
  'model-imports-nothing': ['src/model/status.ts', '../http/ask.ts'],
  'pages-know-only-model': ['src/pages/html.ts', '../http/ask.ts'],
  'exposition-knows-only-model': ['src/exposition/text.ts', '../reporter/cycle.ts'],
  'maintenance-knows-only-model': ['src/maintenance/windows.ts', '../http/ask.ts'],
  'values-know-only-model': ['src/values/url.ts', '../http/ask.ts'],
  'http-knows-only-model': ['src/http/post.ts', '../reporter/cycle.ts'],
  'features-do-not-know-each-other': ['src/convertor/client.ts', '../reporter/cycle.ts'],
  'config-knows-only-settings': ['src/config/load.ts', '../reporter/cycle.ts'],
  'app-does-not-know-cli-or-demo': ['src/app/daemon.ts', '../demo/server.ts'],
  'nobody-imports-cli': ['src/telemetry/probes.ts', '../cli/io.ts'],
  'demo-does-not-reach-outside-app': ['src/demo/story.ts', '../cli/io.ts'],
  'only-http-opens-sockets': ['src/reporter/delivery.ts', 'node:https'],
  'no-dev-dependencies-in-the-program': ['src/app/log.ts', 'tool'],
  'not-to-unresolvable': ['src/app/watch.ts', './nowhere.ts'],
};

test('every rule has a breach to be tried with', () => {
  expect(Object.keys(breaches).sort()).toEqual(rules.forbidden.map(({ name }) => name).sort());
});

test('the tool notices a breach of every rule', () => {
  const folder = temporaryFolder();
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const path of ['http/ask', 'reporter/cycle', 'demo/server', 'cli/io'])
    write(`src/${path}.ts`, 'export {};\n');
  for (const [from, to] of Object.values(breaches)) write(from, `import '${to}';\n`);
  write('src/reporter/loop.ts', "import './cycle.ts';\n");
  write('node_modules/tool/index.js', '');
  write('node_modules/tool/package.json', '{"name": "tool", "version": "1.0.0"}');
  write('package.json', '{"type": "module", "devDependencies": {"tool": "1.0.0"}}');
  cpSync('tsconfig.json', join(folder, 'tsconfig.json'));

  const found = cruise(folder).summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  for (const [name, [from]] of Object.entries(breaches)) expect(found).toContain(`${name}: ${from}`);
});

function cruise(folder: string): Cruise {
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = ['--config', resolve('.dependency-cruiser.cjs'), '--output-type', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...options], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
