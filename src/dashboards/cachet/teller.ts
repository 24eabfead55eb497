/** Tells a page of Cachet: one incident for each target, and never one that is known already. */
import type { Answer, Telling } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import type { FindComponent } from '../components.ts';
import { oneByOne, type Settle } from '../one-by-one.ts';
import { jsonOf } from '../said.ts';
import { isRecovery, messageFor } from '../texts.ts';
import { type CachetIncident, fixed, isAboutTarget, isOurs, operational } from './incident.ts';
import { type CachetPage, type OpenIncidents, openedId } from './page.ts';
import type { CachetSettings } from './settings.ts';

export type TellerParts = {
  readonly page: CachetPage;
  readonly findComponent: FindComponent;
  readonly settings: CachetSettings;
  readonly reporterId: string;
};

const closedByOthers = 'the incident was closed by somebody else';
const investigating = 1;

export function cachetTeller(parts: TellerParts) {
  return async (tellings: readonly Telling[], settle: Settle, signal: AbortSignal): Promise<void> => {
    const round = new Round(parts, signal);
    const one = (telling: Telling) => ({
      tellings: [telling],
      tell: async (settleOne: Settle) => settleOne(telling, await round.tell(telling)),
    });
    await oneByOne(tellings.map(one), settle);
  };
}

/** Everything that is told in one go. */
class Round {
  readonly #parts: TellerParts;
  readonly #signal: AbortSignal;
  readonly #open = new Map<'all' | 'ours', OpenIncidents>();
  readonly #openOf = new Map<string, readonly CachetIncident[]>();
  readonly #closed = new Set<string>();

