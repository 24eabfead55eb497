/** The badges: whose they are, what they say, and that they give nothing back of what was asked. */
import { expect, test } from 'vitest';
import type { Page } from '../../src/http/routes.ts';
import { findRoute } from '../../src/http/routes.ts';
import type { Level } from '../../src/pages/level.ts';
import { solidColours } from '../../src/pages/mark.ts';
import { reading, stage, targetOf } from './stage.ts';

/** All targets in production, read as given. */
async function ask(
  levels: Readonly<Record<string, Level>>,
  path: string,
): Promise<Page & { readonly body: string }> {
  const targets = Object.keys(levels).map((name) => targetOf(name));
  const { routes, witness } = stage(targets);
  for (const target of targets) witness.read(reading(target, levels[target.service]));
  const page = await findRoute(routes, path)?.({ path, query: '', accept: '' });
  if (!page) throw new Error(`no route for ${path}`);
  return { ...page, body: String(page.body) };
}

const unescaped = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

async function checkSvg(level: Level, word: string, colour: string, shape: RegExp): Promise<void> {
  const { status, type, body } = await ask({ api: level }, '/badge/api/production.svg');
  expect([status, type]).toEqual([200, 'image/svg+xml; charset=utf-8']);
  expect(body).toContain(`<title>api (production): ${word}</title>`);
  expect(body).toContain(`role="img" aria-label="api (production): ${word}"`);
  expect(body).toContain(`fill="${colour}"`);
  expect(body).toMatch(shape);
  const texts = [...body.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(texts).toEqual(['api', word]);
}

test('operational', () => checkSvg(0, 'operational', '#1a7f37', /<circle/));
test('degraded', () => checkSvg(1, 'degraded', '#9a6700', /<path d="M8 1\.2/));
test('outage', () => checkSvg(2, 'outage', '#cf222e', /<path d="M1\.5 1\.5/));
test('critical', () => checkSvg(3, 'critical', '#cf222e', /<path d="M1\.5 1\.5/));
test('no data', () => checkSvg(undefined, 'no data', '#59636e', /fill="none"/));

test('the same for shields.io', async () => {
  const { type, body } = await ask({ api: 2 }, '/badge/api/production.json');
  expect(type).toBe('application/json; charset=utf-8');
  expect(JSON.parse(body)).toEqual({
    schemaVersion: 1,
    label: 'api',
    message: 'outage',
    color: '#cf222e',
  });
});

test('white text can be read on every colour', () => {
  for (const colour of [...Object.values(solidColours), '#3d444d']) {
    expect(1.05 / (luminance(colour) + 0.05), colour).toBeGreaterThan(4.5);
  }
});

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

async function checkName(name: string): Promise<void> {
  const { status, body } = await ask({ [name]: 1 }, `/badge/${encodeURIComponent(name)}/production.svg`);
  expect(status).toBe(200);
  expect(unescaped(/<title>([^<]*)</.exec(body)?.[1] ?? '')).toBe(`${name} (production): degraded`);
  expect(body.match(/<[a-z]\w*/gi)?.sort()).toEqual(
    [
      '<clipPath',
      '<g',
      '<g',
      '<g',
      '<path',
      '<rect',
      '<rect',
      '<rect',
      '<svg',
      '<svg',
      '<text',
      '<text',
      '<title',
    ].sort(),
  );
}

test('a name with a slash', () => checkName('a/b'));
test('a name with an encoded slash', () => checkName('a%2Fb'));
test('a name that is a script', () => checkName('<script>alert(1)</script>'));
test('a name that ends the picture', () => checkName('"></title></svg><svg onload="alert(1)">'));
test('a name with quotes', () => checkName('"\'`&amp;'));
test('a name with a question mark and a hash', () => checkName('a?b#c'));
test('a name of another script', () => checkName('\u0634\u0628\u0643\u0629 \u{1f9e8} \u77ed'));
test('a name that looks like a file', () => checkName('a.svg'));
test('a long name', () => checkName('word '.repeat(2_000).trim()));
test('a name that a map of the language might know', () => checkName('constructor'));

test('a long name is cut where it is drawn', async () => {
  const { body } = await ask({ ['w'.repeat(10_240)]: 0 }, `/badge/${'w'.repeat(10_240)}/production.svg`);
  const [, name = ''] = /<text[^>]*>([^<]*)</.exec(body) ?? [];
  expect(name).toMatch(/^w{10,40}…$/);
  expect(Number(/width="(\d+)"/.exec(body)?.[1])).toBeLessThan(400);
});

test('what no XML may hold is replaced', async () => {
  const name = 'a\u0007b\uffffc\ud800d';
  const { routes } = stage([targetOf('a\u0007b\uffffc')]);
  const path = `/badge/${encodeURIComponent('a\u0007b\uffffc')}/production.svg`;
  const page = await findRoute(routes, path)?.({ path, query: '', accept: '' });
  expect(page?.body).toContain('<title>a\ufffdb\ufffdc (production): no data</title>');
  // A link to half a character leads nowhere, but it can be drawn.
  const index = await stage([targetOf(name)]).ask('/');
  expect(index.body).toContain('/badge/a%07b%EF%BF%BFc%EF%BF%BDd/production.svg');
});

async function checkMissing(path: string): Promise<void> {
  expect(await ask({ api: 0 }, path)).toEqual({
    status: 404,
    type: 'text/plain; charset=utf-8',
    body: 'not found\n',
  });
}

for (const path of [
  '/badge/nobody/production.svg',
  '/badge/api/staging.svg',
  '/badge/api/production',
  '/badge/api/production.png',
  '/badge/api/production.svg/',
  '/badge/api.svg',
  '/badge//production.svg',
  '/badge/api/.svg',
  '/badge/',
  '/badge/api%/production.svg',
  '/badge/%ff/production.svg',
  '/badge/%c0%80/production.svg',
  '/badge/x/../api/production.svg',
  '/badge/%2e%2e/api/production.svg',
  '/badge/api%2Fproduction.svg',
  '/badge/api/production%2Esvg',
  '/badge/__proto__/production.svg',
  '/badge/%3Cscript%3E/production.svg',
  '/badge/["api","production"].svg',
]) {
  test(`there is no ${path}`, () => checkMissing(path));
}
