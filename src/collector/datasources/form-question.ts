/** A question with fields: in the URL as every server and every read-only proxy takes it, posted where it is long. */
import type { Question } from '../../http/token-asker.ts';
import { limits } from '../../model/limits.ts';

export function formQuestion(url: URL, fields: URLSearchParams): Question {
  const headers = { accept: 'application/json' };
  const form = fields.toString();
  const full = new URL(url);
  full.search += `${url.search === '' ? '?' : '&'}${form}`;
  return full.href.length <= limits.datasourceUrlBytesMax ? { url: full, headers } : { url, headers, form };
}

/** `path` below what the settings name, which may be a path itself. */
export function urlBelow(base: string, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}
