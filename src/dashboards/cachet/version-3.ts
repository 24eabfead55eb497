/** Cachet 3: JSON:API under `/api`, a bearer token with abilities. */
import { Failure } from '../../model/failure.ts';
import type { Line } from '../line.ts';
import { idOf, isSaid, type Said, textOf } from '../said.ts';
import type { Surroundings } from '../surroundings.ts';
import { messageFor, titleFor } from '../texts.ts';
import {
  type CachetIncident,
  fixed,
  investigating,
  markFilter,
  markOf,
  metaByName,
  metaOf,
  operational,
} from './incident.ts';
import { type CachetComponent, type CachetPage, commonWays, componentIn, openAsking } from './page.ts';
import type { CachetSettings } from './settings.ts';

const prefix = '/api';
const limit =
  'Cachet 3 shows a component as it was when its incident began, until that is fixed: the new severity stands in the update and in the component’s own status';

export function openVersion3(
  line: Line,
  settings: CachetSettings,
  { reporterId, note }: Pick<Surroundings, 'reporterId' | 'note'>,
): CachetPage {
  const asking = openAsking(line, prefix, async () => ({
    authorization: `Bearer ${settings.token.reveal()}`,
  }));
  const { one, list, write } = asking;

  let isToldOfLimit = false;

  async function setStatus(
    id: string,
    status: number,
    signal: AbortSignal,
    isWanted: () => boolean,
  ): Promise<void> {
    await write('PUT', componentPlace(id), { status }, signal, isWanted);
  }

  /** Early versions know no metadata and refuse to filter by it: what was lost there may come twice. */
  async function listMarked(place: string, signal: AbortSignal): Promise<readonly Said[]> {
    try {
      return await list(place, signal);
    } catch (error) {
      if (!(error instanceof Failure) || error.httpStatus !== 400) throw error;
      note('this Cachet does not tell whose an incident is: update it to 3.x with metadata');
      return [];
    }
  }

  return {
    prefix,
    ...commonWays(asking, componentOf),
    open: async (what, signal) => {
      const ours = what === 'ours' ? `&${markFilter(reporterId)}` : '';
      const place = `/incidents?filter[status]=0,1,2,3${ours}&include=meta,components`;
      const incidents = (await listMarked(place, signal)).flatMap(incidentOf);
      // An update may have ended it although its own status was not changed: the filter does not see that.
      return { incidents: incidents.filter(({ status }) => status !== fixed) };
    },
    incident: async (id, signal) => {
      const said = await one(`/incidents/${encodeURIComponent(id)}?include=updates,components`, signal);
      return said && incidentOf(said)[0];
    },
    openingOf: (action, component, status) => ({
      name: titleFor(action, settings),
      status: investigating,
      message: messageFor(action, settings),
      visible: settings.visible,
      notifications: settings.notify,
      components: [{ id: Number(component), status }],
      meta: metaOf(action, reporterId),
    }),
    create: (body, signal, isWanted) => write('POST', '/incidents', body, signal, isWanted),
    settingOf: (_, id, status) => ({ place: componentPlace(id), body: { status } }),
    setComponent: async ({ componentStatus: first }, id, status, signal, isWanted) => {
      await setStatus(id, status, signal, isWanted);
      const isShown = status === operational || first === undefined || first === status;
      if (!isShown && !isToldOfLimit) note(limit);
      isToldOfLimit ||= !isShown;
    },
    // Before core 333 an update left the incident's own status, and the page its colour.
    seal: async (id, signal) => {
      await write('PUT', `/incidents/${encodeURIComponent(id)}`, { status: fixed }, signal);
    },
    resetComponent: setStatus,
  };
}

function componentPlace(id: string): string {
  return `/components/${encodeURIComponent(id)}`;
}

function attributesOf(said: Said): Said {
  const { attributes } = said;
  return { ...(isSaid(attributes) ? attributes : {}), id: said['id'] };
}

function componentOf(said: Said): CachetComponent[] {
  const attributes = attributesOf(said);
  return componentIn(attributes, numberIn(attributes['status']));
}

function incidentOf(said: Said): CachetIncident[] {
  const { id: given, name, message, status, visible, stickied, meta } = attributesOf(said);
  const id = idOf(given);
  if (id === undefined) return [];
  const [component] = related(said, 'components');
  const pivot = component && attributesOf(component)['pivot'];
  const updates = related(said, 'updates').sort((a, b) => Number(a['id']) - Number(b['id']));
  return [
    {
      id,
      name: textOf(name),
      status: numberIn(status) ?? 0,
      messages: [textOf(message), ...updates.map((update) => textOf(attributesOf(update)['message']))],
      componentId: component && idOf(component['id']),
      componentStatus: isSaid(pivot) ? numberIn(pivot['component_status']) : undefined,
      visible: Number(visible),
      stickied: stickied === true,
      mark: markOf(metaByName(meta)),
    },
  ];
}

/** What belongs to it, of what came with it. */
function related(said: Said, name: string): Said[] {
  const { relationships, included } = said;
  const relation = isSaid(relationships) ? relationships[name] : undefined;
  const data = isSaid(relation) ? relation['data'] : undefined;
  const links = Array.isArray(data) ? data.filter(isSaid) : [];
  const all = Array.isArray(included) ? included.filter(isSaid) : [];
  return all.filter((each) => links.some(({ id, type }) => id === each['id'] && type === each['type']));
}

/** `{"human": "Fixed", "value": 4}` */
function numberIn(said: unknown): number | undefined {
  const value = isSaid(said) ? said['value'] : said;
  return typeof value === 'number' ? value : undefined;
}
