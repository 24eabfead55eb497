/** URLs of peers. Their text is in no message: it may hold a password. */
import type * as z from 'zod/mini';
import { Secret } from '../model/secret.ts';
import { value, Wrong } from './facts.ts';

const urlCharactersMax = 2_048;

/** A base URL, http or https, without a query; the slash at its end is cut. */
export function baseUrl(description: string): z.ZodMiniType<string, unknown> {
  const json = { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^/?#\\s]+[^?#\\s]*$' };
  return value({ description, takes: 'text', json }, decodeBaseUrl);
}

function decodeBaseUrl(written: unknown): string | Wrong {
  const parsed = parse(written);
  if (parsed instanceof Wrong) return parsed;
  if (parsed.search !== '' || parsed.hash !== '' || /[?#]/.test(parsed.href)) {
    return new Wrong('must not have a query or a fragment', 'End it before ? and #');
  }
  return parsed.href.replace(/\/+$/, '');
}

/** The URL of one page, http or https; a query belongs to it. */
export function pageUrl(description: string): z.ZodMiniType<string, unknown> {
  const json = { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^/?#\\s]+[^#\\s]*$' };
  return value({ description, takes: 'text', json }, (written) => {
    const parsed = parse(written);
    if (parsed instanceof Wrong) return parsed;
    return parsed.hash === '' ? parsed.href : new Wrong('must not have a fragment', 'End it before #');
  });
}

/** The same, where whoever knows it may use it. */
export function secretUrl(description: string): z.ZodMiniType<Secret, unknown> {
  const json = { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^/?#\\s]+[^#\\s]*$' };
  return value({ description, takes: 'secret', json }, (written) => {
    if (!(written instanceof Secret)) return new Wrong('must be a URL');
    const parsed = parse(written.reveal());
    if (parsed instanceof Wrong) return parsed;
    return parsed.hash === '' ? written : new Wrong('must not have a fragment', 'End it before #');
  });
}

/** The URL of a proxy; an empty text is none. It is a secret because it often holds a password. */
export function proxyUrl(description: string): z.ZodMiniType<Secret | undefined, unknown> {
  const json = { type: 'string', pattern: '^$|^[Hh][Tt][Tt][Pp][Ss]?://[^/?#\\s]+/?$' };
  return value({ description, takes: 'proxy', json }, (written) => {
    const text = written instanceof Secret ? written.reveal() : written;
    if (text === '') return undefined;
    const parsed = parse(text);
    return parsed instanceof Wrong ? parsed : new Secret(parsed.href);
  });
}

function parse(written: unknown): URL | Wrong {
  const remedy = 'Write it as http://host:port or https://host';
  if (typeof written !== 'string') return new Wrong('must be a URL', remedy);
  if (written === '') return new Wrong('is empty', remedy);
  if (written.length > urlCharactersMax) return new Wrong(`is longer than ${urlCharactersMax} characters`);
  if (/[\s\\]|\p{Cc}/u.test(written))
    return new Wrong('must be a URL without spaces and backslashes', remedy);
  if (!/^https?:/i.test(written)) return new Wrong('must be an http or https URL', remedy);
  if (!/^https?:\/\/[^/?#]/i.test(written)) return new Wrong('must be a URL with a host', remedy);
  return URL.canParse(written) ? new URL(written) : new Wrong('must be a URL with a host', remedy);
}

/** Whether only this machine hears what is sent there. */
export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname;
  return host === '[::1]' || /(^|\.)localhost$/.test(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}
