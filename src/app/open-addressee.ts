/** Opens a dashboard as a configuration asks for it, with everything that its deliveries need. */
import { findKind } from '../dashboards/auto/find-kind.ts';
import { type KindSettings, openDashboard } from '../dashboards/kinds.ts';
import type { Surroundings } from '../dashboards/surroundings.ts';
import { Failure } from '../model/failure.ts';
import type { FindingEvents } from '../model/finding-events.ts';
import { Deliveries } from '../reporter/deliveries.ts';
import type { DeliveryParts } from '../reporter/delivery.ts';
import type { Journal } from '../reporter/journal.ts';
import { Addressee } from './addressee.ts';

const undecided = 'nobody is told anything yet: it could not be found out which kind of dashboard this is';

type Parts = Omit<DeliveryParts, 'dashboard' | 'policy'> & { readonly journal: Journal & FindingEvents };

export function openAddressee(
  settings: KindSettings,
  surroundings: Surroundings,
  parts: Parts,
  before: Addressee | undefined,
): Addressee {
  const open = (known: Exclude<KindSettings, { kind: 'auto' }>) =>
    new Deliveries({ ...parts, dashboard: openDashboard(known, surroundings), policy: known }, before);
  const { journal } = parts;
  const { notices } = parts.ledger;
  const { name } = settings;
  if (settings.kind !== 'auto') {
    notices.undecided(name, undefined);
    return new Addressee(open(settings));
  }
  if (settings.mode === 'paused') {
    // What it is does not matter as long as nothing is told there.
    notices.undecided(name, undefined);
    return new Addressee(undefined, undefined, before);
  }
  journal.undecided(name, undefined);
  return new Addressee(
    undefined,
    async (signal) => {
      try {
        const found = await findKind(settings, surroundings, signal);
        if (signal.aborted) return undefined;
        notices.undecided(name, undefined);
        journal.decided(name, found.kind);
        return open(found);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        if (signal.aborted) return undefined;
        notices.undecided(name, `${undecided}: ${error.message}`);
        journal.undecided(name, error);
        return undefined;
      }
    },
    before,
  );
}
