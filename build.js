/**
 * Builds `dist/`: one bundle, split only where the source says `import()`, so
 * that a role loads nothing it does not use.
 */
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import pkg from './package.json' with { type: 'json' };

const { metafile } = await build({
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20.19',
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

// What an earlier build left. Removed last, so that a program that runs from here never misses a file.
for (const name of readdirSync('dist', { recursive: true })) {
  const file = join('dist', name);
  const isCurrent = Object.keys(metafile.outputs).some(
    (output) => output === file || output.startsWith(`${file}/`),
  );
  if (!isCurrent) rmSync(file, { recursive: true, force: true });
}
