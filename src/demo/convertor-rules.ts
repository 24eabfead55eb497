/** What the real convertor refuses before it looks at the service, in its own words (axum's). */
import { json, type Reply, text } from './reply.ts';
import type { Seen } from './server.ts';

type ConvertorPath = '/v1/health' | '/api/v1/health' | '/render';

export type ConvertorRules = {
  /** Those that exist; others answer 404. Default: all three. */
  readonly paths?: readonly ConvertorPath[];
  /** Asked for on every request; else 401. */
  readonly bearerToken?: string;
};

const allPaths: readonly ConvertorPath[] = ['/v1/health', '/api/v1/health', '/render'];

export function refuse(
  { path, method, headers, query, rawUrl }: Seen,
  rules: ConvertorRules,
): Reply | undefined {
  const paths: readonly string[] = rules.paths ?? allPaths;
  if (!paths.includes(path)) return { status: 404, headers: { 'content-type': 'text/plain' } };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: { allow: 'GET,HEAD' } };
  if (rules.bearerToken !== undefined && headers.authorization !== `Bearer ${rules.bearerToken}`) {
    return json(401, { message: 'Unauthorized' });
  }
  if (path === '/render') return query['target']?.startsWith('health.') ? undefined : json(200, []);
  const problem = problemOf(new URLSearchParams(rawUrl.split('?')[1]));
  return problem === undefined ? undefined : text(400, `Failed to deserialize query string: ${problem}`);
}

function problemOf(query: URLSearchParams): string | undefined {
  for (const name of ['from', 'to', 'service', 'environment']) {
    const count = query.getAll(name).length;
    if (count === 0) return `missing field \`${name}\``;
    if (count > 1) return `duplicate field \`${name}\``;
  }
  const isTime = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const areTimes = isTime(query.get('from') ?? '') && isTime(query.get('to') ?? '');
  return areTimes ? undefined : 'premature end of input';
}
