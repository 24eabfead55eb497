/** Lets several hear of the same work: the log, the telemetry, the history. */

/**
 * Says each event to all that listen to it, in their order.
 *
 * @param events has a key for each of them
 */
export function toAll<Events extends object>(
  events: Readonly<Record<keyof Events, unknown>>,
  listeners: readonly Partial<Events>[],
): Events {
  const told = (Object.keys(events) as (keyof Events)[]).map((event) => {
    const hearing = listeners.flatMap((one) => (one[event] as Hear | undefined) ?? []);
    const tell: Hear = (...said) => {
      for (const hear of hearing) hear(...said);
    };
    return [event, hearing.length === 1 ? hearing[0] : tell];
  });
  return Object.fromEntries(told) as Events;
}

type Hear = (...said: readonly unknown[]) => void;
