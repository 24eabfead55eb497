/** Where metrics go, and with which token. */
import type { Host } from './host.ts';

export type Endpoint = {
  readonly url: URL;
  /** For messages: without name, password and query. */
  readonly name: string;
  /** Of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text without the token, should a collector repeat it. */
  readonly conceal: (text: string) => string;
};

const path = '/api/ingest';

/**
 * An Error says what is missing; it holds no secret.
 *
 * @param url a text, or anything with one as `href`. Whatever is given counts: where it is wrong, the
 * environment names no other place.
 */
export function findEndpoint(url: unknown, token: unknown, env: Host['env']): Endpoint | Error {
  const isGiven = url !== undefined && url !== null;
  const text = trimmed(isGiven ? hrefOf(url) : env['REPORTER_URL']) ?? '';
  if (text === '' && !isGiven) return new Error('no collector is known: name its URL, or set REPORTER_URL');
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    return new Error('the URL of the collector is no http:// or https:// URL');
  }
  // A token of the environment is for the collector of the environment, not for any other.
  const secret = trimmed(token) ?? (isGiven ? undefined : trimmed(env['REPORTER_TOKEN']));
  if (secret && !/^[\x21-\x7e]+$/.test(secret)) return new Error('the token holds what no header can');
  return openEndpoint(new URL(text), secret);
}

function openEndpoint(url: URL, token: string | undefined): Endpoint {
  const prefix = url.pathname.replace(/\/+$/, '');
  url.pathname = prefix.endsWith(path) ? prefix : prefix + path;
  url.hash = '';
  return {
    url,
    name: url.origin + url.pathname,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    conceal: (text) => (token ? text.replaceAll(token, '***') : text),
  };
}

function hrefOf(url: unknown): unknown {
  if (typeof url !== 'object' || url === null) return url;
  try {
    return (url as { readonly href?: unknown }).href;
  } catch {
    return undefined;
  }
}

function trimmed(value: unknown): string | undefined {
  return (typeof value === 'string' && value.trim()) || undefined;
}
