/** The program as a user starts it: a process, its output, its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

export type Program = {
  readonly pid: number;
  /** What was printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The log lines so far; lines that are not JSON are left out. */
  readonly log: () => LogLine[];
  /** The first log line, from the beginning, that matches; rejects when the program ends before. */
  readonly waitForLog: (
    matches: string | RegExp | ((line: LogLine) => boolean),
    count?: number,
  ) => Promise<LogLine>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Exit code and how long after the call the program ended. */
  readonly ended: () => Promise<{
    readonly code: number | null;
    readonly signal: string | null;
    readonly afterMs: number;
  }>;
};

/** A folder of this test's own, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudmon-reporter-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file into a folder of this test's own and returns its path. */
export function file(content: string | Buffer, name = 'config.yaml', folder = temporaryFolder()): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Below those that the system gives away by itself: nobody else gets it before the program does. */
const ports = { first: 10_000, count: 20_000 };
let portsTried = (process.pid * 97) % ports.count;

/** A port that was free a moment ago, for the one setting where 0 means off. */
export async function freePort(): Promise<number> {
  for (;;) {
    portsTried++;
    const port = ports.first + (portsTried % ports.count);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Starts the program; a test that ends takes it with it. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeFlags: readonly string[] = [],
): Program {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [...nodeFlags, 'dist/cli.js', ...args], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return watch(child);
}

/** Runs the program to its end. */
export async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const program = start(args, env);
  const { code, afterMs } = await program.ended();
  return { code, afterMs, stdout: program.stdout(), stderr: program.stderr() };
}

function watch(child: ChildProcess): Program {
  const startedMs = performance.now();
  const printed = { stdout: '', stderr: '' };
  const news = new EventEmitter().setMaxListeners(0);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      news.emit('news');
    });
  }
  const closed = once(child, 'close').then(([code, signal]) => {
    news.emit('news', 'end');
    return { code: code as number | null, signal: signal as string | null, atMs: performance.now() };
  });
  let hasEnded = false;
  void closed.then(() => {
    hasEnded = true;
    news.emit('news');
  });
  const log = () => [...linesOf(printed.stdout), ...linesOf(printed.stderr)];

  return {
    pid: child.pid ?? 0,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    log,
    waitForLog: async (matches, count = 1) => {
      const isMatch = matcher(matches);
      for (;;) {
        const found = log().filter(isMatch)[count - 1];
        if (found) return found;
        if (hasEnded) throw new Error(`ended without it:\n${printed.stdout}${printed.stderr}`);
        await once(news, 'news');
      }
    },
    signal: (name) => void child.kill(name),
    ended: async () => {
      const calledMs = Math.max(startedMs, performance.now());
      const { code, signal, atMs } = await closed;
      return { code, signal, afterMs: Math.max(0, atMs - calledMs) };
    },
  };
}

function linesOf(text: string): LogLine[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      return [JSON.parse(line) as LogLine];
    } catch {
      return [];
    }
  });
}

function matcher(matches: string | RegExp | ((line: LogLine) => boolean)): (line: LogLine) => boolean {
  if (typeof matches === 'function') return matches;
  return ({ msg }) => (typeof matches === 'string' ? msg.includes(matches) : matches.test(msg));
}

export type Setting = {
  readonly convertorUrl: string;
  readonly dashboardUrl: string;
  readonly services: readonly string[];
  readonly secret?: string;
  readonly pollSeconds?: number;
  /** More YAML, with its own top-level keys. */
  readonly more?: string;
  /** More keys of the section, one a line. */
  readonly convertor?: readonly string[];
  readonly dashboard?: readonly string[];
};

/** A configuration for the generic dashboard, as YAML. */
export function yaml(setting: Setting): string {
  const quoted = (text: string) => JSON.stringify(text);
  return [
    'convertor:',
    `  url: ${setting.convertorUrl}`,
    ...(setting.convertor ?? []).map((line) => `  ${line}`),
    'status_dashboard:',
    `  url: ${setting.dashboardUrl}`,
    ...(setting.secret === undefined ? [] : [`  secret: ${quoted(setting.secret)}`]),
    ...(setting.dashboard ?? []).map((line) => `  ${line}`),
    'reporter:',
    `  poll_interval: ${setting.pollSeconds ?? 60}`,
    '  services:',
    ...setting.services.map((name) => `    - {name: ${quoted(name)}, environment: production}`),
    setting.more ?? '',
  ].join('\n');
}
