/** Opens a dashboard as a configuration asks for it, with everything that its deliveries need. */
import { findKind } from '../dashboards/auto/find-kind.ts';
import type { AutoSettings } from '../dashboards/auto/settings.ts';
import { type KindSettings, openDashboard } from '../dashboards/kinds.ts';
import type { Surroundings } from '../dashboards/surroundings.ts';
import { Failure } from '../model/failure.ts';
import type { FindingEvents } from '../model/finding-events.ts';
import { type Before, Deliveries } from '../reporter/deliveries.ts';
import type { DeliveryParts } from '../reporter/delivery.ts';
import type { Journal } from '../reporter/journal.ts';
import { Addressee, type Finding } from './addressee.ts';
import { NotFounds } from './not-founds.ts';

const undecided = 'nobody is told anything yet: it could not be found out which kind of dashboard this is';

type Parts = Omit<DeliveryParts, 'dashboard' | 'policy'> & { readonly journal: Journal & FindingEvents };

type KnownSettings = Exclude<KindSettings, { kind: 'auto' }>;

export function openAddressee(
  settings: KindSettings,
  surroundings: Surroundings,
  parts: Parts,
  before: Addressee | undefined,
): Addressee {
  const { notices } = parts.ledger;
  const { name } = settings;
  if (settings.kind !== 'auto') {
    notices.undecided(name, undefined);
    return new Addressee(open(settings, surroundings, parts, before));
  }
  if (settings.mode === 'paused') {
    // What it is does not matter as long as nothing is told there.
    notices.undecided(name, undefined);
    return new Addressee(undefined, undefined, before);
  }
  parts.journal.undecided(name, undefined);
  return new Addressee(undefined, findingFor(settings, surroundings, parts, before), before);
}

function open(
  known: KnownSettings,
  surroundings: Surroundings,
  parts: Parts,
  before: Before | undefined,
): Deliveries {
  return new Deliveries({ ...parts, dashboard: openDashboard(known, surroundings), policy: known }, before);
}

function findingFor(
  settings: AutoSettings,
  surroundings: Surroundings,
  parts: Parts,
  before: Addressee | undefined,
): Finding {
  const { name } = settings;
  const { journal } = parts;
  const { notices } = parts.ledger;
  const notFounds = new NotFounds();
  const heard: Journal & FindingEvents = {
    ...journal,
    attempted: (...attempt) => {
      notFounds.attempted(...attempt);
      journal.attempted(...attempt);
    },
  };
  const blame = (failure: Failure) => {
    notices.undecided(name, `${undecided}: ${failure.message}`);
    journal.undecided(name, failure);
  };
  let is: string | undefined;
  const needed = whileNeeded(before);
  return {
    isDoubted: () => notFounds.areTooMany,
    find: async (signal, current) => {
      notFounds.forget();
      const found = await findKind(settings, surroundings, signal).catch(asFailure);
      if (signal.aborted) return current;
      if (found instanceof Failure) {
        // What it was is told on, and says itself why that fails.
        if (!current) blame(found);
        return current;
      }
      const place = found.kind === 'stackmon-v1' ? found.path : found.kind;
      if (current && place === is) return current;
      is = place;
      notices.undecided(name, undefined);
      journal.decided(name, found.kind);
      return open(found, surroundings, { ...parts, journal: heard }, current ?? needed.before);
    },
  };
}

/**
 * Who may look again lives on: with it would all that were ever replaced. Of who is over only that counts for
 * which the dashboard asked.
 */
function whileNeeded(replaced: Addressee | undefined): { before: Before | undefined } {
  const needed: { before: Before | undefined } = { before: replaced };
  void replaced?.over().then(() => {
    needed.before = { ...over, holds: replaced.holds };
  });
  return needed;
}

/** Made out here, where what is made sees nobody who is replaced. */
const over = { over: () => Promise.resolve(), about: () => [] };

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
