/** Tells a key that nobody reads, and which one was probably meant. */
import { keyInside } from './located.ts';
import { meantBy } from './meant.ts';
import type { Problem, Where } from './problem.ts';

export function reportUnknownKey(
  place: { readonly section: string; readonly name: string; readonly where: Where },
  known: Iterable<string>,
  problems: Problem[],
): void {
  const { section, name, where } = place;
  const names = [...known];
  const meant = meantBy(name, names, problems);
  const remedy = meant ? `Did you mean ${meant}?` : (special.get(name) ?? otherwise(name, names));
  const level = guarding.test(section) ? 'error' : 'warning';
  problems.push({ level, where, key: keyInside(section, name), message: 'no such key', remedy });
}

function otherwise(name: string, known: readonly string[]): string {
  if (known.includes('1') && known.includes('degraded')) return otherStatus(name, known);
  return known.length > listedMax ? 'Take it out' : `Take it out; there are ${known.join(', ')}`;
}

/** Keys of a section that are worth a list. */
const listedMax = 8;

/** In a section with a value for each status. */
function otherStatus(name: string, known: readonly string[]): string {
  const remedy = 'Use 1, 2 and 3, or degraded, outage and critical';
  if (name !== '0' && name !== 'healthy') return remedy;
  return known.includes('recovered') ? 'Use recovered for what is over' : `${remedy}; 0 has none`;
}

/** Where a key that is misspelt would leave a door open, or keep what all services do from everybody. */
const guarding = /^(?:telemetry\.tls|maintenance\[\d+\])$/;

const special = new Map([['<<', 'YAML 1.2 does not merge with <<: write the keys out']]);
