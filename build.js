/**
 * Builds `dist/`: one bundle, split only where the source says `import()`, so
 * that a role loads nothing it does not use.
 */
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import pkg from './package.json' with { type: 'json' };

rmSync('dist', { recursive: true, force: true });
await build({
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
  metafile: false,
  define: { PROGRAM_VERSION: JSON.stringify(pkg.version) },
  banner: {
    // CommonJS parts of the bundle (pino, commander) ask for node's own modules by require().
    js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);',
  },
  logLevel: 'warning',
});
chmodSync('dist/cli.js', 0o755);
