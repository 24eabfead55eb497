/** How deliveries ended, as a history writes it: what repeats itself is only counted. */
import type { Preview } from '../model/dashboard.ts';
import type { DeliveryEvents } from '../model/delivery-events.ts';
import type { Action } from '../model/incident.ts';
import type { Delivered, Recorded } from './record.ts';

/** What was said last about a target at a dashboard. */
type Said = { readonly words: string; unwritten: number };

export class EndedDeliveries {
  readonly #attempts = new Map<string, number>();
  readonly #said = new Map<string, Said>();

  attempted(action: Action): void {
    const key = keyOf(action);
    this.#attempts.set(key, (this.#attempts.get(key) ?? 0) + 1);
  }

  /** Undefined where it is what was written last. */
  delivered(
    ...[action, outcome, failure, answer]: Parameters<DeliveryEvents['delivered']>
  ): Delivered | undefined {
    const attempts = this.#attempts.get(keyOf(action)) ?? 0;
    this.#attempts.delete(keyOf(action));
    const unwritten = this.#news(action, `${outcome} ${failure?.reason}`);
    if (unwritten === undefined) return undefined;
    return {
      type: 'delivered',
      ...decisionOf(action),
      outcome,
      attempts,
      http_status: failure?.httpStatus ?? answer?.httpStatus,
      reference: answer?.reference,
      note: answer?.note,
      reason: failure?.reason,
      detail: failure?.message,
      unwritten: unwritten > 0 ? unwritten : undefined,
    };
  }

  recorded(action: Action, previews: readonly Preview[]): Recorded | undefined {
    if (this.#news(action, 'recorded') === undefined) return undefined;
    const request = previews.map(({ target }) => target).join(', ');
    return { type: 'recorded', ...decisionOf(action), request };
  }

  /** Forgets the targets that are gone. */
  keepOnly(targetKeys: ReadonlySet<string>): void {
    for (const map of [this.#attempts, this.#said]) {
      for (const key of map.keys()) {
        const [target = ''] = JSON.parse(key) as string[];
        if (!targetKeys.has(target)) map.delete(key);
      }
    }
  }

  /** How many were not written since the last one; undefined where this one is as that one. */
  #news(action: Action, end: string): number | undefined {
    const key = keyOf(action);
    const said = this.#said.get(key);
    const about = `${action.incident.id} ${action.status} ${end}`;
    const words = `${action.type} ${about}`;
    const isRepeated = said?.words === words || (action.type === 'repeat' && said?.words.endsWith(about));
    if (said && isRepeated) {
      said.unwritten++;
      return undefined;
    }
    this.#said.set(key, { words, unwritten: 0 });
    return said?.unwritten ?? 0;
  }
}

function keyOf({ incident, reading }: Action): string {
  return JSON.stringify([reading.target.key, incident.dashboard]);
}

/** The incident as the log shortens it. */
function decisionOf({ type, status, incident, reading }: Action): Omit<Recorded, 'type' | 'request'> {
  const { service, environment } = reading.target;
  return {
    service,
    environment,
    dashboard: incident.dashboard,
    action: type,
    status: type === 'close' ? 0 : status,
    incident: incident.id.slice(0, 12),
  };
}
