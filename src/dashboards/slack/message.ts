/** What a channel is told: a line that people read, and a colour that they see first. */
import { rfc3339 } from '../../model/clock.ts';
import type { Action } from '../../model/incident.ts';
import { render } from '../template.ts';
import type { SlackSettings } from './settings.ts';

/** Slack's own yellow, red and green, and a darker red. */
const colours = { 1: '#ecb22e', 2: '#e01e5a', 3: '#8b0026', over: '#2eb67d' } as const;

/** The same bytes at every attempt. */
export function messageOf(action: Action, settings: SlackSettings): string {
  const isOver = action.type === 'close';
  const text = render(settings.text, action, escaped, settings.severity);
  const when = isOver
    ? `${rfc3339(action.incident.sinceMs)} to ${rfc3339(action.timeMs)}`
    : `since ${rfc3339(action.incident.sinceMs)}`;
  const color = isOver ? colours.over : colours[action.status];
  return JSON.stringify({ text, attachments: [{ color, fallback: when, text: when }] });
}

/** What Slack asks for: the rest of a name cannot mention anybody or link anywhere. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
