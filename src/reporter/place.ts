/** Where a standing is kept: the key of its page, and that of its target on it. Both are JSON in JSON. */

import type { Policy } from '../model/policy.ts';

export type Place = {
  readonly page: string;
  /** The name in the configuration. */
  readonly dashboard: string;
  /** Which page went by that name. */
  readonly mark: string;
  /** The page of what is only recorded. */
  readonly isRecord: boolean;
  readonly targetKey: string;
  readonly service: string;
  readonly environment: string;
};

export function pageName({ name, mark = '' }: Pick<Policy, 'name' | 'mark'>, isRecord: boolean): string {
  return JSON.stringify([name, isRecord, mark]);
}

/** Whether this is the page that the configuration names now. */
export function isPageOf(
  { dashboard, mark }: Pick<Place, 'dashboard' | 'mark'>,
  policy: Pick<Policy, 'name' | 'mark'>,
): boolean {
  return dashboard === policy.name && mark === (policy.mark ?? '');
}

export function placeKey(page: string, targetKey: string): string {
  return JSON.stringify([page, targetKey]);
}

/** Undefined: it is not the key of a standing. */
export function placeOf(key: string): Place | undefined {
  const [page, targetKey] = listOf(key, 2);
  const [service, environment] = listOf(targetKey, 2);
  const names = namesOf(page);
  if (typeof page !== 'string' || typeof targetKey !== 'string' || !names) return undefined;
  if (typeof service !== 'string' || typeof environment !== 'string') return undefined;
  return { page, ...names, targetKey, service, environment };
}

/** What the name of a page says; undefined: it is none. */
export function namesOf(page: unknown): Pick<Place, 'dashboard' | 'isRecord' | 'mark'> | undefined {
  const [dashboard, isRecord, mark] = listOf(page, 3);
  if (typeof dashboard !== 'string' || typeof isRecord !== 'boolean' || typeof mark !== 'string') {
    return undefined;
  }
  return { dashboard, isRecord, mark };
}

/** Empty where it is none. */
export function pairOf(text: unknown): readonly unknown[] {
  return listOf(text, 2);
}

function listOf(text: unknown, length: number): readonly unknown[] {
  if (typeof text !== 'string') return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.length === length ? list : [];
  } catch {
    return [];
  }
}
