/**
 * The kind `pagerduty`: triggers and resolves an alert by a key of ours.
 *
 * The key stands for the target: what arrives twice is one alert, and what is resolved twice is resolved.
 */
import type { SeparateDashboard } from '../../model/dashboard.ts';
import { acknowledged } from '../acknowledged.ts';
import { openLine } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import { dedupKeyOf, eventOf } from './event.ts';
import type { PagerdutySettings } from './settings.ts';

export function openPagerduty(settings: PagerdutySettings, surroundings: Surroundings): SeparateDashboard {
  const { routingKey, url } = settings;
  const { reporterId } = surroundings;
  const line = openLine({ settings, surroundings, secret: routingKey });
  const { origin, pathname } = new URL(url);

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: false,
    abilities: { closes: true, lowers: true, attachesEvidence: settings.evidence, forgets: false },
    preview: (action) => {
      const event = eventOf(action, settings, dedupKeyOf(reporterId, action), routingKey.toString());
      return [{ target: `POST ${origin}${pathname}`, body: event }];
    },
    tell: async ({ action, isWanted }, signal) => {
      const body = eventOf(action, settings, dedupKeyOf(reporterId, action), routingKey.reveal());
      return acknowledged(await line.send({ method: 'POST', path: '', body, isWanted }, signal), line);
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}
