/**
 * What a peer is shown of secrets that stand in an address or a header, in each form in which it may come
 * back in an answer.
 */
import { Secret } from '../model/secret.ts';

/** What is shorter keeps nobody out, and would take letters out of what the peer says. */
const charactersMin = { user: 6, header: 6, query: 4, segment: 8 } as const;

/** @param hidesPath whoever knows the path and the query may use them */
export function shownByUrl(url: URL, hidesPath: boolean): readonly Secret[] {
  const { href, username, password, pathname, search } = url;
  const account = `${decoded(username)}:${decoded(password)}`;
  const people = [
    ...bothForms(username).filter(({ length }) => length >= charactersMin.user),
    ...bothForms(password),
    ...(password === '' ? [] : [base64(account), `${username}:${password}`, account]),
  ];
  const isBare = pathname === '/' && search === '';
  const place =
    !hidesPath || isBare ? [] : [href, pathname + search, ...shownByPath(pathname), ...shownByQuery(search)];
  return secrets([...people, ...place]);
}

/** The account in the address of a peer, and in that of its proxy. */
export function credentialsOf({
  url,
  proxy,
}: {
  readonly url?: string;
  readonly proxy?: Secret;
}): readonly Secret[] {
  const addresses = [url, proxy?.reveal()].filter((each) => each !== undefined && URL.canParse(each));
  return addresses.flatMap((each) => shownByUrl(new URL(each as string), false));
}

function shownByPath(pathname: string): readonly string[] {
  const segments = pathname.split('/').filter(({ length }) => length >= charactersMin.segment);
  const inner = pathname.replace(/^\/+|\/+$/g, '');
  const whole = [pathname, inner].filter(({ length }) => length >= charactersMin.segment);
  return [...whole, ...segments].flatMap(bothForms);
}

/** Each value; a name without one may be the key itself. */
function shownByQuery(search: string): readonly string[] {
  const pairs = search.slice(1).split('&');
  const values = pairs.map((pair) => pair.slice(pair.indexOf('=') + 1) || pair.replace(/=$/, ''));
  const forms = [search.slice(1), ...values].flatMap((each) => [
    ...bothForms(each),
    ...bothForms(each.replaceAll('+', ' ')),
  ]);
  return forms.filter(({ length }) => length >= charactersMin.query);
}

/** The whole value, and its words: `Token token="…"`, `session=…; team=…`. */
export function shownByHeader(value: string): readonly Secret[] {
  const [, account] = /^basic\s+(\S+)$/i.exec(value) ?? [];
  const plain = account === undefined ? '' : Buffer.from(account, 'base64').toString('utf8');
  const words = [
    value,
    ...value.split(' '),
    ...value.split(/[\s;,="]+/),
    plain,
    plain.slice(plain.indexOf(':') + 1),
  ];
  return secrets(words.filter(({ length }) => length >= charactersMin.header));
}

function bothForms(text: string): readonly string[] {
  return [text, decoded(text)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function secrets(texts: readonly string[]): readonly Secret[] {
  return [...new Set(texts)].filter((text) => text !== '').map((text) => new Secret(text));
}
