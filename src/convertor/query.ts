/** Where and what a convertor is asked. */
import { rfc3339 } from '../model/clock.ts';
import type { Target } from '../model/target.ts';
import type { ConvertorSettings } from './settings.ts';

const minuteMs = 60_000;

/** Of the convertor in this process, to which no socket leads. */
const insideUrl = 'http://localhost';

/**
 * The URL that asks about one target.
 *
 * The window is rounded outward to the minute: metrics-processor drops the seconds of what
 * it is sent, and reads the time in its own offset, so `Z` it is.
 */
export function healthUrl(settings: ConvertorSettings, path: string, target: Target, nowMs: number): URL {
  const fromMs = Math.floor((nowMs - settings.window.fromMs) / minuteMs) * minuteMs;
  const toMs = Math.ceil((nowMs - settings.window.toMs) / minuteMs) * minuteMs;
  const url = new URL(settings.url ?? insideUrl);
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  url.search = path.endsWith('/render')
    ? query({
        target: `health.${target.environment}.${target.service}`,
        from: String(fromMs / 1000),
        until: String(toMs / 1000),
        maxDataPoints: '100',
        format: 'json',
      })
    : query({
        from: rfc3339(fromMs),
        to: rfc3339(toMs),
        service: target.service,
        environment: target.environment,
      });
  return url;
}

/** Percent-encodes everything that is not a letter, a digit or one of `-_.!~*'()`; a space is %20, never +. */
function query(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/**
 * Asks at the configured path, or, with `auto`, finds out which one the convertor serves.
 *
 * As long as no path has answered anything but 404, both are asked; after that a 404 is an
 * answer about the service. A 5xx settles nothing: it may come from a proxy in front.
 */
export function pathFinder(
  configured: string,
): <A extends { readonly status: number }>(ask: (path: string) => Promise<A>) => Promise<A> {
  let settled = configured === 'auto' ? undefined : configured;

  return async (ask) => {
    if (settled !== undefined) return ask(settled);
    const tryPath = async (path: string) => {
      const answer = await ask(path);
      if (answer.status < 500 && answer.status !== 404) settled = path;
      return answer;
    };
    const answer = await tryPath('/v1/health');
    return answer.status === 404 ? tryPath('/api/v1/health') : answer;
  };
}
