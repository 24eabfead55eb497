/** The kind `cachet` on its stage, with the dialect of its version. */
import { onTestFinished } from 'vitest';
import { type CachetOptions, startCachet } from '../../src/demo/dialects/cachet.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

/**
 * @param more keys of the section, beginning with a comma
 * @param services by name, each with the name of its component, and with its id: `web/API/1`; without a name, its own in capitals
 */
export async function cachetStage(
  version: 2 | 3,
  more = '',
  services: readonly string[] = ['api'],
  options: CachetOptions = {},
) {
  const clock = new FakeClock();
  const pairs = services.map((each) => each.split('/'));
  const named = pairs.map(([name = '', component = name.toUpperCase(), id]) => ({ name, component, id }));
  const components = [...new Set(named.map(({ component }) => component))].map((name) => ({ name }));
  const page = await startCachet({ clock, version, path: '/status', components, ...options });
  onTestFinished(() => page.stop());
  const section = `{kind: cachet, url: "${page.url}/status/", token: token, version: ${version}${more}}`;
  const keysOf = ({ name, component, id }: (typeof named)[number]) =>
    `{name: "${name}", component: ${component}${id === undefined ? '' : `, ids: {page: "${id}"}`}}`;
  const list = named.map(keysOf).join(', ');
  const played = await stage(section, `[${list}]`, clock);
  let seen = 0;
  return {
    ...played,
    page,
    /** What was asked since the last time: `PUT /components/1 {…}`. */
    asked: (): readonly string[] => {
      const fresh = page.requests.slice(seen);
      seen = page.requests.length;
      return fresh.map(({ method, rawUrl, body }) =>
        `${method} ${rawUrl.replace(version === 2 ? '/status/api/v1' : '/status/api', '')} ${body}`.trim(),
      );
    },
    /** Each incident with its status and all that was said about it. */
    said: () =>
      page.incidents.map(({ status, message, updates }) => [
        status,
        message,
        ...updates.map((update) => update.message),
      ]),
    /** The status of each component, as people see it. */
    shown: () => page.components.map(({ id }) => page.shown(id)),
  };
}
