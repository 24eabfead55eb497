/**
 * `show: incidents`: what begins together is one incident, and every change of an incident in one cycle is one
 * look at it and one change.
 *
 * Nothing is changed unseen: an incident that somebody else has closed, or that is gone, stays as it is.
 */
import type { HttpAnswer } from '../../http/ask.ts';
import type { Answer, Telling } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import type { FindComponent } from '../components.ts';
import { oneByOne, type Settle, sendWanted } from '../one-by-one.ts';
import { isSaid, jsonOf } from '../said.ts';
import {
  isAboutTarget,
  isSaidAlready,
  marked,
  memberIn,
  memberOf,
  type PageIncident,
  pageIncident,
} from './incident.ts';
import { changeOf, openingOf, type Placed } from './incident-body.ts';
import { orAlone } from './or-alone.ts';
import type { Page } from './page.ts';
import type { StatuspageSettings } from './settings.ts';
import { Sight } from './sight.ts';
import { componentWord, isWordOfOurs, isWorst } from './wording.ts';

const closedByOthers = 'the incident was closed by somebody else';

export type TellerParts = {
  readonly page: Page;
  readonly findComponent: FindComponent;
  readonly settings: StatuspageSettings;
  readonly reporterId: string;
};

export function incidentTeller(parts: TellerParts) {
  return (tellings: readonly Telling[], settle: Settle, signal: AbortSignal): Promise<void> =>
    new Round(parts, signal).tellAll(tellings, settle);
}

/** Everything that is told in one go. */
class Round {
  readonly #parts: TellerParts;
  readonly #signal: AbortSignal;
  readonly #sight: Sight;
  /** What needs an incident of its own. */
  readonly #fresh: Telling[] = [];

  constructor(parts: TellerParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#sight = new Sight(parts.page, signal);
  }

