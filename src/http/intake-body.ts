/**
 * Reads what is brought into one buffer, within its limit and the budget of all.
 *
 * What comes in crumbs is copied together as it comes: a body of single bytes would else take two
 * hundred times its size.
 */
import type { IncomingMessage } from 'node:http';
import { limits } from '../model/limits.ts';
import type { BodyBudget, BodyRoom } from './body-budget.ts';
import type { Admitted } from './judgement.ts';

type Readers = {
  /** The room of the body is the reader's until `release` is called. */
  readonly whole: (body: Buffer, release: () => void) => void;
  /** Nothing more is read. */
  readonly tooLarge: () => void;
  readonly noRoom: () => void;
  /** So many bytes have come, of a body that is not small. */
  readonly come: (bytes: number) => void;
};

const none = Buffer.alloc(0);

/**
 * Calls `whole`, `tooLarge` or `noRoom` once, and nothing where the body breaks off.
 *
 * @returns false where there is no room from the beginning
 */
export function readIntakeBody(
  request: IncomingMessage,
  { bytes: announced, bytesMax }: Pick<Admitted, 'bytes' | 'bytesMax'>,
  budget: BodyBudget,
  on: Readers,
): boolean {
  let room: BodyRoom | undefined;
  let held: Buffer = none;
  let bytes = 0;
  const release = () => room?.release();

  const hasRoom = (wanted: number) => {
    if (wanted <= limits.requestBytesMax) return true;
    if (room) return room.growTo(wanted);
    room = budget.open(wanted);
    if (room) request.once('close', release);
    return room !== undefined;
  };
  const stop = (tell: () => void) => {
    request.off('data', add).off('end', end);
    held = none;
    release();
    tell();
  };
  const add = (chunk: Buffer) => {
    const start = bytes;
    bytes += chunk.length;
    if (bytes > bytesMax) return stop(on.tooLarge);
    if (bytes > limits.requestBytesMax) on.come(bytes);
    // What came at once is handed on as it is.
    if (start === 0) {
      held = chunk;
      return hasRoom(bytes) ? undefined : stop(on.noRoom);
    }
    if (held.length < bytes) {
      const size = announced ?? Math.min(bytesMax, 2 ** Math.ceil(Math.log2(bytes)));
      if (!hasRoom(size)) return stop(on.noRoom);
      const larger = Buffer.allocUnsafeSlow(size);
      held.copy(larger, 0, 0, start);
      held = larger;
    }
    chunk.copy(held, start);
  };
  const end = () => {
    request.off('close', release);
    on.whole(held.length === bytes ? held : held.subarray(0, bytes), release);
  };

  if (announced !== undefined && !hasRoom(announced)) {
    on.noRoom();
    return false;
  }
  request.on('data', add).once('end', end);
  return true;
}
