/** Tells a key that nobody reads, and which one was probably meant. */
import { limits } from '../model/limits.ts';
import { nearest } from '../values/spelling.ts';
import { keyInside } from './located.ts';
import type { Problem, Where } from './problem.ts';

export function reportUnknownKey(
  place: { readonly section: string; readonly name: string; readonly where: Where },
  known: Iterable<string>,
  problems: Problem[],
): void {
  const { section, name, where } = place;
  // Nobody reads more than the first hundred.
  const meant = problems.length < limits.problemsMax ? nearest(name, known) : undefined;
  const remedy = meant ? `Did you mean ${meant}?` : (special.get(name) ?? 'Take it out');
  const level = guarding.test(section) ? 'error' : 'warning';
  problems.push({ level, where, key: keyInside(section, name), message: 'no such key', remedy });
}

/** Where a key that is misspelt would leave a door open, or keep what all services do from everybody. */
const guarding = /^(?:telemetry\.tls|maintenance\[\d+\])$/;

const special = new Map([['<<', 'YAML 1.2 does not merge with <<: write the keys out']]);
