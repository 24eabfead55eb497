/**
 * The incidents of CloudMon's first status dashboard, and what it makes of a component that is not well.
 *
 * An incident gets worse there and never better; components with the same impact share one.
 */
import { printed, type StackmonComponent } from './stackmon-components.ts';

type Update = { readonly status: string; readonly text: string; readonly atMs: number };

export type DialectIncident = {
  readonly id: number;
  readonly text: string;
  /** 0 is a maintenance. */
  impact: number;
  components: readonly StackmonComponent[];
  readonly startMs: number;
  endMs: number | undefined;
  /** Told by a program. */
  readonly system: boolean;
  readonly updates: Update[];
};

export type Report = { readonly text: string; readonly impact: number };

/** `isNews`: otherwise the incident had it already. */
export type Taken = { readonly incident: DialectIncident; readonly isNews: boolean };

const impactWords = ['maintenance', 'minor', 'major', 'outage'];

export class IncidentBook {
  readonly #incidents: DialectIncident[] = [];

  get all(): readonly DialectIncident[] {
    return this.#incidents;
  }

  report(component: StackmonComponent, { impact, text }: Report, nowMs: number): Taken {
    const open = this.#open(nowMs);
    // Of several maintenances only the first is looked at.
    const maintenance = open.find((incident) => incident.impact === 0);
    if (maintenance && holds(maintenance, component)) return { incident: maintenance, isNews: true };
    const manual = open.find(
      (incident) => !incident.system && holds(incident, component) && incident.impact >= impact,
    );
    if (manual) return { incident: manual, isNews: false };
    const systems = open.filter((incident) => incident.system && incident.impact > 0);
    const alike = systems.find((incident) => incident.impact === impact);
    const old = impact === 0 ? undefined : systems.find((incident) => holds(incident, component));
    if (!old && alike) return { incident: this.#join(component, alike, nowMs), isNews: true };
    if (!old) return { incident: this.open({ impact, text, components: [component] }, nowMs), isNews: true };
    if (old.impact >= impact) return { incident: old, isNews: false };
    return { incident: this.#worsen(component, old, alike, { impact, text }, nowMs), isNews: true };
  }

  open(
    {
      impact,
      text,
      components,
      system = true,
      endMs,
    }: Pick<DialectIncident, 'impact' | 'text' | 'components'> &
      Partial<Pick<DialectIncident, 'system' | 'endMs'>>,
    nowMs: number,
  ): DialectIncident {
    const id = this.#incidents.length + 1;
    const incident = { id, text, impact, components, startMs: nowMs, endMs, system, updates: [] };
    this.#incidents.push(incident);
    return incident;
  }

  close(id: number, nowMs: number): void {
    const incident = this.#incidents.find((each) => each.id === id);
    if (!incident) throw new Error(`there is no incident ${id}`);
    incident.endMs = nowMs;
  }

  #open(nowMs: number): readonly DialectIncident[] {
    return this.#incidents.filter(({ endMs = Number.POSITIVE_INFINITY }) => endMs > nowMs);
  }

  #join(component: StackmonComponent, alike: DialectIncident, nowMs: number): DialectIncident {
    say(alike, `${printed(component)} added to ${alike.text}`, nowMs);
    alike.components = [...alike.components, component];
    return alike;
  }

  #worsen(
    component: StackmonComponent,
    old: DialectIncident,
    alike: DialectIncident | undefined,
    { impact, text }: Report,
    nowMs: number,
  ): DialectIncident {
    const isAlone = old.components.length === 1;
    if (isAlone && !alike) {
      say(old, `impact changed from ${impactWords[old.impact]} to ${impactWords[impact]}`, nowMs);
      old.impact = impact;
      return old;
    }
    const to = alike ?? this.open({ impact, text, components: [] }, nowMs);
    say(to, `${printed(component)} moved from ${link(old)}`, nowMs);
    say(old, `${printed(component)} moved to ${link(to)}${isAlone ? ', closed by system' : ''}`, nowMs);
    to.components = [...to.components, component];
    if (isAlone) old.endMs = nowMs;
    else old.components = old.components.filter(({ id }) => id !== component.id);
    return to;
  }
}

function holds({ components }: DialectIncident, { id }: StackmonComponent): boolean {
  return components.some((each) => each.id === id);
}

function say({ updates }: DialectIncident, text: string, atMs: number): void {
  updates.push({ status: 'SYSTEM', text, atMs });
}

function link({ id, text }: DialectIncident): string {
  return `<a href='/incidents/${id}'>${text}</a>`;
}
