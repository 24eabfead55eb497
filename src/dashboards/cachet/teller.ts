/** Tells a page of Cachet: one incident for each target, and never one that is known already. */
import type { Answer, Beside, Telling } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import type { FindComponent } from '../components.ts';
import { eachByItself, type Settle } from '../one-by-one.ts';
import { jsonOf } from '../said.ts';
import { isRecovery, messageFor } from '../texts.ts';
import { type ComponentKeeper, componentKeeper, componentStatus } from './component.ts';
import { type CachetIncident, fixed, investigating } from './incident.ts';
import { Others } from './others.ts';
import { type CachetPage, openedId } from './page.ts';
import type { CachetSettings } from './settings.ts';
import { Sight } from './sight.ts';

export type TellerParts = {
  readonly page: CachetPage;
  readonly findComponent: FindComponent;
  readonly settings: CachetSettings;
  readonly reporterId: string;
};

const closedByOthers = 'the incident was closed by somebody else';

export function cachetTeller(parts: TellerParts) {
  return async (
    tellings: readonly Telling[],
    settle: Settle,
    signal: AbortSignal,
    beside: Beside,
  ): Promise<void> => {
    const { page, findComponent, settings } = parts;
    const others = new Others({ page, findComponent, dashboard: settings.name, signal }, tellings, beside);
    const round = new Round(parts, others, signal);
    await eachByItself(tellings, settle, (telling) => round.tell(telling));
  };
}

/** Everything that is told in one go. */
class Round {
  readonly #parts: TellerParts;
  readonly #signal: AbortSignal;
  readonly #sight: Sight;
  readonly #others: Others;
  readonly #components: ComponentKeeper;

  constructor(parts: TellerParts, others: Others, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#sight = new Sight(parts.page, signal);
    this.#others = others;
    this.#components = componentKeeper({ ...parts, sight: this.#sight, others, signal });
  }

  async tell(telling: Telling): Promise<Answer> {
    const answer = await this.#tell(telling);
    this.#others.told(telling.action.reading.target);
    return answer;
  }

  async #tell(telling: Telling): Promise<Answer> {
    const { reference, isDoubted } = telling;
    const mustLook = !isNews(telling) || isDoubted;
    const id = reference ?? (mustLook ? await this.#lookFor(telling) : undefined);
    if (id === undefined) return isNews(telling) ? this.#create(telling) : this.#over(telling, undefined);
    const incident = await this.#parts.page.incident(id, this.#signal);
    if (!incident || incident.status === fixed) return this.#over(telling, incident);
    return telling.action.type === 'close' ? this.#close(telling, incident) : this.#change(telling, incident);
  }

  async #create({ action, isWanted }: Telling): Promise<Answer> {
    const { page, findComponent, settings } = this.#parts;
    const { target } = action.reading;
    const component = await findComponent(target, this.#signal);
    if (!/^\d{1,15}$/.test(component)) {
      const text = `the id ${component} of ${target.component} is no number`;
      throw new Failure('dashboard', 'unknown_component', text);
    }
    const { status } = await this.#others.worstSoon(component, target, action.status);
    const body = page.openingOf(action, component, componentStatus(status, settings));
    const answer = await page.create(body, this.#signal, isWanted);
    this.#others.opened(target);
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
    const { id, messages } = incident;
    const message = messageFor(action, settings);
    // An answer was lost, or the incident was found only now.
    const mayBeSaid = isDoubted || told === undefined || action.type === 'open';
    const isSaid = mayBeSaid && messages.at(-1) === message && !isOtherwise(incident, action, settings);
    // What is in doubt may have ended between the component and the message.
    if (isSaid && !isDoubted) return { outcome: 'known', reference: id };
    const isSet = await this.#components.set(action, incident, isWanted);
    if (isSaid) return { outcome: 'known', reference: id };
    const mayStop = isSet ? undefined : isWanted;
    const answer = await page.update(id, incident.status || investigating, message, this.#signal, mayStop);
    return { outcome: 'sent', reference: id, httpStatus: answer.status };
  }

  /**
   * Once the component is set the incident is closed, wanted or not: what is ill again begins anew, and would
   * not be told where we thought that the page still shows it.
   */
  async #close({ action, isWanted }: Telling, incident: CachetIncident): Promise<Answer> {
    const { page, settings } = this.#parts;
    const left = await this.#components.leave(action, incident, isWanted);
    const message = messageFor(action, settings);
    const mayStop = left.isSet ? undefined : isWanted;
    const answer = await page.update(incident.id, fixed, message, this.#signal, mayStop);
    await page.seal(incident.id, this.#signal);
    this.#sight.closed(incident.id);
    const told: Answer = { outcome: 'sent', reference: incident.id, httpStatus: answer.status };
    return left.note === undefined ? told : { ...told, note: left.note };
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
    if (told !== undefined && !isOurEnd) await this.#components.reset(telling, incident);
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

  #lookFor({ action }: Telling): Promise<string | undefined> {
    const { target } = action.reading;
    const { findComponent, reporterId } = this.#parts;
    return this.#sight.find(target, reporterId, () => findComponent(target, this.#signal));
  }
}

/** What was said is the same for another status, and that was it when the incident began. */
function isOtherwise(
  { messages, componentStatus: first }: CachetIncident,
  action: Telling['action'],
  settings: CachetSettings,
): boolean {
  const { severity } = settings;
  if (messages.length !== 1 || first === undefined || first === severity[action.status]) return false;
  return ([1, 2, 3] as const).some(
    (status) =>
      severity[status] === first &&
      messageFor({ ...action, status }, settings) === messageFor(action, settings),
  );
}

/** As far as we know the page knows nothing of it. */
function isNews({ action, told }: Telling): boolean {
  return told === undefined && action.type !== 'close';
}
