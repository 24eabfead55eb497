/** The kind `slack`: what a channel reads, and what nobody ever reads: the URL of its webhook. */
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { effectiveYaml } from '../../src/config/effective.ts';
import { loadConfig } from '../../src/config/load.ts';
import { startSlack } from '../../src/demo/dialects/slack.ts';
import { load, makeFolder, parts } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

const path = '/services/T0000/B1111/hushhushhush';

async function scene(keys = '', services?: string) {
  const clock = new FakeClock();
  const slack = await startSlack({ path, clock });
  onTestFinished(() => slack.stop());
  const section = `{kind: slack, webhook_url: "${slack.url}${path}"${keys}}`;
  return { slack, clock, stage: await stage(section, services, clock) };
}

function message(word: string, color: string, when: string) {
  return {
    text: `*API* (production): ${word}`,
    attachments: [{ color, fallback: when, text: when }],
  };
}

const since = (minute: number) => `since 2026-01-20T12:0${minute}:00Z`;
const period = (from: number, to: number) => `2026-01-20T12:0${from}:00Z to 2026-01-20T12:0${to}:00Z`;

test('healthy, 1, 2, 1, 0, 1, 0: a message for each change, and none in between', async () => {
  const { slack, stage } = await scene();
  await stage.walk(0, 1, 2, 2, 1, 0, 1, 0);
  expect(slack.requests.map(({ method, path: to, json }) => [method, to, json])).toEqual([
    ['POST', path, message('degraded', '#ecb22e', since(1))],
    ['POST', path, message('outage', '#e01e5a', since(1))],
    ['POST', path, message('degraded', '#ecb22e', since(1))],
    ['POST', path, message('recovered', '#2eb67d', period(1, 5))],
    ['POST', path, message('degraded', '#ecb22e', since(6))],
    ['POST', path, message('recovered', '#2eb67d', period(6, 7))],
  ]);
  expect(slack.requests[0]?.body).toBe(JSON.stringify(message('degraded', '#ecb22e', since(1))));
  expect(slack.requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
  expect(slack.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  expect(stage.outcomes).toEqual([
    'api open 1: sent',
    'api change 2: sent',
    'api change 1: sent',
    'api close 1: sent',
    'api open 1: sent',
    'api close 1: sent',
  ]);
});

test('a reminder comes when its interval is over', async () => {
  const { slack, stage } = await scene(', repeat_interval: 3m');
  await stage.walk(2, 2, 2, 2, 2, 2, 2, 0);
  expect(slack.messages.map(({ text }) => text.split(': ')[1])).toEqual([
    'outage',
    'outage',
    'outage',
    'recovered',
  ]);
});

test('names cannot mention anybody, link anywhere or begin a line', async () => {
  const component = '<!channel> & <https://evil.example.com|API>';
  const { slack, stage } = await scene('', `[{name: api, component: "${component}"}]`);
  await stage.walk(1);
  expect(slack.messages[0]?.text).toBe(
    '*&lt;!channel&gt; &amp; &lt;https://evil.example.com|API&gt;* (production): degraded',
  );
});

test('words and text are the operator’s, whose own mentions stay', async () => {
  const text = '<!here> {{service}}/{{environment}} {{word}} ({{status}}) {{timestamp}} {{since}}';
  const { slack, stage } = await scene(`, severity: {degraded: "limps & lags"}, text: "${text}"`);
  await stage.walk(1, 2, 0);
  expect(slack.messages.map((each) => each.text)).toEqual([
    '<!here> api/production limps &amp; lags (1) 2026-01-20T12:00:00Z 2026-01-20T12:00:00Z',
    '<!here> api/production outage (2) 2026-01-20T12:01:00Z 2026-01-20T12:00:00Z',
    '<!here> api/production recovered (0) 2026-01-20T12:02:00Z 2026-01-20T12:00:00Z',
  ]);
});

test('no flag and no expression is ever in a channel', async () => {
  const { slack, stage } = await scene();
  stage.evidence({ matchedExpression: 'api_slow && api_down', triggered: [{ name: 'api_slow' }] });
  await stage.walk(1, 2, 0);
  expect(slack.requests.map(({ body }) => body).join()).not.toMatch(/api_/);
});

test('a restart in the middle says nothing again, and what was over meanwhile is said', async () => {
  const { slack, stage } = await scene();
  await stage.walk(2);
  stage.restart();
  await stage.walk(2, 2);
  stage.restart();
  await stage.walk(0);
  expect(slack.messages.length).toBe(2);
});

test('a message whose answer is lost is read twice, once', async () => {
  const { slack, stage } = await scene();
  slack.fail('reset-after-accept', { times: 1 });
  await stage.walk(2, 2, 2, 0);
  expect(slack.messages.map(({ text }) => text)).toEqual([
    '*API* (production): outage',
    '*API* (production): outage',
    '*API* (production): recovered',
  ]);
  expect(slack.requests[0]?.body).toBe(slack.requests[1]?.body);
});

async function checkRefusal(
  word: Parameters<Awaited<ReturnType<typeof startSlack>>['refuse']>[0],
  said: string,
) {
  const { slack, stage } = await scene();
  slack.refuse(word);
  await stage.walk(1);
  expect([stage.outcomes, slack.requests.length]).toEqual([[`api open 1: ${said}`], 1]);
  slack.refuse(undefined);
  await stage.walk(1);
  expect(slack.messages.length).toBe(1);
}

test('a payload that is refused is told in Slack’s word', () =>
  checkRefusal('invalid_payload', 'rejected, rejected: answered 400: invalid_payload'));
test('so is a forbidden channel', () =>
  checkRefusal('action_prohibited', 'rejected, unauthorized: answered 403: action_prohibited'));
test('so is a token that was revoked', () =>
  checkRefusal('invalid_token', 'rejected, unauthorized: answered 403: invalid_token'));
test('so is a webhook that was removed', () =>
  checkRefusal('no_service', 'rejected, rejected: answered 404: no_service'));
test('so is a channel that was removed', () =>
  checkRefusal('channel_not_found', 'rejected, rejected: answered 404: channel_not_found'));
test('so is an archived channel', () =>
  checkRefusal('channel_is_archived', 'rejected, rejected: answered 410: channel_is_archived'));

test('trouble of Slack’s own is tried again', async () => {
  const { slack, stage } = await scene();
  slack.fail({ status: 500, body: 'rollup_error' }, { times: 2 });
  await stage.walk(1);
  expect(slack.requests.map(({ answered }) => answered)).toEqual([500, 500, 200]);
  expect(slack.messages.length).toBe(1);
});

test('an answer that is no ok counts as told, with a word to the operator', async () => {
  const { slack, stage } = await scene();
  slack.fail(
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Log in</h1>' },
    { times: 1 },
  );
  await stage.walk(1, 1);
  expect(stage.outcomes).toEqual([
    'api open 1: sent, answered without ok: is webhook_url the URL of a webhook?',
  ]);
});

test('60 messages go at once, the rest as the minute allows, and none is refused', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
  const { slack, stage } = await scene('', `[${names.map((name) => `{name: ${name}}`).join(', ')}]`);
  await stage.cycle(Object.fromEntries(names.map((name) => [name, 2 as const])));
  expect([slack.messages.length, slack.requests.length]).toEqual([100, 100]);
});

test('nor is the one that its file holds by now', async () => {
  const clock = new FakeClock();
  const slack = await startSlack({ path, clock });
  onTestFinished(() => slack.stop());
  const folder = makeFolder({ hook: `${slack.url}/services/T0000/B1111/oldoldoldold` });
  const on = await stage(`{kind: slack, webhook_url_file: ${folder}/hook}`, undefined, clock);
  writeFileSync(`${folder}/hook`, `${slack.url}/services/T0000/B1111/newnewnewnew`);
  slack.fail({ status: 401, body: 'no' }, { times: 1 });
  const body = 'no webhook at /services/T0000/B1111/newnewnewnew, or newnewnewnew';
  slack.fail({ status: 404, body }, { after: 1, times: 1 });
  await on.walk(1);
  expect(slack.requests.map((each) => each.rawUrl.slice(-12))).toEqual(['oldoldoldold', 'newnewnewnew']);
  expect(on.outcomes).toEqual(['api open 1: rejected, rejected: answered 404: no webhook at ***, or ***']);
});

test('the URL is in no message, whatever goes wrong', async () => {
  const { slack, stage } = await scene(', retries: 0, timeout: 0.3');
  const url = `${slack.url}${path}`;
  slack.fail({ status: 404, body: `no such page: ${url}` }, { times: 1 });
  await stage.walk(1);
  slack.fail('reset-before-accept', { times: 1 });
  await stage.walk(1);
  slack.fail('redirect', { times: 1 });
  await stage.walk(1);
  slack.fail('hang', { times: 1 });
  await stage.walk(1);
  expect(stage.outcomes).toEqual([
    'api open 1: rejected, rejected: answered 404: no such page: ***',
    `api open 1: failed, unreachable: ${slack.url}: connection reset by the peer (ECONNRESET)`,
    'api open 1: rejected, rejected: answered 307, a redirect, which is never followed: fault: 307',
    `api open 1: failed, timeout: no answer from ${slack.url} in time`,
  ]);
  expect(stage.outcomes.join()).not.toMatch(/hush|T0000/);
});

test('nor is it in a preview, in what `config` shows or in a complaint', async () => {
  const { slack, stage } = await scene(', mode: record');
  await stage.walk(1);
  expect(stage.previews).toEqual([
    {
      target: `POST ${slack.url}/***`,
      body: JSON.stringify(message('degraded', '#ecb22e', 'since 2026-01-20T12:00:00Z')),
    },
  ]);
  const text = `${parts.convertor}${parts.services}dashboards: {page: {kind: slack, webhook_url: "https://hooks.slack.com${path}"}}\n`;
  const loaded = await loadConfig([`${makeFolder({ 'config.yaml': text })}/config.yaml`], {});
  expect(loaded.config && loaded.origins && effectiveYaml(loaded.config, loaded.origins)).toMatch(
    /webhook_url: "\*\*\*"/,
  );
  const { lines } = await load({ 'config.yaml': text.replace('https:', 'ftp:') });
  expect(lines).toBe(
    'config.yaml:3:47: error: dashboards.page.webhook_url: must be an http or https URL. Write it as http://host:port or https://host',
  );
});

test('its file is read again when Slack refuses it', async () => {
  const clock = new FakeClock();
  const slack = await startSlack({ path, clock });
  onTestFinished(() => slack.stop());
  const folder = makeFolder({ hook: `${slack.url}/services/T0000/B1111/old\n` });
  const staged = await stage(`{kind: slack, webhook_url_file: ${folder}/hook}`, undefined, clock);
  slack.fail({ status: 403, body: 'invalid_token' }, { times: 1 });
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${folder}/hook`, `${slack.url}${path}\n`);
  await staged.walk(1);
  expect(slack.requests.map((request) => request.path)).toEqual(['/services/T0000/B1111/old', path]);
  writeFileSync(`${folder}/hook`, `https://elsewhere.example.com${path}\n`);
  slack.refuse('invalid_token');
  await staged.walk(2);
  expect(staged.outcomes.at(-1)).toBe(
    'api change 2: rejected, unauthorized: the file of its URL names another host than at the start: reload the configuration',
  );
  expect(slack.requests.length).toBe(3);
});

test('where its file holds no URL by now, that is said, and nothing breaks', async () => {
  const clock = new FakeClock();
  const slack = await startSlack({ path, clock });
  onTestFinished(() => slack.stop());
  const folder = makeFolder({ hook: `${slack.url}${path}` });
  const staged = await stage(`{kind: slack, webhook_url_file: ${folder}/hook}`, undefined, clock);
  writeFileSync(`${folder}/hook`, 'hush hush');
  slack.refuse('invalid_token');
  await staged.walk(1);
  expect(staged.outcomes).toEqual([
    'api open 1: rejected, unauthorized: the file of its URL is no URL any more: correct it, and reload the configuration',
  ]);
});

test.each([404, 410])(
  'after a %i there is one more attempt where the file has another URL',
  async (status) => {
    const clock = new FakeClock();
    const slack = await startSlack({ path, clock });
    onTestFinished(() => slack.stop());
    const folder = makeFolder({ hook: `${slack.url}/services/T0000/B1111/old` });
    const staged = await stage(`{kind: slack, webhook_url_file: ${folder}/hook}`, undefined, clock);
    slack.fail({ status, body: 'no_service' }, { times: 2 });
    await staged.walk(1);
    expect(staged.outcomes).toEqual([`api open 1: rejected, rejected: answered ${status}: no_service`]);
    writeFileSync(`${folder}/hook`, `${slack.url}${path}`);
    await staged.walk(1);
    expect(slack.requests.map((request) => request.path.split('/').at(-1))).toEqual([
      'old',
      'old',
      path.split('/').at(-1),
    ]);
    expect(staged.outcomes.at(-1)).toBe('api open 1: sent');
  },
);
