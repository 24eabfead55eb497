/** The component that an incident is about: as bad as the worst of our targets, and well when all of them are. */
import type { Telling } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import type { Action } from '../../model/incident.ts';
import type { Status } from '../../model/status.ts';
import type { Target } from '../../model/target.ts';
import type { FindComponent } from '../components.ts';
import { type CachetIncident, isAboutTarget, isOurs, operational } from './incident.ts';
import type { Others } from './others.ts';
import type { CachetPage } from './page.ts';
import type { CachetSettings } from './settings.ts';
import type { Sight } from './sight.ts';

export type ComponentParts = {
  readonly page: CachetPage;
  readonly findComponent: FindComponent;
  readonly settings: CachetSettings;
  readonly reporterId: string;
  readonly sight: Sight;
  readonly others: Others;
  readonly signal: AbortSignal;
};

type Left = {
  readonly isSet: boolean;
  /** What an operator should know: a component that is gone keeps no incident open. */
  readonly note?: string;
};

export type ComponentKeeper = {
  /** While its incident goes on. Returns whether there is such a component. */
  readonly set: (action: Action, incident: CachetIncident, isWanted: () => boolean) => Promise<boolean>;
  /** Before its incident is closed. */
  readonly leave: (action: Action, incident: CachetIncident, isWanted: () => boolean) => Promise<Left>;
  /** Whoever closed the incident may have left it as we had set it, by that or by an earlier status. */
  readonly reset: (telling: Telling, incident: CachetIncident | undefined) => Promise<void>;
};

export function componentKeeper(parts: ComponentParts): ComponentKeeper {
  const { page, settings, reporterId, sight, others, signal } = parts;

  /** Undefined where there is no such component any more: its incident is told nevertheless. */
  async function componentOf(
    { reading }: Action,
    incident: CachetIncident | undefined,
  ): Promise<string | undefined> {
    if (incident?.componentId !== undefined) return incident.componentId;
    try {
      return await parts.findComponent(reading.target, signal);
    } catch (error) {
      if (error instanceof Failure && error.reason === 'unknown_component') return undefined;
      throw error;
    }
  }

  /**
   * By an incident that is not known to be ours. Cachet 3 keeps a status for each incident and shows the right
   * one; Cachet 2 has but one for all.
   */
  async function isHeld(component: string, target: Target, incident: string | undefined): Promise<boolean> {
    if (settings.version !== 2) return false;
    const open = await sight.open('all', async () => component);
    const holding = open.filter(({ id, componentId }) => id !== incident && componentId === component);
    const ailing = holding.length > 0 ? await others.ailing(component, target) : [];
    const isKnown = (each: CachetIncident) =>
      isOurs(each, reporterId) && ailing.some((other) => isAboutTarget(each, other));
    return !holding.every(isKnown);
  }

  return {
    set: async (action, incident, isWanted) => {
      const component = await componentOf(action, incident);
      if (component === undefined) return false;
      const { status } = await others.worstNow(component, action.reading.target, action.status);
      await page.setComponent(incident, component, componentStatus(status, settings), signal, isWanted);
      return true;
    },
    leave: async (action, incident, isWanted) => {
      const { target } = action.reading;
      const component = await componentOf(action, incident);
      if (component === undefined || (await isHeld(component, target, incident.id))) return { isSet: false };
      const left = await others.worstNow(component, target, 0);
      // From now on the page shows what the incident that is left says.
      const shown = { ...incident, componentStatus: left.incident?.componentStatus };
      try {
        await page.setComponent(shown, component, componentStatus(left.status, settings), signal, isWanted);
        return { isSet: true };
      } catch (error) {
        if (!(error instanceof Failure) || error.reason !== 'rejected') throw error;
        // Whatever else is refused may be taken by the next cycle, and nobody sets it once its incident is closed.
        if (await page.component(component, signal)) throw error;
        return { isSet: true, note: `its component could not be set: ${error.message}` };
      }
    },
    reset: async ({ action, isWanted }, incident) => {
      const { target } = action.reading;
      const id = await componentOf(action, incident);
      const component = id === undefined ? undefined : await page.component(id, signal);
      const isAsWeSet = component && Object.values(settings.severity).includes(component.status);
      if (!isAsWeSet || (await isHeld(component.id, target, incident?.id))) return;
      const left = await others.worstNow(component.id, target, 0);
      const status = componentStatus(left.status, settings);
      if (status !== component.status) await page.resetComponent(component.id, status, signal, isWanted);
    },
  };
}

/** How it is shown while its worst target has this status. */
export function componentStatus(status: Status, { severity }: Pick<CachetSettings, 'severity'>): number {
  return status === 0 ? operational : severity[status];
}
