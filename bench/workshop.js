/**
 * Where a run happens: a temporary folder with a copy of the program, so that a build may
 * go on meanwhile, with the programs that play its peers, and with the certificates.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { generate } from 'selfsigned';
import { startPeer, startProcess } from './process.js';

/** What copies of the program differ in. Each text stands in the bundle once. */
const changes = {
  // A service every second would take hours to be polled often enough.
  quick: {
    find: 'min:"1s",max:"24h"},"From start',
    put: 'min:"1ms",max:"24h"},"From start',
  },
  // Lets the optimising compiler have its way.
  compiled: { find: '"--no-opt"', put: '"--opt"' },
};

export async function openWorkshop() {
  const folder = mkdtempSync(join(tmpdir(), 'cloudmon-reporter-bench-'));
  const running = new Set();
  const certificates = await makeCertificates();
  const file = (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  file('package.json', '{"type":"module"}');
  file('ca.pem', certificates.ca);
  await bundleTools(folder);
  const tool = (name) => join(folder, 'tools', `${name}.js`);
  const keep = (started) => {
    running.add(started);
    started.ended.then(() => running.delete(started));
    return started;
  };

  return {
    file,
    caFile: join(folder, 'ca.pem'),
    tls: certificates.tls,
    /** Path of `cli.js` in a copy of the program that has these changes; none: as shipped. */
    program: (...names) => copyProgram(folder, names),
    start: (args) => keep(startProcess(args)),
    startTool: (name, options, flags = []) =>
      keep(startProcess([...flags, tool(name), JSON.stringify(options)])),
    startPeer: async (name, options) => keep(await startPeer(tool(name), options)),
    close: async () => {
      await Promise.all([...running].map((started) => started.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function copyProgram(folder, names) {
  const copy = join(folder, ['program', ...names].join('-'));
  cpSync('dist', copy, { recursive: true });
  const files = readdirSync(copy, { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const { find, put } of names.map((name) => changes[name])) {
    const paths = files.map((name) => join(copy, name));
    const found = paths.filter((path) => readFileSync(path, 'utf8').includes(find));
    const [path] = found;
    const parts = path === undefined ? [] : readFileSync(path, 'utf8').split(find);
    if (found.length !== 1 || parts.length !== 2) throw new Error(`the program has not exactly one ${find}`);
    writeFileSync(path, parts.join(put));
  }
  return join(copy, 'cli.js');
}

/** The fake peers of the demo are TypeScript, which this version of node cannot run. */
async function bundleTools(folder) {
  const entryPoints = ['servers', 'peers'].flatMap((kind) =>
    readdirSync(join(import.meta.dirname, kind)).map((name) => join(import.meta.dirname, kind, name)),
  );
  await build({
    entryPoints,
    outdir: join(folder, 'tools'),
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    banner: {
      js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);',
    },
    logLevel: 'warning',
  });
}

/** An authority of our own and what it signed for the loopback. */
async function makeCertificates() {
  const wish = { keyType: 'ec', algorithm: 'sha256' };
  const authority = await generate([{ name: 'commonName', value: 'bench authority' }], {
    ...wish,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...wish,
    ca: { cert: authority.cert, key: authority.private },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  return { ca: authority.cert, tls: { cert: server.cert, key: server.private } };
}
