/** The kind `statuspage` on its stage, with its dialect. */
import { onTestFinished } from 'vitest';
import { type StatuspageOptions, startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

/**
 * @param more keys of the section, beginning with a comma
 * @param services by name, each with the name of its component: `web/API`; without one, its own in capitals
 */
export async function statuspageStage(
  more = '',
  services: readonly string[] = ['api'],
  options: StatuspageOptions = {},
) {
  const clock = new FakeClock();
  const pairs = services.map((each) => each.split('/'));
  const named = pairs.map(([name = '', component = name.toUpperCase()]) => ({ name, component }));
  const components = [...new Set(named.map(({ component }) => component))].map((name) => ({ name }));
  const page = await startStatuspage({ clock, components, ...options });
  onTestFinished(() => page.stop());
  const section = `{kind: statuspage, url: "${page.url}", api_key: key, page_id: page${more}}`;
  const list = named.map(({ name, component }) => `{name: ${name}, component: ${component}}`).join(', ');
  const played = await stage(section, `[${list}]`, clock);
  return {
    ...played,
    page,
    /** What was asked since the last time: `PATCH /incidents/inc000000001 {…}`. */
    asked: asking(page),
    /** What people see: `API: degraded_performance`. */
    shown: () => page.components.map(({ name, status }) => `${name}: ${status}`),
    open: () => page.incidents.filter(({ status }) => status !== 'resolved').map(({ id }) => id),
  };
}

function asking(page: Awaited<ReturnType<typeof startStatuspage>>): () => readonly string[] {
  let seen = 0;
  return () => {
    const fresh = page.requests.slice(seen);
    seen = page.requests.length;
    return fresh.map(({ method, rawUrl, body }) =>
      `${method} ${rawUrl.replace('/pages/page', '')} ${body}`.trim(),
    );
  };
}
