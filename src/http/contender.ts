/**
 * One who wants a directory for itself: a socket in it that tells whoever connects what became of that.
 *
 * Who asks before it is decided waits for the answer.
 */
import { chmod, mkdtemp, readlink, rename, rm, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

export type Contender = {
  readonly name: string;
  /** It has the directory. */
  readonly hold: () => void;
  /** It does not, or not any more. */
  readonly leave: () => Promise<void>;
};

export const namePattern = /^lock-[A-Za-z0-9]{6}$/;
/** Where sockets wait until they are listened on; whoever has the directory removes what is left of them. */
export const stagePattern = /^\.lock-[A-Za-z0-9]{6}$/;

const startsMax = 10;

/** @param at the path of a name in the directory, short enough for a socket */
export async function contend(directory: string, at: (name: string) => string): Promise<Contender> {
  const words = await whoWeAre();
  for (let start = 1; ; start++) {
    const stage = await mkdtemp(join(directory, '.lock-'));
    const answering = new Answering();
    try {
      await answering.listen(at(join(basename(stage), 's')));
      await chmod(join(stage, 's'), 0o600);
      const name = basename(stage).slice(1);
      await rename(join(stage, 's'), join(directory, name));
      return {
        name,
        hold: () => answering.decide(`holds ${words}\n`),
        leave: async () => {
          await unlinkGone(join(directory, name));
          answering.decide('yields\n');
          answering.end();
        },
      };
    } catch (error) {
      answering.end();
      // Who just got the directory has swept: it is there to be asked now. Binding says EACCES for ENOENT.
      const { code } = error as NodeJS.ErrnoException;
      const isSwept = code === 'ENOENT' || code === 'EACCES';
      if (!isSwept || start === startsMax) throw error;
    } finally {
      await rm(stage, { recursive: true, force: true });
    }
  }
}

class Answering {
  readonly #server: Server;
  readonly #waiting = new Set<Socket>();
  #answer: string | undefined;

  constructor() {
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      if (this.#answer !== undefined) return void socket.end(this.#answer);
      this.#waiting.add(socket);
      socket.on('close', () => this.#waiting.delete(socket));
      // What it sends is of no interest; without being read its end would not be seen.
      socket.resume();
    });
    // It ends with the process, and never holds it.
    this.#server.unref();
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ path }, () => {
        this.#server.off('error', reject);
        // A connection that could not be accepted: who wanted it asks again.
        this.#server.on('error', () => undefined);
        resolve();
      });
    });
  }

  decide(answer: string): void {
    this.#answer = answer;
    for (const socket of this.#waiting) socket.end(answer);
  }

  end(): void {
    if (this.#server.listening) this.#server.close();
  }
}

async function whoWeAre(): Promise<string> {
  let number = '';
  try {
    // In a container others see another number: the name of the host helps to find it.
    number = await readlink('/proc/self');
  } catch {
    // Only Linux tells.
  }
  return `${number} ${hostname()}`;
}

export async function unlinkGone(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch {
    // It leads nowhere, so it hinders nobody.
  }
}
