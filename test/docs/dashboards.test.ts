/** The pages about dashboards: there is one for each kind, it names its keys, and it shows what really happens. */
import { existsSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { parseDocument } from 'yaml';
import { rootShape } from '../../src/config/schema.ts';
import type { Key, Shape } from '../../src/config/shape.ts';
import { kinds } from '../../src/dashboards/kinds.ts';
import { dashboardKeys } from '../../src/dashboards/settings.ts';
import { load } from '../config/folder.ts';
import { parts, silentKinds } from '../dashboards/contract-cast.ts';
import { stageOf } from '../dashboards/stage.ts';
import { FakeClock } from '../fake-clock.ts';
import { type Section, startDialectOf } from './dialects.ts';
import { type Page, page, tableRows } from './page.ts';

type Written = {
  readonly status_dashboard?: Section;
  readonly dashboards?: Readonly<Record<string, Section>>;
};

const common = ['kind', 'url', ...Object.keys(dashboardKeys('on_change'))];

for (const kind of kinds.keys()) {
  const path = `docs/dashboards/${kind}.md`;

  test(`${path} is there`, () => {
    expect(existsSync(path)).toBe(true);
  });

  if (!existsSync(path)) continue;
  const shown = page(path);
  const configuration = shown.blocks.find(({ info }) => info === 'yaml')?.text ?? '';

  test(`${path}: the configuration loads, and is one of this kind`, async () => {
    const { config, lines } = await load({ 'config.yaml': configuration });
    expect(lines).toBe('');
    expect(config?.dashboards.map((each) => each.kind)).toEqual([kind]);
  });

  test(`${path}: the table has every key of its own, and no other`, () => {
    const own = [...keysOf(kind).keys()].filter((key) => !common.includes(key));
    const tabled = keysIn(shown);
    expect(tabled.filter((key) => !common.includes(key)).sort()).toEqual(own.sort());
    for (const key of tabled) expect(keysOf(kind).has(key), key).toBe(true);
  });

  if (silentKinds.includes(kind)) {
    test(`${path}: what it shows is what is printed`, async () => {
      const played = await stageOf(configuration, new FakeClock());
      await played.walk(0, 1, 0);
      const printed = played.outcomes.flatMap((line) => /^printed (.*)$/.exec(line)?.[1] ?? []);
      expect(shown.blocks.find(({ info }) => info === 'text')?.text).toBe(`${printed.join('\n')}\n`);
    });
    continue;
  }

  test(`${path}: the exchange that it shows is what happens`, async () => {
    const clock = new FakeClock();
    const document = parseDocument(configuration);
    const written = document.toJS() as Written;
    const [name = ''] = Object.keys(written.dashboards ?? {});
    const [path, section = {}] = written.status_dashboard
      ? [['status_dashboard'], written.status_dashboard]
      : [['dashboards', name], written.dashboards?.[name]];
    const dialect = await startDialectOf(kind, section, clock);
    onTestFinished(() => dialect.stop());
    const urlKey = keysOf(kind).has('webhook_url') ? 'webhook_url' : 'url';
    const { pathname } = new URL(section[urlKey] ?? defaultUrl(kind));
    // A dialect stands at the root of its host, whatever stands there in real life.
    const base = kind === 'statuspage' ? pathname : '';
    document.setIn([...path, urlKey], dialect.url + (base === '' ? pathname.replace(/\/$/, '') : ''));
    const { walk } = await stageOf(document.toString(), clock);
    await walk(0, 1, 0);

    const exchanges = exchangesIn(shown);
    const happened = dialect.requests.map(({ method, rawUrl, body, answered = 0, answer = '' }) => ({
      request: `${method} ${base}${rawUrl} HTTP/1.1`,
      body,
      answer: `HTTP/1.1 ${answered} ${STATUS_CODES[answered]}`,
      said: answer,
    }));
    expect(exchanges.map(({ headers: _, ...exchange }) => exchange)).toEqual(happened);
    for (const [index, { headers }] of exchanges.entries()) {
      const sent = dialect.requests[index]?.headers ?? {};
      for (const [name, value] of headers) {
        expect(name === 'host' ? value : masked(String(sent[name])), name).toBe(value);
      }
    }
  });
}

test('docs/dashboards/README.md: the table of kinds says what the contract suite proves', () => {
  const rows = tableRows(page('docs/dashboards/README.md'), '## The kinds').filter(([, closes]) => closes);
  const told = rows.flatMap(([kind, closes, lowers, send, perMinute, lost]) => {
    const name = /^\[`([\w-]+)`\]\(\1\.md\)$/.exec(kind ?? '')?.[1];
    return name === undefined ? [] : [{ name, closes, lowers, send, perMinute, lost }];
  });
  const yes = (ability: boolean) => (ability ? 'yes' : 'no');
  const proved = Object.entries(parts).filter(([, { becomes }]) => becomes === undefined);
  expect(told.map(({ name }) => name)).toEqual([...proved.map(([name]) => name), ...silentKinds]);
  for (const [index, [name, { abilities, send, perMinute, tellsTwice }]] of proved.entries()) {
    expect({ ...told[index], lost: told[index]?.lost?.startsWith('nothing twice') }).toEqual({
      name,
      closes: yes(abilities.closes),
      lowers: yes(abilities.lowers),
      send: `\`${send}\``,
      perMinute: String(perMinute ?? ''),
      lost: tellsTwice,
    });
  }
});

/** What is said about one request: blocks of HTTP in pairs, as they go over the wire. */
function exchangesIn({ blocks, text, path }: Page) {
  const heading = text.split('\n').indexOf('## An exchange');
  expect(heading, `${path} has no heading ## An exchange`).toBeGreaterThan(0);
  const messages = blocks
    .filter(({ info, place }) => info === 'http' && Number(place.split(':')[1]) > heading)
    .map((block) => messageOf(block.text));
  expect(messages.length % 2, `${path}: a request without an answer`).toBe(0);
  return messages.flatMap((request, index) => {
    if (index % 2 === 1) return [];
    const answer = messages[index + 1];
    return [
      {
        request: request.first,
        headers: request.headers,
        body: request.body,
        answer: answer?.first,
        said: answer?.body,
      },
    ];
  });
}

function messageOf(text: string) {
  const [head = '', ...rest] = text.replace(/\n$/, '').split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const headers = lines.map((line) => {
    const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), value] as const;
  });
  return { first, headers, body: rest.join('\n\n') };
}

/** As pages write what nobody is shown. */
function masked(value: string): string {
  return value.replace(/^(Bearer|OAuth|Basic) .*/, '$1 ***');
}

/** The keys in the first cells of the tables whose first column is headed `key`. */
function keysIn({ prose }: Page): readonly string[] {
  const found: string[] = [];
  let isInside = false;
  for (const line of prose) {
    const [, first = ''] = /^\|([^|]*)\|/.exec(line) ?? [];
    if (!line.startsWith('|')) isInside = false;
    else if (first.trim() === 'key') isInside = true;
    else if (isInside) found.push(...[...first.matchAll(/`([\w]+)/g)].map(([, key = '']) => key));
  }
  return found;
}

function keysOf(kind: string): ReadonlyMap<string, Key> {
  const section = rootShape.type === 'keys' ? rootShape.keys.get('status_dashboard')?.shape : undefined;
  const shape: Shape | undefined = section?.type === 'kinds' ? section.kinds.get(kind) : undefined;
  return shape?.type === 'keys' ? shape.keys : new Map();
}

function defaultUrl(kind: string): string {
  return String(keysOf(kind).get('url')?.default ?? 'http://dashboard');
}
