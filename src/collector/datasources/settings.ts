/** The `datasource` section: what answers the queries of flags. */
import * as z from 'zod/mini';
import {
  type ConnectionSettings,
  connectionKeys,
  connectionSettings,
  connectionWarnings,
  type SettingsWarning,
} from '../../http/settings.ts';
import { Secret } from '../../model/secret.ts';
import { duration } from '../../values/duration.ts';
import { facts, section, value, Wrong } from '../../values/facts.ts';
import { headerSecret } from '../../values/secret.ts';
import { word } from '../../values/text.ts';
import { baseUrl, isLoopback } from '../../values/url.ts';

export type RemoteDatasourceSettings = ConnectionSettings & {
  readonly url: string;
  /** For one answer. */
  readonly timeoutMs: number;
  readonly bearerToken?: Secret;
  /** Sent with each request, such as X-Scope-OrgID. */
  readonly headers: Readonly<Record<string, Secret>>;
};

export type DatasourceSettings =
  | { readonly type: 'embedded' }
  | ({ readonly type: 'graphite' } & RemoteDatasourceSettings)
  | ({ readonly type: 'prometheus' } & RemoteDatasourceSettings);

const headerCharactersMax = 4_096;

const typeKey = z.exactOptional(
  word(
    ['embedded', 'graphite', 'prometheus'],
    'embedded: the collector’s own series. graphite: CloudMon’s, the default beside a url. prometheus: also Thanos, Mimir, VictoriaMetrics.',
  ),
);
facts.add(typeKey, { implied: { value: 'embedded', unless: 'url' } });
const timeoutKey = z.prefault(duration({ min: '100ms', max: '1h' }, 'For one answer.'), 10);
facts.add(timeoutKey, { implied: { value: 10, beside: 'url' } });

type DatasourceKeys = z.output<typeof datasourceKeys>;

const datasourceKeys = section(
  'What answers the queries of flags. CloudMon’s: a Graphite.',
  z.looseObject({
    type: typeKey,
    url: z.exactOptional(baseUrl('Base URL of the Graphite or the Prometheus.')),
    timeout: timeoutKey,
    bearer_token: z.exactOptional(headerSecret('Sent as Authorization: Bearer.')),
    headers: z.prefault(
      section('Sent with each request.', z.record(z.string(), headerText('Such as X-Scope-OrgID.'))),
      {},
    ),
    ...connectionKeys,
  }),
);

export const datasourceSchema = z.pipe(
  datasourceKeys,
  z.transform((keys, context): DatasourceSettings => {
    for (const { path, message, remedy } of datasourceErrors(keys)) {
      context.issues.push({ code: 'custom', input: undefined, path: [...path], message, params: { remedy } });
    }
    const { url = '', timeout: timeoutMs, headers } = keys;
    const type = datasourceTypeOf(keys.type, keys.url !== undefined);
    if (type === 'embedded') return { type };
    return {
      type,
      ...connectionSettings(keys),
      url,
      timeoutMs,
      headers,
      ...(keys.bearer_token && { bearerToken: keys.bearer_token }),
    };
  }),
);

/** Where no type is written, it is CloudMon's as soon as there is a url. */
export function datasourceTypeOf<Type extends string>(
  written: Type | undefined,
  hasUrl: boolean,
): Type | 'embedded' | 'graphite' {
  return written ?? (hasUrl ? 'graphite' : 'embedded');
}

function datasourceErrors(keys: DatasourceKeys): readonly SettingsWarning[] {
  const type = datasourceTypeOf(keys.type, keys.url !== undefined);
  const missing =
    type !== 'embedded' && keys.url === undefined
      ? [{ path: ['url'], message: 'is missing', remedy: `Add the base URL of the ${type}` }]
      : [];
  return [...missing, ...Object.keys(keys.headers).flatMap((name) => headerErrors(name, keys))];
}

/** What an exchange says by itself, and what would change where its answer ends. */
const ownHeaders: ReadonlySet<string> = new Set([
  ...['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'expect', 'host'],
  ...['keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

function headerErrors(name: string, keys: DatasourceKeys): readonly SettingsWarning[] {
  const path = ['headers', name];
  if (!/^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name)) {
    return [{ path, message: 'is no name for a header', remedy: 'Use letters, digits and dashes' }];
  }
  const lower = name.toLowerCase();
  if (ownHeaders.has(lower))
    return [{ path, message: 'is a header that cannot be set', remedy: 'Take it out' }];
  if (lower === 'authorization' && keys.bearer_token)
    return [{ path, message: 'stands beside bearer_token', remedy: 'Keep one of them' }];
  const first = Object.keys(keys.headers).find((other) => other.toLowerCase() === lower);
  return first === name ? [] : [{ path, message: 'is given twice', remedy: 'Keep one of them' }];
}

/** The value of a header; it may well be a key to somebody's data. */
function headerText(description: string): z.ZodMiniType<Secret, unknown> {
  const json = { type: ['string', 'number', 'boolean'], minLength: 1, maxLength: headerCharactersMax };
  return value({ description, takes: 'secret', json }, (written) => {
    if (!(written instanceof Secret)) return new Wrong('must be text');
    const text = written.reveal();
    if (text === '') return new Wrong('is empty', 'Write its value, or leave the header out');
    if (text.length > headerCharactersMax)
      return new Wrong(`is longer than ${headerCharactersMax} characters`);
    return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text)
      ? written
      : new Wrong('holds what no HTTP header can carry', 'Look for blanks at its ends and for other letters');
  });
}

/** @param written the names of the keys that somebody wrote */
export function datasourceWarnings(
  settings: DatasourceSettings,
  written: ReadonlySet<string>,
  nowMs: number,
): readonly SettingsWarning[] {
  if (settings.type === 'embedded') {
    return ['url', 'bearer_token']
      .filter((name) => written.has(name))
      .map((name) => ({
        path: [name],
        message: 'is ignored: embedded asks the collector’s own series',
        remedy: 'Take it out, or set type to graphite or prometheus',
      }));
  }
  const found = [...connectionWarnings(settings, nowMs)];
  if (isShowingKeys(settings) && settings.url.startsWith('http:') && !isLoopback(settings.url)) {
    found.push({
      path: ['url'],
      message: 'sends a token or a key over plain http to another host',
      remedy: 'Use https',
    });
  }
  return found;
}

/** A tenant's name is none. */
function isShowingKeys({ bearerToken, headers }: RemoteDatasourceSettings): boolean {
  return (
    bearerToken !== undefined ||
    Object.keys(headers).some((name) => /auth|token|key|secret|cookie/i.test(name))
  );
}
