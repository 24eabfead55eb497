/**
 * The kind `cachet`: a page of Cachet, version 3 or 2.
 *
 * Each target has an incident of its own, which carries in its metadata whose it is. What takes several requests
 * begins with those that may be repeated, so that a crash in between doubles nothing.
 */

import type { Found, SharedDashboard } from '../../model/dashboard.ts';
import type { Failure } from '../../model/failure.ts';
import type { AlarmStatus } from '../../model/status.ts';
import type { Target } from '../../model/target.ts';
import { componentFinder } from '../components.ts';
import { openLine } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import { type CachetIncident, isOurs, targetText } from './incident.ts';
import { previewOf } from './preview.ts';
import type { CachetSettings } from './settings.ts';
import { cachetTeller } from './teller.ts';
import { openPage } from './versions.ts';

const moreThanSeen =
  'more incidents are open than Cachet 2 shows: what is ours among the older ones is only seen where it is looked for; fix the old ones';

function unreadable({ message }: Failure): string {
  return `the older incidents of Cachet 2 cannot be read: ${message}; what is ours among them is only seen where it is looked for`;
}

export function openCachet(settings: CachetSettings, surroundings: Surroundings): SharedDashboard {
  const { clock, reporterId, pollIntervalMs, note } = surroundings;
  const line = openLine({ settings, surroundings, secret: settings.token });
  const page = openPage(line, settings, surroundings);
  const list = page.components;
  const findComponent = componentFinder({ dashboard: settings.name, list, clock, pollIntervalMs, note });

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: true,
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    preview: (action) => previewOf(action, settings, page),
    tellAll: cachetTeller({ page, findComponent, settings, reporterId }),
    find: async (targets, signal, { references }) => {
      const { incidents: newest, further } = await page.open('all', signal);
      const more = await further?.(signal);
      if (more?.failure) note(unreadable(more.failure));
      else if (more?.isWhole === false) note(moreThanSeen);
      const open = [
        ...new Map([...newest, ...(more?.incidents ?? [])].map((each) => [each.id, each])).values(),
      ];
      const mine = open.filter((each) => isOurs(each, reporterId));
      const components = mine.length > 0 ? await page.components(signal) : [];
      const statuses = new Map(components.map(({ id, status }) => [id, status]));
      const byText = new Map(targets.map((each) => [targetText(each), each]));
      return {
        ours: mine.flatMap((each) => foundFor(each, byText, statuses, settings)),
        unowned: open
          .filter((each) => !isOurs(each, reporterId) && !references.has(each.id))
          .map(({ id, name }) => ({ reference: id, title: name })),
      };
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}

/** Cachet tells no more of how bad it is than the component's status: the lowest of ours that shows so. */
function foundFor(
  incident: CachetIncident,
  byText: ReadonlyMap<string, Target>,
  statuses: ReadonlyMap<string, number>,
  { severity }: CachetSettings,
): Found[] {
  const target = byText.get(incident.mark?.target ?? '');
  const sinceMs = Date.parse(incident.mark?.since ?? '');
  if (!target || Number.isNaN(sinceMs)) return [];
  const own = statuses.get(incident.componentId ?? '');
  const shown = ([1, 2, 3] as const).filter((each) => severity[each] === own);
  const first = ([1, 2, 3] as const).filter((each) => severity[each] === incident.componentStatus);
  const status: AlarmStatus = shown[0] ?? first[0] ?? 1;
  return [{ target, status, reference: incident.id, sinceMs }];
}
