/** Serves the page, its style, its script, its icons and its data: a fixed table, GET and HEAD only. */
import { standingHeaders } from '../http/answer.ts';
import { pageFiles } from '../pages/frame.ts';
import { printConfiguration } from './config-page.ts';
import type { DemoSettings } from './configuration.ts';
import type { Links } from './links.ts';
import { drawPage } from './page.ts';
import { demoStyle } from './page-style.ts';
import { reply, type Whole } from './reply.ts';
import { type RunningServer, type ServerOptions, startServer } from './server.ts';
import type { View } from './view.ts';

export type PageParts = {
  readonly view: () => Promise<View>;
  readonly links: Links;
  readonly settings: DemoSettings;
};

export function startPage(
  options: ServerOptions,
  { view, links, settings }: PageParts,
): Promise<RunningServer> {
  const routes = new Map<string, () => Whole | Promise<Whole>>([
    ['/', async () => page('text/html', drawPage(await view(), links))],
    ['/state.json', async () => page('application/json', JSON.stringify(await view(), undefinedAsNull, 2))],
    ['/config.yaml', () => page('text/plain', printConfiguration(settings))],
    ...pageFiles(demoStyle).map(({ path, type, body }) => [path, () => page(type, body)] as const),
  ]);
  return startServer(options, async (exchange, { path, method, headers: asked }) => {
    // A name that resolves to loopback is somebody else's page in this browser.
    if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(asked.host ?? ''))
      return reply(exchange, plain(421));
    const route = routes.get(path);
    if (!route) return reply(exchange, plain(404));
    if (method !== 'GET' && method !== 'HEAD') return reply(exchange, plain(405, { allow: 'GET, HEAD' }));
    reply(exchange, await route());
  });
}

function page(type: string, body: string): Whole {
  return { headers: { ...standingHeaders, 'content-type': `${type}; charset=utf-8` }, body };
}

function plain(status: number, more: Record<string, string> = {}): Whole {
  return {
    status,
    headers: { ...standingHeaders, ...more, 'content-type': 'text/plain' },
    body: `${status}\n`,
  };
}

/** No data is written down, not left out. */
function undefinedAsNull(_name: string, value: unknown): unknown {
  return value === undefined ? null : value;
}
