/** What a reload does to whoever asks about health, and to what is said of the data source. */
import { expect, onTestFinished, test } from 'vitest';
import { openCurrentDatasource } from '../../../src/collector/datasources/current.ts';
import { KnownQueries } from '../../../src/collector/datasources/known-queries.ts';
import { json } from '../../../src/demo/reply.ts';
import { pace } from '../../../src/model/clock.ts';
import { Failure } from '../../../src/model/failure.ts';
import { FakeClock } from '../../fake-clock.ts';
import { good, goodTracks, question, startMs, startPeer, told } from '../datasources/peer.ts';
import { opened } from '../series/opened.ts';
import { stage } from '../stage.ts';

const sections = (url: string) => ({
  environments: [{ name: 'prod' }],
  datasource: { type: 'prometheus', url },
  metric_templates: { t: { query: 'up', op: 'lt', threshold: 1 } },
  flag_metrics: [{ name: 'up', service: 'api', template: { name: 't' }, environments: [{ name: 'prod' }] }],
  health_metrics: {
    api: { category: 'c', metrics: ['api.up'], expressions: [{ expression: 'api.up', weight: 2 }] },
  },
});

test('what a data source failed at is forgotten by a reload', async () => {
  const { url } = await startPeer(() => json(503, {}));
  const { get, reload } = await stage({}, undefined, sections(url));
  const status = async () => ((await get('/health')).json() as { status: string }).status;
  const ask = () => get('/v1/health?service=api&environment=prod&from=-5min&to=now');
  expect((await ask()).status).toBe(500);
  expect(await status()).toBe('degraded');
  await reload({}, sections(url));
  expect(await status()).toBe('healthy');
  expect((await ask()).status).toBe(500);
  expect(await status()).toBe('degraded');
  await reload({});
  expect((await ask()).status).toBe(409);
  expect(await status()).toBe('healthy');
});

test('who asked something that a data source refuses degrades nothing', async () => {
  const { url } = await startPeer(() => json(400, { status: 'error', errorType: 'bad_data', error: 'no' }));
  const { get, lines } = await stage({}, undefined, sections(url));
  const page = await get('/v1/health?service=api&environment=prod&from=-5min&to=now');
  expect([page.status, page.text]).toEqual([500, '{"message":"The data source failed: rejected"}\n']);
  expect((await get('/health')).json()).toMatchObject({ status: 'healthy' });
  expect(lines().filter(({ msg }) => String(msg).startsWith('No flags'))).toHaveLength(1);
});

test('a data source that is replaced answers what it was asked, and ends when that is over', async () => {
  const { store } = opened();
  const clock = new FakeClock(startMs + 60_000);
  let isAsked: () => void = () => undefined;
  let release: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const old = await startPeer(() => ({ request, response }) => {
    request.resume();
    isAsked();
    release = () => response.end(good('prometheus').body);
  });
  const settings = { type: 'prometheus', url: old.url, timeoutMs: 5_000, headers: {}, tls: {} } as const;
  const datasource = openCurrentDatasource(settings, {
    store,
    clock,
    stepMs: 10_000,
    pause: pace(clock, 5),
    queries: new KnownQueries(),
    fingerprint: JSON.stringify,
  });
  onTestFinished(datasource.stop);
  const before = datasource.current();
  const answer = told(before);
  await asked;
  datasource.reload({ type: 'embedded' });
  expect(datasource.current()).not.toBe(before);
  release();
  expect(await answer).toEqual(goodTracks);
  await clock.advance(5_000);
  expect(clock.waiting).toEqual([]);
  const late = await before.ask(question).catch((error: unknown) => error);
  expect((late as Failure).message).toBe('stopped before an answer came');
  expect(late).toBeInstanceOf(Failure);
});
