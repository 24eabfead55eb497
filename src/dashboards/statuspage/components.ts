/**
 * `show: components`: the page has no incidents of ours, only components whose status we set.
 *
 * A component is as bad as the worst of its targets.
 */
import type { Answer, Beside, Telling } from '../../model/dashboard.ts';
import type { Status } from '../../model/status.ts';
import { byComponent, type FindComponent } from '../components.ts';
import { type Member, membersOf } from '../members.ts';
import { eachByItself, type Settle } from '../one-by-one.ts';
import type { Page } from './page.ts';
import type { StatuspageSettings } from './settings.ts';
import { componentWord } from './wording.ts';

/** What one round knows of the page's components. */
type Round = {
  /** By the component's id. */
  readonly members: ReadonlyMap<string, readonly Member[]>;
  /** What each component was set to by now. */
  readonly said: Map<string, string>;
  /** The keys of the targets that have had their turn: the others count as they were told before. */
  readonly told: Set<string>;
  readonly signal: AbortSignal;
};

/** Setting a status twice is the same as once: what may have arrived is simply told again. */
export function componentTeller(page: Page, findComponent: FindComponent, settings: StatuspageSettings) {
  const worst = (of: readonly Status[]) => componentWord(Math.max(0, ...of) as Status, settings);

  async function tell({ action, told, isDoubted, isWanted }: Telling, round: Round): Promise<Answer> {
    const { members, said, signal } = round;
    const id = await findComponent(action.reading.target, signal);
    const on = members.get(id) ?? [];
    if (action.type === 'close' && told !== undefined && !isDoubted) {
      const shown = await page.componentWord(id, signal);
      const isAsTold = shown === (said.get(id) ?? worst(on.map((member) => member.told)));
      if (!isAsTold) return { outcome: 'known', note: 'the component was changed by somebody else' };
    }
    const word = worst(on.map((member) => (round.told.has(member.target.key) ? member.soon : member.told)));
    const { status: httpStatus } = await page.changeComponent(id, word, signal, isWanted);
    said.set(id, word);
    return { outcome: httpStatus === 409 ? 'known' : 'sent', reference: id, httpStatus };
  }

  /** What cannot be told leaves its target as it was told before. */
  async function takeTurn(telling: Telling, round: Round): Promise<Answer> {
    const { key } = telling.action.reading.target;
    round.told.add(key);
    try {
      return await tell(telling, round);
    } catch (error) {
      round.told.delete(key);
      throw error;
    }
  }

  return async (
    tellings: readonly Telling[],
    settle: Settle,
    signal: AbortSignal,
    beside: Beside,
  ): Promise<void> => {
    const members = await byComponent(membersOf(tellings, beside), settings.name, (target) =>
      findComponent(target, signal),
    );
    const round: Round = { members, said: new Map(), told: new Set(), signal };
    await eachByItself(tellings, settle, (telling) => takeTurn(telling, round));
  };
}
