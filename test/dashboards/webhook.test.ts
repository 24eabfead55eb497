/** The kind `webhook`: what the operator wrote is what is sent, whatever names are called. */
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { effectiveYaml } from '../../src/config/effective.ts';
import { loadConfig } from '../../src/config/load.ts';
import { startWebhook, type WebhookOptions } from '../../src/demo/dialects/webhook.ts';
import { load, makeFolder, parts } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

async function scene(keys = '', services?: string, options: WebhookOptions = {}) {
  const clock = new FakeClock();
  const receiver = await startWebhook({ ...options, clock });
  onTestFinished(() => receiver.stop());
  const section = `{kind: webhook, url: "${receiver.url}/hook?key=hushhush"${keys}}`;
  return { receiver, clock, stage: await stage(section, services, clock) };
}

const closing =
  ', close_body: \'{"service":"{{service}}","status":{{status}},"word":"{{word}}","at":"{{timestamp}}"}\'';

function report(status: number, word: string, timestamp: number, since: number) {
  return {
    service: 'api',
    environment: 'production',
    component: 'API',
    status,
    word,
    timestamp: `2026-01-20T12:0${timestamp}:00Z`,
    since: `2026-01-20T12:0${since}:00Z`,
  };
}

test('healthy, 1, 2, 1, 0, 1, 0 with both bodies', async () => {
  const { receiver, stage } = await scene(closing);
  await stage.walk(0, 1, 2, 1, 0, 1, 0);
  const over = (minute: number) => ({
    service: 'api',
    status: 0,
    word: 'recovered',
    at: `2026-01-20T12:0${minute}:00Z`,
  });
  expect(receiver.requests.map(({ method, rawUrl, json }) => [method, rawUrl, json])).toEqual([
    ['POST', '/hook?key=hushhush', report(1, 'degraded', 1, 1)],
    ['POST', '/hook?key=hushhush', report(2, 'outage', 2, 1)],
    ['POST', '/hook?key=hushhush', report(1, 'degraded', 3, 1)],
    ['POST', '/hook?key=hushhush', over(4)],
    ['POST', '/hook?key=hushhush', report(1, 'degraded', 5, 5)],
    ['POST', '/hook?key=hushhush', over(6)],
  ]);
  expect(receiver.requests[0]?.body).toBe(JSON.stringify(report(1, 'degraded', 1, 1)));
  expect(receiver.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
  expect(receiver.received.length).toBe(6);
  expect(stage.outcomes.at(3)).toBe('api close 1: sent');
});

test('without close_body it is not told that something is over', async () => {
  const { receiver, stage } = await scene();
  await stage.walk(0, 1, 2, 0, 1, 0);
  expect(receiver.received.map(({ json }) => json)).toMatchObject([
    { word: 'degraded' },
    { word: 'outage' },
    { word: 'degraded' },
  ]);
});

test('method, words and headers are the operator’s', async () => {
  const keys =
    ', method: PUT, severity: {1: yellow, 2: red}, headers: {Authorization: "ApiKey hush hush", X-Team: "0123"}';
  const wants = { authorization: 'ApiKey hush hush', 'x-team': '0123' };
  const { receiver, stage } = await scene(keys, undefined, { wants });
  await stage.walk(1, 2, 3);
  expect(receiver.received.map(({ method, json }) => [method, (json as { word: string }).word])).toEqual([
    ['PUT', 'yellow'],
    ['PUT', 'red'],
    ['PUT', 'critical'],
  ]);
});

test('a body that is no JSON says so, unless the operator says what it is', async () => {
  const plain = await scene(', body: "[{{environment}}] {{component}} is {{word}}"');
  await plain.stage.walk(1);
  expect(plain.receiver.received[0]?.body).toBe('[production] API is degraded');
  expect(plain.receiver.requests[0]?.headers['content-type']).toBe('text/plain; charset=utf-8');
  const form = await scene(
    ', body: "status={{status}}", headers: {Content-Type: application/x-www-form-urlencoded}',
  );
  await form.stage.walk(2);
  expect(form.receiver.received[0]?.body).toBe('status=2');
  expect(form.receiver.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});

test('the body is signed with the secret', async () => {
  const { receiver, stage } = await scene(', secret: "s3cret é"', undefined, { secret: 's3cret é' });
  await stage.walk(1);
  const [request] = receiver.requests;
  const digest = createHmac('sha256', 's3cret é')
    .update(request?.body ?? '')
    .digest('hex');
  expect(request?.headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
  expect(request?.headers.authorization).toBe(undefined);
  expect(receiver.received.length).toBe(1);
});

test('a lost answer is sent again with the same key and the same bytes, and taken once', async () => {
  const { receiver, stage } = await scene(closing);
  for (const status of [1, 2, 0] as const) {
    receiver.fail('reset-after-accept', { times: 2 });
    await stage.walk(status);
  }
  expect(receiver.requests.length).toBe(9);
  expect(receiver.received.length).toBe(3);
  const told = receiver.requests.map(({ headers, body }) => `${headers['idempotency-key']} ${body}`);
  expect(new Set(told).size).toBe(3);
});

test('a restart in the middle sends nothing again, and what was over meanwhile is sent', async () => {
  const { receiver, stage } = await scene(closing);
  await stage.walk(2);
  stage.restart();
  await stage.walk(2);
  stage.restart();
  await stage.walk(0);
  expect(receiver.received.map(({ json }) => json)).toMatchObject([{ status: 2 }, { status: 0 }]);
});

test('what comes back in an answer holds none of what was shown', async () => {
  const keys = ', secret: s3cret-s3cret, headers: {authorization: "Token t0ken-t0ken"}, retries: 0';
  const { receiver, stage } = await scene(keys);
  const shown = 's3cret-s3cret, Token t0ken-t0ken, t0ken-t0ken, /hook?key=hushhush';
  receiver.fail({ status: 422, headers: { 'content-type': 'text/plain' }, body: shown }, { times: 1 });
  await stage.walk(1);
  receiver.fail('reset-before-accept', { times: 1 });
  await stage.walk(1);
  expect(stage.outcomes).toEqual([
    'api open 1: rejected, rejected: answered 422: ***, ***, ***, ***',
    `api open 1: failed, unreachable: ${receiver.url}: connection reset by the peer (ECONNRESET)`,
  ]);
});

test.each([
  [
    '/hook/topsecretpath?key=topsecretkey',
    '{"error":"unknown key topsecretkey for /hook/topsecretpath"}',
    'unknown key *** for ***',
  ],
  ['/hook/topsecretpath', '{"code":7,"path":"\\/hook\\/topsecretpath"}', '{"code":7,"path":"***"}'],
  ['/hook/topsecretpath/x', 'no hook topsecretpath', 'no hook ***'],
  ['/a?k=top%20secret%2Fkey', 'k: top secret/key, top%20secret%2Fkey', 'k: ***, ***'],
  ['/a?k=top+secret', 'k is top secret', 'k is ***'],
  ['/a?topsecret', 'who is topsecret?', 'who is ***?'],
  ['/a?k=1', 'k 1', 'k 1'],
])('of %s nothing is in %s', async (path, body, expected) => {
  const clock = new FakeClock();
  const receiver = await startWebhook({ clock });
  onTestFinished(() => receiver.stop());
  const on = await stage(`{kind: webhook, url: "${receiver.url}${path}", retries: 0}`, undefined, clock);
  receiver.fail({ status: 422, body }, { times: 1 });
  await on.walk(1);
  expect(on.outcomes).toEqual([`api open 1: rejected, rejected: answered 422: ${expected}`]);
});

test('nor are the user and the password of the URL, or the words of a header', async () => {
  const clock = new FakeClock();
  const receiver = await startWebhook({ clock });
  onTestFinished(() => receiver.stop());
  const url = receiver.url.replace('//', '//somebody:p%C3%A4ss%25@');
  const headers = 'x-a: "Token token=\\"t0ken-t0ken\\"", cookie: "session=s3ssion; team=eleven"';
  const on = await stage(
    `{kind: webhook, url: "${url}", headers: {${headers}}, retries: 0}`,
    undefined,
    clock,
  );
  const account = Buffer.from('somebody:päss%').toString('base64');
  const body = `somebody päss% p%C3%A4ss%25 ${account} t0ken-t0ken s3ssion eleven`;
  receiver.fail({ status: 422, body }, { times: 1 });
  await on.walk(1);
  expect(on.outcomes).toEqual(['api open 1: rejected, rejected: answered 422: *** *** *** *** *** *** ***']);
});

test('after a 401 the files of all headers are read again', async () => {
  const clock = new FakeClock();
  const receiver = await startWebhook({
    clock,
    wants: { authorization: 'new-new-new', 'x-key': 'same-same' },
  });
  onTestFinished(() => receiver.stop());
  const folder = makeFolder({ key: 'old-old-old', other: 'same-same' });
  const headers = `{Authorization_file: ${folder}/key, X-Key_file: ${folder}/other}`;
  const on = await stage(
    `{kind: webhook, url: "${receiver.url}/hook", headers: ${headers}}`,
    undefined,
    clock,
  );
  writeFileSync(`${folder}/key`, 'new-new-new');
  await on.walk(1);
  expect(receiver.requests.map((each) => each.headers['authorization'])).toEqual([
    'old-old-old',
    'new-new-new',
  ]);
  expect(on.outcomes).toEqual(['api open 1: sent']);
});

test.each([401, 403, 404, 410])('after a %i the file of the URL is read again', async (status) => {
  const clock = new FakeClock();
  const receiver = await startWebhook({ clock });
  onTestFinished(() => receiver.stop());
  const folder = makeFolder({ url: `${receiver.url}/hook?key=oldoldold` });
  const on = await stage(`{kind: webhook, url_file: ${folder}/url}`, undefined, clock);
  receiver.fail({ status, body: 'who is newnewnew?' }, { times: 2 });
  await on.walk(1);
  writeFileSync(`${folder}/url`, `${receiver.url}/hook?key=newnewnew`);
  await on.walk(1);
  expect(receiver.requests.map(({ rawUrl }) => rawUrl.slice(-9))).toEqual([
    'oldoldold',
    'oldoldold',
    'newnewnew',
  ]);
  expect(on.outcomes.at(-1)).toBe('api open 1: sent');
  receiver.fail({ status: 422, body: 'what is newnewnew, and oldoldold?' }, { times: 1 });
  await on.walk(2);
  expect(on.outcomes.at(-1)).toBe('api change 2: rejected, rejected: answered 422: what is ***, and ***?');
});

test('a URL of another host is not followed before a reload', async () => {
  const clock = new FakeClock();
  const receiver = await startWebhook({ clock });
  onTestFinished(() => receiver.stop());
  const folder = makeFolder({ url: `${receiver.url}/hook` });
  const on = await stage(`{kind: webhook, url_file: ${folder}/url}`, undefined, clock);
  writeFileSync(`${folder}/url`, 'https://elsewhere.example.com/hook');
  receiver.fail({ status: 404, body: '' });
  await on.walk(1);
  expect(on.outcomes).toEqual([
    'api open 1: rejected, unauthorized: the file of its URL names another host than at the start: reload the configuration',
  ]);
  expect(receiver.requests).toHaveLength(1);
});

test('a URL over plain http is no credential, and its host is named', async () => {
  expect(await check('')).toBe('');
  const plain = `dashboards: {page: {kind: webhook, url: "http://x.example.com/hook"}}\n`;
  const { lines } = await load({ 'config.yaml': parts.convertor + parts.services + plain });
  expect(lines).toBe('');
});

test('nor does a preview, or what `config` shows', async () => {
  const keys = ', secret: s3cret-s3cret, headers: {x-key: t0ken-t0ken}, mode: record';
  const { receiver, stage } = await scene(keys);
  await stage.walk(1);
  expect(stage.previews).toEqual([
    { target: `POST ${receiver.url}/***`, body: JSON.stringify(report(1, 'degraded', 0, 0)) },
  ]);
  const folder = makeFolder({
    'config.yaml': `${parts.convertor}${parts.services}dashboards: {page: {kind: webhook, url: "https://x.example.com/hush"${keys}}}\n`,
  });
  const { config, origins } = await loadConfig([`${folder}/config.yaml`], {});
  const shown = config && origins ? effectiveYaml(config, origins) : '';
  expect(shown).not.toMatch(/hush|s3cret|t0ken/);
  expect(shown).toMatch(/x-key: "\*\*\*"/);
});

test('names of any kind leave the body JSON, and come out as they are', async () => {
  const { receiver, stage } = await scene(closing, '[{name: api, component: API}]');
  const { dashboard } = stage.deliveries().parts;
  if (dashboard.tellsTogether) throw new Error('it tells apart');
  const target = stage.config.reporter.targets[0];
  if (!target) throw new Error('no target');
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(...[1, 2, 3].map(() => fc.string({ unit: 'grapheme', minLength: 1 }))),
      fc.constantFrom('open' as const, 'close' as const),
      async ([service = '', environment = '', component = ''], type) => {
        const named = { ...target, service, environment, component };
        const action = {
          type,
          incident: { id: 'x', dashboard: 'page', members: [named], sinceMs: 0 },
          status: 1 as const,
          timeMs: 0,
          reading: { target: named, status: 1 as const, timeMs: 0, evidence: { triggered: [] } },
          idempotencyKey: 'x',
        };
        const [request] = dashboard.preview(action, undefined);
        const read = JSON.parse(request?.body ?? '') as Record<string, unknown>;
        expect(read['service']).toBe(service);
        if (type === 'open')
          expect([read['environment'], read['component']]).toEqual([environment, component]);
      },
    ),
    { numRuns: 300 },
  );
  expect(receiver.requests).toEqual([]);
});

async function check(keys: string): Promise<string> {
  const dashboards = `dashboards: {page: {kind: webhook, url: "https://x.example.com/hook"${keys}}}\n`;
  const { lines } = await load({ 'config.yaml': parts.convertor + parts.services + dashboards });
  return lines.replace(/^config\.yaml:\d+(:\d+)?: /gm, '');
}

const noJson = (key: string) =>
  `error: dashboards.page.${key}: is not JSON once its places are filled. Put every place in quotes: "{{service}}"; only {{status}} may do without`;

test('a body that would be broken JSON is found when the configuration is loaded', async () => {
  expect(await check(`, body: '{"a": {{service}}}'`)).toBe(noJson('body'));
  expect(await check(`, body: '{"a": "{{service}}"'`)).toBe(noJson('body'));
  expect(await check(`, body: '[{"a": {{word}}}]'`)).toBe(noJson('body'));
  expect(await check(`, body: '{"a": "\\{{service}}"}'`)).toBe(noJson('body'));
  expect(await check(`, body: '{"a": 0{{status}}}'`)).toBe(noJson('body'));
  expect(await check(`, close_body: '{"a": 1{{status}}, "b": {{since}}}'`)).toBe(noJson('close_body'));
  expect(await check(`, body: '{"a": {{status}}, "{{service}}": ["{{ component }}"]}'`)).toBe('');
  expect(await check(`, close_body: '{"a": {{status}}}'`)).toBe('');
  expect(await check(', body: "{{component}} is {{word}}"')).toBe('');
});

test('places that there are not, and bodies that are empty or endless, are refused', async () => {
  expect(await check(', body: "{{matched_expression}}"')).toContain(
    'body: has no place {{matched_expression}}',
  );
  expect(await check(', body: ""')).toContain('body: is empty');
  expect(await check(`, body: "${'x'.repeat(8_193)}"`)).toContain('body: is longer than 8192 characters');
});

test('headers are checked when the configuration is loaded', async () => {
  expect(await check(', headers: {"a b": x}')).toContain('headers."a b": is no name for a header');
  for (const name of ['Host', 'content-length', 'Transfer-Encoding', 'Idempotency-Key', 'connection']) {
    expect(await check(`, headers: {${name}: x}`)).toContain(
      `headers.${name}: is a header that cannot be set`,
    );
  }
  expect(await check(', headers: {X-A: x, x-a: y}')).toContain('headers.x-a: is given twice');
  expect(await check(', headers: {X-A: "a\\nb"}')).toContain(
    'headers.X-A: holds what no HTTP header can carry',
  );
  expect(await check(', headers: {X-A: ""}')).toContain('headers.X-A: is empty');
  expect(await check(', method: GET')).toContain('method: must be one of POST, PUT, PATCH');
  expect(await check(', headers: {X-A: "1"}')).toBe('');
});
