/** What CloudMon's second status dashboard refuses, in its own words; undefined: nothing is wrong. */
import type { DialectEvent, Wanted } from './stackmon-v2-events.ts';

type Body = Readonly<Record<string, unknown>>;

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const types = ['incident', 'maintenance', 'info'];
const openStatuses = ['detected', 'analysing', 'fixing', 'impact changed', 'observing', 'resolved'];
const closedStatuses = ['reopened', 'changed'];
const otherStatuses = ['planned', 'in progress', 'modified', 'completed', 'cancelled'];
const badFilter = 'filter query parameter has an invalid format or value';

/** It looks at the components before anything else. */
export function wrongComponents(json: unknown, known: readonly number[]): string | undefined {
  const components = isBody(json) ? json['components'] : undefined;
  if (!Array.isArray(components) || !components.every(Number.isInteger) || components.length === 0) {
    return 'component invalid format: json: cannot unmarshal into Go struct field Components.components of type []int';
  }
  const unknown = components.find((each) => !known.includes(each));
  return unknown === undefined ? undefined : `component does not exist, component_id: ${unknown}`;
}

/** The first that applies. */
type Complaints = readonly (readonly [applies: boolean, words: string])[];

export function wrongReport(json: unknown, nowMs: number): string | undefined {
  if (!isBody(json)) return 'EOF';
  const { title, impact, start_date: startDate, end_date: endDate, type, updates, system } = json;
  const isIncident = type === 'incident';
  return firstOf([
    [!isText(title), missing('IncidentData.Title', 'required')],
    [!isImpact(impact), missing('IncidentData.Impact', impact === undefined ? 'required' : 'lte')],
    [!isTime(startDate), missing('IncidentData.StartDate', 'required')],
    [!types.includes(String(type)), missing('IncidentData.Type', type ? 'oneof' : 'required')],
    [
      isIncident !== Number(impact) > 0,
      "impact must be 0 for type 'maintenance' or 'info' and gt 0 for 'incident'",
    ],
    [isIncident && endDate !== undefined, 'event end_date should be empty'],
    [isIncident && Date.parse(String(startDate)) > nowMs, 'event start_date should not be in the future'],
    [type === 'maintenance' && !isTime(endDate), 'maintenance end_date is empty'],
    [Array.isArray(updates) && updates.length > 0, 'event updates should be empty'],
    [system === true && !isIncident, "system incident must be of type 'incident'"],
  ]);
}

/** A body that nothing is wrong with. */
export function wantedBy(json: unknown): Wanted {
  const body = json as Body;
  const { title, description, impact, components, start_date: startDate, end_date: endDate } = body;
  return {
    title: String(title),
    description: typeof description === 'string' ? description : '',
    impact: Number(impact),
    components: components as readonly number[],
    startMs: Date.parse(String(startDate)),
    ...(endDate !== undefined && { endMs: Date.parse(String(endDate)) }),
    system: body['system'] === true,
    type: body['type'] as Wanted['type'],
  };
}

export function wrongChange(json: unknown, event: DialectEvent, asksVersion: boolean): string | undefined {
  if (!isBody(json)) return 'EOF';
  const { message, status, update_date: updateDate, version } = json;
  return firstOf([
    [!isText(message), missing('PatchIncidentData.Message', 'required')],
    [!isText(status), missing('PatchIncidentData.Status', 'required')],
    [!isTime(updateDate), missing('PatchIncidentData.UpdateDate', 'required')],
    [asksVersion && !Number.isInteger(version), missing('PatchIncidentData.Version', 'required')],
    ...(event.type === 'incident' ? wrongIncidentChange(json, event) : wrongOtherChange(json, event)),
  ]);
}

function wrongIncidentChange(
  { status, impact, start_date: startDate }: Body,
  event: DialectEvent,
): Complaints {
  const isClosed = event.endMs !== undefined;
  const isNewImpact = impact !== undefined && impact !== event.impact;
  return [
    [impact === 0, 'can not change impact to 0'],
    [impact !== undefined && !isImpact(impact), missing('PatchIncidentData.Impact', 'lte')],
    [isClosed && !closedStatuses.includes(String(status)), 'wrong status for closed incident'],
    [!isClosed && !openStatuses.includes(String(status)), 'wrong status for incident'],
    [!isClosed && isNewImpact && status !== 'impact changed', 'wrong status for changing impact'],
    [!isClosed && startDate !== undefined, 'can not change start date for open incident'],
  ];
}

function wrongOtherChange({ status }: Body, { type }: DialectEvent): Complaints {
  return [[!otherStatuses.includes(String(status)), `wrong status for ${type}`]];
}

function firstOf(complaints: Complaints): string | undefined {
  return complaints.find(([applies]) => applies)?.[1];
}

export function wrongExtract(json: unknown, event: DialectEvent): string | undefined {
  const components = isBody(json) ? (json['components'] as readonly number[]) : [];
  const absent = components.find((each) => !event.components.includes(each));
  if (absent !== undefined) return `component ${absent} is not in the incident`;
  return components.length === event.components.length
    ? 'can not move all components to the new incident, keep at least one'
    : undefined;
}

/** Which events somebody wants to see. */
export function wrongFilter(query: Readonly<Record<string, string>>): string | undefined {
  const { active, type, system, impact, components, page, limit, status } = query;
  const isFine =
    [undefined, 'true'].includes(active) &&
    (type ?? 'incident').split(',').every((each) => types.includes(each)) &&
    [undefined, 'true', 'false'].includes(system) &&
    /^[0-3]$/.test(impact ?? '0') &&
    (components ?? '1').split(',').every((each) => /^[1-9]\d*$/.test(each) && Number(each) <= 2_048) &&
    /^[1-9]\d*$/.test(page ?? '1') &&
    [undefined, '10', '20', '50'].includes(limit) &&
    [undefined, ...openStatuses, ...closedStatuses, ...otherStatuses].includes(status);
  return isFine ? undefined : badFilter;
}

function isBody(json: unknown): json is Body {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && time.test(value) && !Number.isNaN(Date.parse(value));
}

function isImpact(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 3;
}

function missing(field: string, tag: string): string {
  const [, name = ''] = field.split('.');
  return `Key: '${field}' Error:Field validation for '${name}' failed on the '${tag}' tag`;
}
