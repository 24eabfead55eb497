/** What a disk did not do, in words for operators. */
import { Failure, type FailureReason } from '../model/failure.ts';

const known: Readonly<Record<string, readonly [reason: FailureReason, words: string]>> = {
  EACCES: ['unauthorized', 'permission denied; give the folder and what is in it to the user that runs this'],
  EPERM: ['unauthorized', 'not permitted here'],
  EROFS: ['failed', 'the disk is read-only'],
  ENOSPC: ['failed', 'no space is left on the disk'],
  EDQUOT: ['failed', 'the quota of the disk is used up'],
  EIO: ['failed', 'the disk has an error'],
  EMFILE: ['failed', 'this process has too many files open'],
  ENFILE: ['failed', 'this machine has too many files open'],
  ENOENT: ['failed', 'the folder does not exist'],
  ENOTDIR: ['failed', 'what is above it is not a folder'],
  EEXIST: ['failed', 'a file is in its place'],
  EISDIR: ['failed', 'a folder is in its place'],
  EBUSY: ['failed', 'something is mounted in its place'],
};

/** Throws what is no error of the system: that is a bug of ours. */
export function failureOf(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || code === undefined) throw error;
  const [reason, words] = known[code] ?? ['failed', code];
  return new Failure('state', reason, `${what}: ${words}`);
}
