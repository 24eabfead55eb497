/**
 * What would be sent, without asking the page: `{id}` stands for the incident's number, and 0 for a component whose
 * number is not in the configuration.
 */
import { configuredId } from '../../model/configured-id.ts';
import type { Preview } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import { messageFor } from '../texts.ts';
import { componentStatus } from './component.ts';
import { fixed, investigating } from './incident.ts';
import type { CachetPage } from './page.ts';
import type { CachetSettings } from './settings.ts';

export function previewOf(action: Action, settings: CachetSettings, page: CachetPage): readonly Preview[] {
  const component = configuredId(action.reading.target, settings.name) ?? '0';
  const base = settings.url + page.prefix;
  const shown = componentStatus(action.type === 'close' ? 0 : action.status, settings);
  if (action.type === 'open') {
    const body = page.openingOf(action, component, shown);
    return [{ target: `POST ${base}/incidents`, body: JSON.stringify(body) }];
  }
  const asOpened = { status: investigating, visible: settings.visible ? 1 : 0, stickied: false };
  const { place, body } = page.settingOf({ id: '{id}', ...asOpened }, component, shown);
  const status = action.type === 'close' ? fixed : investigating;
  const update = { status, message: messageFor(action, settings) };
  const isSealed = action.type === 'close' && settings.version === 3;
  return [
    { target: `PUT ${base}${decodeURI(place)}`, body: JSON.stringify(body) },
    { target: `POST ${base}/incidents/{id}/updates`, body: JSON.stringify(update) },
    ...(isSealed ? [{ target: `PUT ${base}/incidents/{id}`, body: JSON.stringify({ status: fixed }) }] : []),
  ];
}
