/** Cachet 2: plain JSON under `/api/v1`, a token in a header of its own. */
import { Failure } from '../../model/failure.ts';
import type { Line } from '../line.ts';
import { idOf, isSaid, type Said, textOf } from '../said.ts';
import type { Surroundings } from '../surroundings.ts';
import { messageFor, titleFor } from '../texts.ts';
import { type CachetIncident, investigating, markOf, metaByName, metaOf } from './incident.ts';
import {
  type CachetComponent,
  type CachetPage,
  commonWays,
  componentIn,
  type Further,
  openAsking,
  perPage,
} from './page.ts';
import type { CachetSettings } from './settings.ts';

const prefix = '/api/v1';
/** Everything but fixed. */
const openStatuses = [1, 2, 3];

export function openVersion2(
  line: Line,
  settings: CachetSettings,
  { reporterId }: Pick<Surroundings, 'reporterId'>,
): CachetPage {
  const asking = openAsking(line, prefix, async () => ({
    'x-cachet-token': settings.token.reveal(),
  }));
  const { one, first, pages, write } = asking;
  const { notify } = settings;

  /** Only one page of each status: beside a filter, `page` is taken for one more filter. */
  async function newest(filter: string, signal: AbortSignal) {
    const found: CachetIncident[] = [];
    let isWhole = true;
    for (const status of openStatuses) {
      const said = await first(`/incidents?${filter}status=${status}&sort=id&order=desc`, signal);
      found.push(...said.flatMap(incidentOf));
      isWhole &&= said.length < perPage;
    }
    return { incidents: found.filter(({ status }) => openStatuses.includes(status)), isWhole };
  }

  async function ofComponent(id: string, signal: AbortSignal): Promise<readonly CachetIncident[]> {
    const { incidents, isWhole } = await newest(`component_id=${encodeURIComponent(id)}&`, signal);
    if (isWhole) return incidents;
    const text = `${perPage} incidents or more of component ${id} are open: Cachet 2 does not show whether ours is among them; fix the old ones`;
    throw new Failure('dashboard', 'rejected', text, { isUnsent: true });
  }

  /** The whole list can be paged, with what is fixed; what moves on meanwhile comes twice. */
  async function further(signal: AbortSignal): Promise<Further> {
    const incidents: CachetIncident[] = [];
    let isWhole = false;
    try {
      for await (const said of pages('/incidents?sort=id&order=desc', signal)) {
        incidents.push(...said.flatMap(incidentOf).filter(({ status }) => openStatuses.includes(status)));
        isWhole = said.length < perPage;
      }
    } catch (error) {
      // An old page that is too large, or too slow, is so each time: what is newer is not to wait for it.
      if (!(error instanceof Failure) || error.reason === 'stopped') throw error;
      return { incidents, isWhole: false, failure: error };
    }
    return { incidents, isWhole };
  }

  /** What is left out is set to its default: it is sent as it was. */
  const settingOf: CachetPage['settingOf'] = ({ id, status, visible, stickied }, component, shown) => ({
    place: `/incidents/${encodeURIComponent(id)}`,
    body: {
      status,
      visible,
      stickied,
      notify,
      component_id: Number(component),
      component_status: shown,
    },
  });

  return {
    prefix,
    ...commonWays(asking, componentOf),
    open: async (_, signal) => {
      const { incidents, isWhole } = await newest('', signal);
      return isWhole ? { incidents } : { incidents, ofComponent, further };
    },
    incident: async (id, signal) => {
      const said = await one(`/incidents/${encodeURIComponent(id)}`, signal);
      return said && incidentOf(said)[0];
    },
    openingOf: (action, component, status) => ({
      name: titleFor(action, settings),
      message: messageFor(action, settings),
      status: investigating,
      visible: settings.visible ? 1 : 0,
      component_id: Number(component),
      component_status: status,
      notify,
      stickied: false,
      meta: metaOf(action, reporterId),
    }),
    create: (body, signal, isWanted) => write('POST', '/incidents', body, signal, isWanted),
    settingOf,
    setComponent: async (incident, component, status, signal, isWanted) => {
      const { place, body } = settingOf(incident, component, status);
      await write('PUT', place, body, signal, isWanted);
    },
    seal: async () => undefined,
    resetComponent: async (id, status, signal, isWanted) => {
      await write('PUT', `/components/${encodeURIComponent(id)}`, { status }, signal, isWanted);
    },
  };
}

function componentOf(said: Said): CachetComponent[] {
  return componentIn(said, Number(said['status']));
}

function incidentOf(said: Said): CachetIncident[] {
  const { id: given, name, message, status, visible, stickied, meta, component_id: component } = said;
  const id = idOf(given);
  if (id === undefined) return [];
  const updates = (Array.isArray(said['updates']) ? said['updates'] : []).filter(isSaid);
  updates.sort((a, b) => Number(a['id']) - Number(b['id']));
  return [
    {
      id,
      name: textOf(name),
      status: Number(status),
      messages: [textOf(message), ...updates.map((update) => textOf(update['message']))],
      componentId: idOf(Number(component)),
      componentStatus: undefined,
      visible: Number(visible),
      stickied: stickied === true,
      mark: markOf(metaByName(meta)),
    },
  ];
}
