/**
 * The kind `statuspage`: a page at Atlassian Statuspage.
 *
 * What begins in one cycle is one incident with all its components. An incident carries in its metadata who
 * opened it and how its targets stand: so nothing is opened twice, and nothing of somebody else's is closed.
 */
import { rfc3339 } from '../../model/clock.ts';
import { configuredId } from '../../model/configured-id.ts';
import type { Found, SharedDashboard, Unowned } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import { type Target, targetKey } from '../../model/target.ts';
import { componentFinder } from '../components.ts';
import { openLine } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import { componentTeller } from './components.ts';
import type { PageIncident } from './incident.ts';
import { incidentTeller } from './incidents.ts';
import { openPage } from './page.ts';
import type { StatuspageSettings } from './settings.ts';
import { componentWord, impactOf, textFor, titleOf } from './wording.ts';

export function openStatuspage(settings: StatuspageSettings, surroundings: Surroundings): SharedDashboard {
  const { clock, reporterId, pollIntervalMs, note } = surroundings;
  const line = openLine({ settings, surroundings, secret: settings.apiKey });
  const page = openPage(line, settings);
  const findComponent = componentFinder({
    dashboard: settings.name,
    list: page.components,
    clock,
    pollIntervalMs,
    note,
  });
  const showsIncidents = settings.show === 'incidents';

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: true,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    preview: (action) => [previewOf(action, settings, page.path)],
    tellAll: showsIncidents
      ? incidentTeller({ page, findComponent, settings, reporterId })
      : componentTeller(page, findComponent, settings),
    find: async (targets, signal, { references }) => {
      if (!showsIncidents) return { ours: [], unowned: [] };
      const open = await page.unresolved(signal);
      const byKey = new Map(targets.map((each) => [each.key, each]));
      const isOurs = ({ mark }: PageIncident) => mark?.id === reporterId;
      return {
        ours: open.filter(isOurs).flatMap((each) => foundIn(each, byKey)),
        unowned: open.filter((each) => !isOurs(each) && !references.has(each.id)).map(unowned),
      };
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}

function foundIn({ id, mark }: PageIncident, byKey: ReadonlyMap<string, Target>): Found[] {
  return (mark?.targets ?? []).flatMap((member) => {
    const { status, since } = member;
    const target = byKey.get(targetKey(member.service, member.environment));
    const sinceMs = Date.parse(since);
    if (!target || status === 0 || Number.isNaN(sinceMs)) return [];
    return [{ target, status, reference: id, sinceMs }];
  });
}

function unowned({ id, name }: PageIncident): Unowned {
  return { reference: id, title: name };
}

/** Without asking the page: the component goes by its name where its id is not in the configuration. */
function previewOf(action: Action, settings: StatuspageSettings, path: string) {
  const { type, status, reading, incident } = action;
  const component = configuredId(reading.target, settings.name) ?? reading.target.component;
  const word = componentWord(type === 'close' ? 0 : status, settings);
  const base = new URL(settings.url);
  const place = `${base.origin}${base.pathname.replace(/\/$/, '')}${path}`;
  if (settings.show === 'components') {
    return {
      target: `PATCH ${place}/components/${encodeURIComponent(component)}`,
      body: JSON.stringify({ component: { status: word } }),
    };
  }
  const text = { body: textFor([action], settings), components: { [component]: word } };
  if (type === 'open') {
    const opened = { name: titleOf(action, [action], settings), status: 'investigating' };
    const body = { ...opened, impact_override: impactOf(status, settings), ...text };
    return { target: `POST ${place}/incidents`, body: JSON.stringify({ incident: body }) };
  }
  const body = { ...(type === 'close' && { status: 'resolved' }), ...text };
  return {
    target: `PATCH ${place}/incidents (the one open since ${rfc3339(incident.sinceMs)})`,
    body: JSON.stringify({ incident: body }),
  };
}
