/**
 * The claim to a directory: one process has it, until it ends, however it ends.
 *
 * Who wants it listens on a socket in it. A process that is killed takes its listening along, at once and
 * also in another container; the file that stays leads nowhere. Each socket has a name that is not used
 * again and appears when it is listened on already, so removing one that leads nowhere takes nothing from
 * anybody. Of several who want the claim at once each sees the others, or at least the later one sees the
 * earlier: the one with the smaller name goes on, and waits for those with larger names that have not
 * decided yet. Waiting goes one way, so it ends.
 */
import { constants } from 'node:fs';
import { lstat, open, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { type Contender, contend, namePattern, stagePattern, unlinkGone } from './contender.ts';

export type Claim = {
  readonly release: () => Promise<void>;
  /** Whether others would still meet it: somebody may have taken the directory away, or what is in it. */
  readonly isThere: () => Promise<boolean>;
};

/** The path of a name in the directory, short enough for a socket. */
type At = (name: string) => string;

/** Others are asked, and may give way; somebody has it in the end. */
const triesMax = 20;

/** Throws a `Failure` where another process has it, and the error of the system where nobody can have it. */
export async function claimDirectory(directory: string, clock: Clock): Promise<Claim> {
  const way = await wayTo(directory);
  try {
    for (let tries = 0; tries < triesMax; tries++) {
      const own = await contend(directory, way.at);
      const holder = await leaving(own, () => rivalOf(own, directory, way.at, clock));
      if (holder === 'nobody') {
        own.hold();
        await sweep(directory);
        return { release: own.leave, isThere: () => isSocket(join(directory, own.name)) };
      }
      await own.leave();
      if (holder !== 'changing') throw taken(directory, holder.words);
    }
    throw taken(directory, unknownHolder);
  } finally {
    await way.end();
  }
}

const unknownHolder = 'another process';

function taken(directory: string, holder: string): Failure {
  const text = `${directory} is in use by ${holder}: stop it, or name another folder as state_dir`;
  return new Failure('state', 'rejected', text);
}

async function leaving<T>(own: Contender, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await own.leave();
    throw error;
  }
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSocket();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

type Holder = { readonly words: string };

/** Who else has it; `changing`: somebody went before us, and gave way to others. */
async function rivalOf(
  own: Contender,
  directory: string,
  at: At,
  clock: Clock,
): Promise<Holder | 'nobody' | 'changing'> {
  const entries = await readdir(directory, { withFileTypes: true });
  const others = entries.filter((entry) => entry.isSocket() && namePattern.test(entry.name));
  const names = others.map(({ name }) => name).sort();
  for (const name of names) {
    if (name === own.name) continue;
    const goesBefore = name < own.name;
    // It may be waiting for us.
    const met = goesBefore ? () => own.leave() : () => Promise.resolve();
    const said = await decisionOf(at(name), met, clock);
    if (said === 'gone') await unlinkGone(join(directory, name));
    else if (typeof said === 'object') return said;
    else if (goesBefore) return 'changing';
  }
  return 'nobody';
}

type Said = Holder | 'yields' | 'gone';

/** What another one says once it has decided. One that is there and says nothing has it. */
async function decisionOf(path: string, met: () => Promise<void>, clock: Clock): Promise<Said> {
  const limit = new AbortController();
  const cancel = clock.after(limits.claimAnswerMs, () => limit.abort());
  let isMet = false;
  const onConnect = () => {
    isMet = true;
    return met();
  };
  try {
    while (!limit.signal.aborted) {
      const said = await ask(path, onConnect, limit.signal);
      // One that gave way may be gone before its answer is read.
      if (said === 'gone') return isMet ? 'yields' : 'gone';
      if (said !== undefined) return said;
      await new Promise<void>((resolve) => clock.soon(resolve));
    }
    return { words: `${unknownHolder}, which does not answer` };
  } finally {
    cancel();
  }
}

/** Undefined: it is there, and the connection ended without an answer. */
function ask(path: string, met: () => Promise<void>, signal: AbortSignal): Promise<Said | undefined> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ path });
    const stop = () => socket.destroy();
    signal.addEventListener('abort', stop, { once: true });
    socket.setEncoding('latin1');
    socket.on('connect', () => void met().catch(reject));
    socket.on('data', (piece: string) => {
      answer += piece;
      if (answer.length > limits.claimAnswerBytesMax) stop();
    });
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve('gone');
      // It is there, and busy or ending.
      else if (code === 'EAGAIN' || code === 'ECONNRESET' || code === 'EPIPE') resolve(undefined);
      else reject(Object.assign(new Error(`no answer: ${code}`), { code }));
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(said(answer));
    });
  });
}

/** Whoever can write into the directory can answer: no more is shown than a number and a name. */
function said(answer: string): Said | undefined {
  if (answer === 'yields\n') return 'yields';
  const found = /^holds (\d{0,10}) ([\w.-]{0,253})\n$/.exec(answer);
  if (!found) return undefined;
  const [, number, host] = found;
  return { words: number ? `process ${number} on ${host}` : `a process on ${host}` };
}

/** What was left on the way by who was killed there. */
async function sweep(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (stagePattern.test(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** The path of a socket has 108 bytes at most, some of them ours. */
const directoryBytesMax = 80;

async function wayTo(directory: string): Promise<{ readonly at: At; readonly end: () => Promise<void> }> {
  if (Buffer.byteLength(directory) <= directoryBytesMax) {
    return { at: (name) => join(directory, name), end: () => Promise.resolve() };
  }
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  return { at: (name) => `/proc/self/fd/${handle.fd}/${name}`, end: () => handle.close() };
}
