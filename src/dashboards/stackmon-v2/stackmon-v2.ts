/**
 * The kind `stackmon-v2`: CloudMon's status dashboard with events, which several components may share.
 *
 * What is told is compared with the open events first; closing comes before changing, and that before
 * opening, so that nothing joins an event that is being closed. Every step may be the last one before a
 * crash: the next attempt finds what it has done and goes on from there.
 */
import type { SharedDashboard, Telling, Told } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import { openLine } from '../line.ts';
import { oneByOne, type Settle } from '../one-by-one.ts';
import { authorizer } from '../stackmon/authorization.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Changing, lowerings, raisings } from './changing.ts';
import { closings } from './closing.ts';
import { type ComponentIds, openComponentIds } from './component-ids.ts';
import type { Desk, Located } from './desk.ts';
import { openEventApi } from './event-api.ts';
import { findings } from './finding.ts';
import { type Need, needOf } from './need.ts';
import { OpenEvents } from './open-events.ts';
import { openings } from './opening.ts';
import { othersOf, withOthers } from './others.ts';
import { previewOf } from './preview.ts';
import { doubt, type Raised, seeRaised, tidy } from './read-back.ts';
import type { StackmonV2Settings } from './settings.ts';

export function openStackmonV2(settings: StackmonV2Settings, surroundings: Surroundings): SharedDashboard {
  const { clock, pollIntervalMs, note } = surroundings;
  const line = openLine({ settings, surroundings, secret: settings.secret });
  const api = openEventApi(line, authorizer(settings, clock));
  const { name: dashboard } = settings;
  const ids = openComponentIds({ dashboard, list: api.components, clock, pollIntervalMs, note });

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: true,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    preview: (action, told) => {
      const { target } = action.reading;
      return previewOf(action, told, ids.known(target) ?? target.component, settings, clock.now());
    },
    tellAll: async (tellings, settleOne, signal, beside) => {
      const told = beside.told();
      const located = await withKnownOthers(
        await locate(tellings, ids, settleOne, signal),
        told,
        ids,
        settleOne,
        signal,
      );
      if (located.length === 0) return;
      const { events, isWhole } = await api.list(signal);
      if (!isWhole) throw tooMany(events.length);
      const nowMs = () => clock.now();
      const others = othersOf(told, located, ids.known, settings);
      const settle = withOthers(settleOne, located, others, beside);
      const desk: Desk = { settings, api, events: new OpenEvents(events), others, nowMs, signal };
      // What could not be closed is still ours, and others of its component go on with it.
      const unclosed = { ...desk, others: othersOf(told, located, ids.known, settings, () => true) };
      await tellLocated(await tidy(located, desk, settle, note), { desk, unclosed }, ids, settle, note);
    },
    find: (targets, signal, known) => findings(targets, { settings, api, ids, known, signal }),
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}

async function tellLocated(
  located: readonly Located[],
  { desk, unclosed }: { readonly desk: Desk; readonly unclosed: Desk },
  ids: ComponentIds,
  settle: Settle,
  note: Surroundings['note'],
): Promise<void> {
  const needs = needsOf(located, desk, settle);
  const closing = needs.flatMap(({ located: each, need }) =>
    need.does === 'close' ? [{ located: each, mine: need.mine }] : [],
  );
  await oneByOne(closings(closing, desk), settle);
  await oneByOne(lowerings(changing(needs, 'lower'), desk), settle);
  await raiseAll(changing(needs, 'raise'), desk, settle, note);

  const left = needsOf(opening(needs), unclosed, settle);
  await raiseAll(changing(left, 'raise'), desk, settle, note);
  await oneByOne(openings(opening(left), desk, ids), settle);
}

type Needing = { readonly located: Located; readonly need: Need };

/** Settles those that need nothing. */
function needsOf(located: readonly Located[], desk: Desk, settle: Settle): readonly Needing[] {
  const needs = located.map((each) => ({ located: each, need: needOf(each, desk) }));
  for (const { located: each, need } of needs) {
    if (need.does === 'nothing') settle(each.telling, need.answer);
  }
  return needs;
}

function changing(needs: readonly Needing[], does: 'lower' | 'raise'): readonly Changing[] {
  return needs.flatMap(({ located, need }) =>
    need.does === does ? [{ located, event: need.event, impact: need.impact }] : [],
  );
}

function opening(needs: readonly Needing[]): readonly Located[] {
  return needs.flatMap(({ located, need }) => (need.does === 'open' ? [located] : []));
}

async function raiseAll(
  raising: readonly Changing[],
  desk: Desk,
  settle: Settle,
  note: Surroundings['note'],
): Promise<void> {
  const raised: Raised[] = [];
  const reported = (located: Located, id: number, httpStatus: number) =>
    void raised.push({ located, id, httpStatus });
  try {
    await oneByOne(raisings(raising, desk, reported), settle);
  } catch (error) {
    const tellings = raised.map(({ located }) => located.telling);
    if (error instanceof Failure) doubt(tellings, error, settle);
    throw error;
  }
  if (raised.length > 0) await seeRaised(raised, desk, settle, note);
}

/** Settles those whose component is not there; the rest goes on. */
async function locate(
  tellings: readonly Telling[],
  ids: ComponentIds,
  settle: Settle,
  signal: AbortSignal,
): Promise<readonly Located[]> {
  const found = await ids.find(
    tellings.map(({ action }) => action.reading.target),
    signal,
  );
  return tellings.flatMap((telling) => {
    const component = found.get(telling.action.reading.target.key);
    if (typeof component === 'number') return [{ telling, component }];
    if (component) settle(telling, component);
    return [];
  });
}

/**
 * Without the list nobody knows which others are the same component: what would end or become less bad has to
 * wait for it.
 */
async function withKnownOthers(
  located: readonly Located[],
  told: readonly Told[],
  ids: ComponentIds,
  settle: Settle,
  signal: AbortSignal,
): Promise<readonly Located[]> {
  const isBetter = ({ telling: { action, told: before } }: Located) =>
    action.type === 'close' || (before !== undefined && before > action.status);
  if (!located.some(isBetter)) return located;
  const found = await ids.find(
    told.map(({ target }) => target),
    signal,
  );
  const unlisted = [...found.values()].find(
    (number) => number instanceof Failure && number.reason !== 'unknown_component',
  );
  if (!(unlisted instanceof Failure)) return located;
  return located.filter((each) => {
    if (isBetter(each)) settle(each.telling, unlisted);
    return !isBetter(each);
  });
}

/** Whoever sees only some of them could take an event for closed that is open. */
function tooMany(count: number): Failure {
  const text = `the dashboard has more than ${count} open events: close old ones there`;
  return new Failure('dashboard', 'rejected', text, { isUnsent: true });
}