  constructor(parts: TellerParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  async tell(telling: Telling): Promise<Answer> {
    const { reference, isDoubted } = telling;
    const mustLook = !isNews(telling) || isDoubted;
    const id = reference ?? (mustLook ? await this.#lookFor(telling) : undefined);
    if (id === undefined) return isNews(telling) ? this.#create(telling) : this.#over(telling, undefined);
    const incident = await this.#parts.page.incident(id, this.#signal);
    if (!incident || incident.status === fixed) return this.#over(telling, incident);
    return telling.action.type === 'close' ? this.#close(telling, incident) : this.#change(telling, incident);
  }

  async #create({ action, isWanted }: Telling): Promise<Answer> {
    const { page, findComponent } = this.#parts;
    const component = await findComponent(action.reading.target, this.#signal);
    if (!/^\d{1,15}$/.test(component)) {
      const text = `the id ${component} of ${action.reading.target.component} is no number`;
      throw new Failure('dashboard', 'unknown_component', text);
    }
    const answer = await page.create(page.openingOf(action, component), this.#signal, isWanted);
    const reference = openedId(jsonOf(answer.body));
    const outcome = answer.status === 409 ? 'known' : 'sent';
    return { outcome, httpStatus: answer.status, ...(reference !== undefined && { reference }) };
  }

  /**
   * Once the component is set its message follows, wanted or not: the next telling starts from what was
   * acknowledged, and nobody would set back a component that was changed without it.
   */
  async #change({ action, told, isDoubted, isWanted }: Telling, incident: CachetIncident): Promise<Answer> {
    const { page, settings } = this.#parts;
    const { id, messages, componentStatus } = incident;
    const message = messageFor(action, settings);
    const status = settings.severity[action.status];
    const isOtherwise = messages.length === 1 && (componentStatus ?? status) !== status;
    // An answer was lost, or the incident was found only now.
    const mayBeSaid = isDoubted || told === undefined || action.type === 'open';
    const isSaid = mayBeSaid && messages.at(-1) === message && !isOtherwise;
    // What is in doubt may have ended between the component and the message.
    if (isSaid && !isDoubted) return { outcome: 'known', reference: id };
    const component = await this.#componentOf(action, incident);
    if (component !== undefined) {
      await page.setComponent(incident, component, status, this.#signal, isWanted);
    }
    if (isSaid) return { outcome: 'known', reference: id };
    const mayStop = component === undefined ? isWanted : undefined;
    const answer = await page.update(id, incident.status || investigating, message, this.#signal, mayStop);
    return { outcome: 'sent', reference: id, httpStatus: answer.status };
  }

  /**
   * Once the component is well the incident is closed, wanted or not: what is ill again begins anew, and would
   * not be told where we thought that the page still shows it.
   */
  async #close({ action, isWanted }: Telling, incident: CachetIncident): Promise<Answer> {
    const { page, settings } = this.#parts;
    const component = await this.#componentOf(action, incident);
    let note: string | undefined;
    let mayStop: typeof isWanted | undefined = isWanted;
    if (component !== undefined && !(await this.#isOfOthers(component, incident.id))) {
      note = await this.#heal(incident, component, isWanted);
      mayStop = undefined;
    }
    const message = messageFor(action, settings);
    const answer = await page.update(incident.id, fixed, message, this.#signal, mayStop);
    await page.seal(incident.id, this.#signal);
    this.#closed.add(incident.id);
    const told: Answer = { outcome: 'sent', reference: incident.id, httpStatus: answer.status };
    return note === undefined ? told : { ...told, note };
  }

  /** Returns what an operator should know: a component that is gone keeps no incident open. */
  async #heal(
    incident: CachetIncident,
    component: string,
    isWanted: () => boolean,
  ): Promise<string | undefined> {
    try {
      await this.#parts.page.setComponent(incident, component, operational, this.#signal, isWanted);
      return undefined;
    } catch (error) {
      if (!(error instanceof Failure) || error.reason !== 'rejected') throw error;
      return `its component could not be set: ${error.message}`;
    }
  }

  /**
   * An incident that is over stays so until its target has recovered, or has become worse; but what we closed
   * ourselves begins anew, and in doubt we may have opened another one since.
   */
  async #over(telling: Telling, incident: CachetIncident | undefined): Promise<Answer> {
    const { action, told, isDoubted } = telling;
    const newer = isDoubted ? await this.#newerThan(incident, telling) : undefined;
    if (newer) return action.type === 'close' ? this.#close(telling, newer) : this.#change(telling, newer);
    if (action.type === 'close') return this.#overAtClose(telling, incident);
    const isNew = told === undefined || this.#isWorse(telling, incident);
    if (isNew || (isDoubted && this.#isRecovered(incident))) return this.#create(telling);
    return { outcome: 'known', note: closedByOthers };
  }

  /** What was in doubt may be the very message that closed it. */
  async #overAtClose(telling: Telling, incident: CachetIncident | undefined): Promise<Answer> {
    const { told, isDoubted } = telling;
    const isInDoubt = isDoubted || told === undefined;
    if (isInDoubt && incident) await this.#parts.page.seal(incident.id, this.#signal);
    const isOurEnd = isInDoubt && this.#isRecovered(incident);
    if (told !== undefined && !isOurEnd) await this.#reset(telling, incident);
    return { outcome: 'known', ...(!isInDoubt && { note: closedByOthers }) };
  }

  #isRecovered(incident: CachetIncident | undefined): boolean {
    return isRecovery(incident?.messages.at(-1), this.#parts.settings);
  }

  async #newerThan(
    incident: CachetIncident | undefined,
    telling: Telling,
  ): Promise<CachetIncident | undefined> {
    const id = await this.#lookFor(telling);
    if (id === undefined || id === incident?.id) return undefined;
    const newer = await this.#parts.page.incident(id, this.#signal);
    return newer?.status === fixed ? undefined : newer;
  }

  /** Worse than it has ever been in that incident. */
  #isWorse({ action, told }: Telling, incident: CachetIncident | undefined): boolean {
    if (told === undefined || action.status <= told) return false;
    const { settings } = this.#parts;
    const message = messageFor(action, settings);
    const isTelling = message !== messageFor({ ...action, status: told }, settings);
    return !(isTelling && incident?.messages.includes(message));
  }

  /** Whoever closed the incident may have left the component as we had set it, by that or by an earlier status. */
  async #reset({ action, isWanted }: Telling, incident: CachetIncident | undefined): Promise<void> {
    const { page, settings } = this.#parts;
    const id = await this.#componentOf(action, incident);
    const component = id === undefined ? undefined : await page.component(id, this.#signal);
    const isAsWeSet = component && Object.values(settings.severity).includes(component.status);
    if (!isAsWeSet || (await this.#isOfOthers(component.id, incident?.id))) return;
    await page.resetComponent(component.id, this.#signal, isWanted);
  }

  /** Cachet 3 keeps a status for each incident and shows the right one; Cachet 2 has but one for all. */
  async #isOfOthers(component: string, incident: string | undefined): Promise<boolean> {
    if (this.#parts.settings.version !== 2) return false;
    const open = await this.#openOnPage('all', async () => component);
    return open.some(({ id, componentId }) => id !== incident && componentId === component);
  }

  /** Undefined where there is no such component any more: its incident is told nevertheless. */
  async #componentOf(
    { reading }: Telling['action'],
    incident: CachetIncident | undefined,
  ): Promise<string | undefined> {
    if (incident?.componentId !== undefined) return incident.componentId;
    try {
      return await this.#parts.findComponent(reading.target, this.#signal);
    } catch (error) {
      if (error instanceof Failure && error.reason === 'unknown_component') return undefined;
      throw error;
    }
  }

  async #lookFor({ action }: Telling): Promise<string | undefined> {
    const { target } = action.reading;
    const open = await this.#openOnPage('ours', () => this.#parts.findComponent(target, this.#signal));
    return open.find((each) => isOurs(each, this.#parts.reporterId) && isAboutTarget(each, target))?.id;
  }

  /**
   * Asked for once, without those that were closed since.
   *
   * @param componentOf whose incidents matter, where not all can be seen
   */
  async #openOnPage(
    what: 'all' | 'ours',
    componentOf: () => Promise<string>,
  ): Promise<readonly CachetIncident[]> {
    const known = this.#open.get(what) ?? (await this.#parts.page.open(what, this.#signal));
    this.#open.set(what, known);
    const component = known.ofComponent && (await componentOf());
    const older =
      component === undefined
        ? []
        : (this.#openOf.get(component) ?? (await known.ofComponent?.(component, this.#signal)) ?? []);
    if (component !== undefined) this.#openOf.set(component, older);
    return [...known.incidents, ...older].filter(({ id }) => !this.#closed.has(id));
  }
}

/** As far as we know the page knows nothing of it. */
function isNews({ action, told }: Telling): boolean {
  return told === undefined && action.type !== 'close';
}
