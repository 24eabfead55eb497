/**
 * Builds `dist/`: the program as one bundle, split only where the source says `import()`, so
 * that a role loads nothing it does not use; and the library for both kinds of modules.
 */
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { declarationsOf } from './build/declarations.js';
import pkg from './package.json' with { type: 'json' };

const target = 'node20.19';
const { metafile } = await build({
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target,
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  metafile: true,
  define: { PROGRAM_VERSION: JSON.stringify(pkg.version), 'Intl.ListFormat': 'PlainList' },
  inject: ['build/plain-list.js'],
  banner: {
    // CommonJS parts of the bundle (pino, commander) ask for node's own modules by require().
    js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);',
  },
  logLevel: 'warning',
});
chmodSync('dist/cli.js', 0o755);

const current = new Set(Object.keys(metafile.outputs));
for (const [format, outfile] of [
  ['esm', 'dist/client/client.js'],
  ['cjs', 'dist/client/client.cjs'],
]) {
  const entryPoints = ['src/client/library.ts'];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target, format, logLevel: 'warning' });
  current.add(outfile);
}
const declarations = declarationsOf('src/client/library.ts');
for (const file of ['dist/client/client.d.ts', 'dist/client/client.d.cts']) {
  writeFileSync(file, declarations);
  current.add(file);
}

// What an earlier build left. Removed last, so that a program that runs from here never misses a file.
for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name);
  const isCurrent = [...current].some((output) => output === file || output.startsWith(`${file}/`));
  if (!isCurrent) rmSync(file, { recursive: true, force: true });
}
