/**
 * Finds out which version of CloudMon's status dashboard answers.
 *
 * Whoever is away, or in trouble, has not answered: nothing is decided then, because a dashboard of the
 * second version also knows the pages of the first.
 */
import assert from 'node:assert';
import { Failure } from '../../model/failure.ts';
import { type Line, openLine } from '../line.ts';
import type { StackmonV1Settings } from '../stackmon-v1/settings.ts';
import { statusPaths } from '../stackmon-v1/status-path.ts';
import type { StackmonV2Settings } from '../stackmon-v2/settings.ts';
import type { Surroundings } from '../surroundings.ts';
import type { AutoSettings } from './settings.ts';

/** Throws a `Failure` where it cannot be told yet: ask again later. */
export async function findKind(
  settings: AutoSettings,
  surroundings: Pick<Surroundings, 'clock' | 'rateOf'>,
  signal: AbortSignal,
): Promise<StackmonV1Settings | StackmonV2Settings> {
  const line = openLine({ settings, surroundings, secret: settings.secret });
  try {
    let refusal: Failure | undefined;
    const hear = (failure: Failure) => {
      if (failure.reason === 'unauthorized') refusal ??= failure;
    };
    const found = await find(settings, (path) => hasList(path, line, signal, hear));
    if (found) return found;
    if (refusal) throw refusal;
    throw new Failure(
      'dashboard',
      'unsupported',
      'neither /v2/components nor component_status is a list: is the URL that of a status dashboard of CloudMon?',
    );
  } finally {
    line.stop();
  }
}

/** A dashboard of this kind has to be found before it is opened. */
export function openAuto(settings: AutoSettings): never {
  assert.fail(`nobody has found out which kind the dashboard ${settings.name} is`);
}

async function find(
  auto: AutoSettings,
  isList: (path: string) => Promise<boolean>,
): Promise<StackmonV1Settings | StackmonV2Settings | undefined> {
  const { path, text, title, description, shared, sendOf, ...common } = auto;
  if (await isList('/v2/components')) {
    const own = { title, description, shared, send: sendOf['stackmon-v2'] };
    return { ...common, ...own, kind: 'stackmon-v2' };
  }
  for (const candidate of statusPaths(path)) {
    if (!(await isList(candidate))) continue;
    return { ...common, text, path: candidate, send: sendOf['stackmon-v1'], kind: 'stackmon-v1' };
  }
  return undefined;
}

/** Whether there is a list. Throws a `Failure` where a later answer may be another one. */
async function hasList(
  path: string,
  line: Line,
  signal: AbortSignal,
  refused: (failure: Failure) => void,
): Promise<boolean> {
  try {
    return Array.isArray(await line.ask(path, undefined, signal));
  } catch (error) {
    const isNo = error instanceof Failure && !error.retryable && error.reason !== 'stopped';
    if (!isNo) throw error;
    refused(error);
    return false;
  }
}
