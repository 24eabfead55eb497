/** Opens a dashboard as a configuration asks for it, with everything that its deliveries need. */
import { findKind } from '../dashboards/auto/find-kind.ts';
import { type KindSettings, openDashboard } from '../dashboards/kinds.ts';
import type { Surroundings } from '../dashboards/surroundings.ts';
import { Deliveries } from '../reporter/deliveries.ts';
import type { DeliveryParts } from '../reporter/delivery.ts';
import { Addressee } from './addressee.ts';

export function openAddressee(
  settings: KindSettings,
  surroundings: Surroundings,
  parts: Omit<DeliveryParts, 'dashboard' | 'policy'>,
  before: Addressee | undefined,
): Addressee {
  const open = (known: Exclude<KindSettings, { kind: 'auto' }>) =>
    new Deliveries({ ...parts, dashboard: openDashboard(known, surroundings), policy: known }, before);
  const { notices } = parts.ledger;
  const { name } = settings;
  if (settings.kind !== 'auto') {
    notices.undecided(name, undefined);
    return new Addressee(open(settings));
  }
  const note = (text: string) => {
    notices.undecided(name, text);
    surroundings.note(text);
  };
  return new Addressee(
    undefined,
    async (signal) => {
      const found = await findKind(settings, { ...surroundings, note }, signal);
      if (found && !signal.aborted) notices.undecided(name, undefined);
      return found && open(found);
    },
    before,
  );
}
