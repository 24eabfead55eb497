/** Which open incidents there are: those to take over, and those that are somebody else's. */
import { readable } from '../../http/readable.ts';
import type { Found, Known, Unowned } from '../../model/dashboard.ts';
import type { AlarmStatus } from '../../model/status.ts';
import type { Target } from '../../model/target.ts';
import type { ComponentIds } from './component-ids.ts';
import type { EventApi } from './event-api.ts';
import type { OpenEvent } from './open-events.ts';
import { isOfTheSystem, isOurs } from './ownership.ts';
import type { StackmonV2Settings } from './settings.ts';

export type FindingParts = {
  readonly settings: StackmonV2Settings;
  readonly api: Pick<EventApi, 'list'>;
  readonly ids: Pick<ComponentIds, 'find'>;
  readonly known: Known;
  readonly signal: AbortSignal;
};

/** Nothing on the dashboard says which reporter opened an event: only `adopt: system` takes any over. */
export async function findings(
  targets: readonly Target[],
  { settings, api, ids, known, signal }: FindingParts,
): Promise<{ readonly ours: readonly Found[]; readonly unowned: readonly Unowned[] }> {
  const { events } = await api.list(signal);
  const isAdopted = (event: OpenEvent) => settings.adopt === 'system' && isOfTheSystem(event, settings);
  const adopted = events.filter(isAdopted);
  const numbers = adopted.length > 0 ? await ids.find(targets, signal) : new Map<string, number>();
  const ours = adopted.flatMap((event) =>
    targets
      .filter((target) => {
        const number = numbers.get(target.key);
        return typeof number === 'number' && event.components.includes(number);
      })
      .map((target) => ({
        target,
        status: statusOf(event.impact, settings),
        reference: String(event.id),
        sinceMs: event.startMs,
      })),
  );
  const taken = new Set(ours.map(({ reference }) => reference));
  const unowned = events
    .filter((event) => !taken.has(String(event.id)) && !isKnown(event, known, settings))
    .map(({ id, title }) => ({
      reference: String(id),
      title: readable(Buffer.from(title), settings.secret),
    }));
  return { ours, unowned };
}

/** By its number, or by where it came from. */
function isKnown(
  event: OpenEvent,
  { references, isDoubted }: Known,
  { title }: Pick<StackmonV2Settings, 'title'>,
): boolean {
  return [undefined, ...references].some((reference) =>
    isOurs(event, { reference, isDoubted }, { adopt: 'ours', title }),
  );
}

/** The lowest status with this impact, else the next one above it, else the highest. */
function statusOf(impact: number, { severity }: Pick<StackmonV2Settings, 'severity'>): AlarmStatus {
  const statuses: readonly AlarmStatus[] = [1, 2, 3];
  return statuses.find((status) => severity[status] >= impact) ?? 3;
}