  async tellAll(tellings: readonly Telling[], settle: Settle): Promise<void> {
    const groups = new Map<string, Telling[]>();
    const gone: Telling[] = [];
    for (const telling of tellings) {
      const id = telling.reference ?? (isNews(telling) ? undefined : await this.#lookFor(telling));
      if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), telling]);
      else if (isNews(telling)) this.#fresh.push(telling);
      else gone.push(telling);
    }
    const ends = gone.map((telling) => ({
      tellings: [telling],
      tell: (settleOne: Settle) => this.#over(telling, undefined, undefined, settleOne),
    }));
    const changes = [...groups].map(([id, group]) => ({
      tellings: group,
      tell: (settleOne: Settle) => this.#change(id, group, settleOne),
    }));
    const opening = { tellings: this.#fresh, tell: (settleOne: Settle) => this.#openAll(settleOne) };
    await oneByOne([...ends, ...changes, opening], settle);
  }

  async #lookFor({ action }: Telling): Promise<string | undefined> {
    const { target } = action.reading;
    const isOurs = ({ mark }: PageIncident) =>
      mark?.id === this.#parts.reporterId &&
      mark.targets.some((member) => member.status > 0 && isAboutTarget(member, target));
    return (await this.#sight.open()).find(isOurs)?.id;
  }

  /**
   * An incident that is over stays so until its target has recovered, or has become worse; but what we closed
   * ourselves begins anew, and in doubt we may have opened another one since.
   */
  async #over(
    telling: Telling,
    id: string | undefined,
    incident: PageIncident | undefined,
    settle: Settle,
  ): Promise<void> {
    const { action, told = 0, isDoubted } = telling;
    const newer = isDoubted ? await this.#lookFor(telling) : undefined;
    if (newer !== undefined && newer !== id) return this.#change(newer, [telling], settle);
    const { type, status } = action;
    const said = memberIn(incident, telling)?.status;
    if (type !== 'close' && (said === 0 || status > Math.max(told, said ?? 0))) {
      this.#fresh.push(telling);
      return;
    }
    if (type === 'close' && said !== 0) await this.#heal(telling, id, incident);
    // What was in doubt may be the very message that closed it.
    const isOurDoing = type === 'close' && (isDoubted || told === 0);
    settle(telling, { outcome: 'known', ...(!isOurDoing && { note: closedByOthers }) });
  }

  /** Whoever ended the incident may have left the component as we had set it: it is well with its target. */
  async #heal(telling: Telling, id: string | undefined, incident: PageIncident | undefined): Promise<void> {
    const { page, settings } = this.#parts;
    if (telling.told === undefined) return;
    const component = await this.#componentOf(telling, incident);
    const word = component === undefined ? undefined : await page.componentWord(component, this.#signal);
    if (component === undefined || word === undefined || !isWordOfOurs(word, settings)) return;
    const open = await this.#sight.open();
    if (open.some((other) => other.id !== id && other.components.has(component))) return;
    await page.changeComponent(component, componentWord(0, settings), this.#signal, telling.isWanted);
  }

  /** Undefined where there is no such component any more. */
  async #componentOf(telling: Telling, incident: PageIncident | undefined): Promise<string | undefined> {
    const known = memberIn(incident, telling)?.component;
    if (known !== undefined) return known;
    try {
      return await this.#parts.findComponent(telling.action.reading.target, this.#signal);
    } catch (error) {
      if (error instanceof Failure && error.reason === 'unknown_component') return undefined;
      throw error;
    }
  }

  async #change(id: string, group: readonly Telling[], settle: Settle): Promise<void> {
    const { page, settings, reporterId } = this.#parts;
    const incident = await page.incident(id, this.#signal);
    if (!incident || incident.isOver) {
      for (const telling of group) {
        await sendWanted([{ telling }], settle, () => this.#over(telling, id, incident, settle));
      }
      return;
    }
    const unknown = group.filter((telling) => {
      const isKnown = isSaidAlready(telling, memberIn(incident, telling));
      if (isKnown) settle(telling, { outcome: 'known', reference: id });
      return !isKnown;
    });
    const placed = await this.#place(unknown, incident, settle);
    await sendWanted(placed, settle, (wanted, isWanted) => {
      const all = async () => {
        const others = (await this.#othersFor(wanted)).filter((other) => other.id !== id);
        const { body, mark } = changeOf(incident, wanted, others, settings, reporterId);
        const metadata = marked(incident.metadata, mark);
        const change = { ...body, metadata };
        const answer = await this.#sight.written(page.change(id, change, this.#signal, isWanted));
        this.#sight.changed(id, mark);
        for (const { telling } of wanted) settle(telling, takenAs(answer, id));
      };
      return orAlone(wanted, settle, all, ({ telling }, settleAlone) =>
        this.#change(id, [telling], settleAlone),
      );
    });
  }

  /** Who is not as bad as can be may leave a component that others need to be worse. */
  async #othersFor(placed: readonly Placed[]): Promise<readonly PageIncident[]> {
    const isAnyMild = placed.some(
      ({ member }) => !isWorst(componentWord(member.status, this.#parts.settings)),
    );
    return isAnyMild ? this.#sight.open() : [];
  }

  /** Where each target is on the page; one that is nowhere holds back nobody else. */
  async #place(
    group: readonly Telling[],
    incident: PageIncident | undefined,
    settle: Settle,
  ): Promise<Placed[]> {
    const placed: Placed[] = [];
    for (const telling of group) {
      const { target } = telling.action.reading;
      try {
        const known = memberIn(incident, telling)?.component;
        const component = known ?? (await this.#parts.findComponent(target, this.#signal));
        placed.push({ telling, member: memberOf(telling.action, component) });
      } catch (error) {
        if (!(error instanceof Failure) || error.reason !== 'unknown_component') throw error;
        settle(telling, error);
      }
    }
    return placed;
  }

  async #openAll(settle: Settle): Promise<void> {
    const first = [...this.#fresh];
    const found = new Map<string, Telling[]>();
    const unseen: Telling[] = [];
    for (const telling of first) {
      const id = telling.isDoubted ? await this.#lookFor(telling) : undefined;
      if (id === undefined) unseen.push(telling);
      else found.set(id, [...(found.get(id) ?? []), telling]);
    }
    for (const [id, group] of found) await this.#change(id, group, settle);
    // One that was found may have been closed before it was changed.
    unseen.push(...this.#fresh.slice(first.length));
    const placed = await this.#place(unseen, undefined, settle);
    for (let from = 0; from < placed.length; from += limits.incidentMembersMax) {
      const together = placed.slice(from, from + limits.incidentMembersMax);
      await sendWanted(together, settle, (wanted, isWanted) => this.#open(wanted, isWanted, settle));
    }
  }

  async #open(placed: readonly Placed[], isWanted: () => boolean, settle: Settle): Promise<void> {
    const { page, settings, reporterId } = this.#parts;
    const all = async () => {
      const { body, mark } = openingOf(placed, await this.#othersFor(placed), settings, reporterId);
      const answer = await this.#sight.written(page.create(body, this.#signal, isWanted));
      const said = jsonOf(answer.body);
      const incident = isSaid(said) ? pageIncident(said) : undefined;
      if (incident) this.#sight.opened({ ...incident, mark });
      else this.#sight.lost();
      for (const { telling } of placed) settle(telling, takenAs(answer, incident?.id));
    };
    await orAlone(placed, settle, all, async (one, settleAlone, { isAmbiguous }) => {
      // An error of the page may have come after it was taken.
      const id = isAmbiguous ? await this.#lookFor(one.telling) : undefined;
      return id === undefined
        ? this.#open([one], one.telling.isWanted, settleAlone)
        : this.#change(id, [one.telling], settleAlone);
    });
  }
}

/** As far as we know the page knows nothing of it. */
function isNews({ action, told }: Telling): boolean {
  return told === undefined && action.type !== 'close';
}

function takenAs({ status: httpStatus }: HttpAnswer, reference: string | undefined): Answer {
  const outcome = httpStatus === 409 ? 'known' : 'sent';
  return { outcome, httpStatus, ...(reference !== undefined && { reference }) };
}
