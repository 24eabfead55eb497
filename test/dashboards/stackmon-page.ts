/** What a dashboard of CloudMon's saw and shows, in lines short enough for a test. */
import { onTestFinished } from 'vitest';
import type { DialectServer } from '../../src/demo/dialects/dialect.ts';
import {
  type StackmonV2,
  type StackmonV2Options,
  startStackmonV2,
} from '../../src/demo/dialects/stackmon-v2.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

/** Everything that changes something: `PATCH /v2/events/1 {"status":…}`. */
export function writes({ requests }: Pick<DialectServer, 'requests'>): string[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, rawUrl, body }) => `${method} ${rawUrl} ${body}`);
}

/** The same without what a body says, but for an impact or a status. */
export function steps({ requests }: Pick<DialectServer, 'requests'>): string[] {
  return requests.flatMap(({ method, rawUrl, json }) => {
    if (method === 'GET') return [];
    const { impact, components, status } = json as Record<string, unknown>;
    const about = [components && `of ${components}`, impact && `impact ${impact}`, !impact && status];
    return [[method, rawUrl, ...about.filter(Boolean)].join(' ')];
  });
}

/** `1: API Web, impact 2`, only what is open. */
export function open({ events }: Pick<StackmonV2, 'events'>): string[] {
  return events
    .filter(({ endMs }) => endMs === undefined)
    .map(({ id, impact, components }) => `${id}: ${components.join(' ')}, impact ${impact}`);
}

export type Played = Awaited<ReturnType<typeof play>>;

/** @param services components, with services of the same name; or `reporter.services` as it is written */
export async function play(
  services: readonly string[] | string = ['API'],
  keys = '',
  options: StackmonV2Options = {},
) {
  const clock = new FakeClock();
  const page = await startStackmonV2({ clock, secret: 'dev', ...options });
  onTestFinished(() => page.stop());
  const listed =
    typeof services === 'string'
      ? services
      : `[${services.map((name) => `{name: ${name.toLowerCase()}, component: ${name}}`).join(', ')}]`;
  const section = `{kind: stackmon-v2, url: "${page.url}", secret: dev${keys}}`;
  return { page, ...(await stage(section, listed, clock)) };
}
