/** Where a standing is kept: the key of its page, and that of its target on it. Both are JSON in JSON. */

export type Place = {
  readonly page: string;
  readonly dashboard: string;
  /** The page of what is only recorded. */
  readonly isRecord: boolean;
  readonly targetKey: string;
  readonly service: string;
  readonly environment: string;
};

export function pageName(dashboard: string, isRecord: boolean): string {
  return JSON.stringify([dashboard, isRecord]);
}

export function placeKey(page: string, targetKey: string): string {
  return JSON.stringify([page, targetKey]);
}

/** Undefined: it is not the key of a standing. */
export function placeOf(key: string): Place | undefined {
  const [page, targetKey] = pairOf(key);
  const [dashboard, isRecord] = pairOf(page);
  const [service, environment] = pairOf(targetKey);
  if (typeof page !== 'string' || typeof targetKey !== 'string') return undefined;
  if (typeof dashboard !== 'string' || typeof isRecord !== 'boolean') return undefined;
  if (typeof service !== 'string' || typeof environment !== 'string') return undefined;
  return { page, dashboard, isRecord, targetKey, service, environment };
}

/** Empty where it is none. */
export function pairOf(text: unknown): readonly unknown[] {
  if (typeof text !== 'string') return [];
  try {
    const pair: unknown = JSON.parse(text);
    return Array.isArray(pair) && pair.length === 2 ? pair : [];
  } catch {
    return [];
  }
}
