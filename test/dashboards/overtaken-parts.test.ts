/** What changes while a request waits for its turn: nothing is published that is no longer true, and nothing is left half. */
import { expect, test } from 'vitest';
import { openDashboard } from '../../src/dashboards/kinds.ts';
import { rateKeeper } from '../../src/dashboards/surroundings.ts';
import type { SharedDashboard, Telling } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import { cachetStage } from './cachet-stage.ts';
import { open, play, steps } from './stackmon-page.ts';
import { statuspageStage } from './statuspage-stage.ts';
import { inTime, needs } from './telling.ts';

type On = Pick<
  Awaited<ReturnType<typeof statuspageStage | typeof cachetStage | typeof play>>,
  'settings' | 'clock' | 'config'
>;

/** Wanted until the page has been asked so many times. */
function untilAsked(page: { readonly requests: readonly unknown[] }, count: number): () => boolean {
  const before = page.requests.length;
  return () => page.requests.length - before < count;
}

async function tell({ settings, clock }: On, tellings: readonly Telling[]): Promise<readonly string[]> {
  const surroundings = { clock, print: () => undefined, reporterId: 'cloudmon-reporter' };
  const rest = { pollIntervalMs: 60_000, rateOf: rateKeeper(clock), note: () => undefined };
  const dashboard = openDashboard(settings, { ...surroundings, ...rest }) as SharedDashboard;
  const results = new Map<Telling, string>();
  const beside = { told: () => [], moved: () => undefined };
  await dashboard.tellAll(
    tellings,
    (telling, result) =>
      void results.set(telling, result instanceof Failure ? result.message : result.outcome),
    new AbortController().signal,
    beside,
  );
  dashboard.stop();
  return tellings.map((telling) => results.get(telling) ?? 'unsettled');
}

test('statuspage: who recovers before the incident is opened is not in it', async () => {
  const on = await statuspageStage('', ['api', 'web']);
  const [api, web] = on.config.reporter.targets;
  // The list of components is asked for first.
  const gone = needs(api, 'open', { isWanted: untilAsked(on.page, 1) });
  expect(await tell(on, [gone, needs(web, 'open')])).toEqual(['nothing is left to tell', 'sent']);
  expect(on.shown()).toEqual(['API: operational', 'WEB: degraded_performance']);
  expect(on.page.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('statuspage: where all of them have recovered, nothing is opened', async () => {
  const on = await statuspageStage('', ['api', 'web']);
  const [api, web] = on.config.reporter.targets;
  const isWanted = untilAsked(on.page, 1);
  const both = [needs(api, 'open', { isWanted }), needs(web, 'open', { isWanted })];
  expect(await tell(on, both)).toEqual(['nothing is left to tell', 'nothing is left to tell']);
  expect(on.page.incidents).toEqual([]);
});

test('statuspage: who is ill again before the incident is changed stays in it', async () => {
  const on = await statuspageStage('', ['api', 'web']);
  await on.cycle({ api: 1, web: 1 });
  const [reference] = on.open();
  const [api, web] = on.config.reporter.targets;
  const ill = needs(api, 'close', { told: 1, reference, isWanted: untilAsked(on.page, 1) });
  const well = needs(web, 'close', { told: 1, reference });
  expect(await tell(on, [ill, well])).toEqual(['nothing is left to tell', 'sent']);
  expect(on.shown()).toEqual(['API: degraded_performance', 'WEB: operational']);
  expect(on.open()).toEqual([reference]);
});

test('statuspage: nor is who recovers while the opening waits for its turn', async () => {
  const on = await statuspageStage(', rate: {requests: 1, per: 60}', ['api', 'web']);
  const [api, web] = on.config.reporter.targets;
  const beginMs = on.clock.monotonic();
  const gone = needs(api, 'open', { isWanted: () => on.clock.monotonic() - beginMs < 60_000 });
  const told = tell(on, [gone, needs(web, 'open')]);
  expect(await inTime(on, told)).toEqual(['nothing is left to tell', 'sent']);
  expect(on.shown()).toEqual(['API: operational', 'WEB: degraded_performance']);
  expect(on.page.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

test('stackmon-v2: what is over before it is reported is not reported', async () => {
  const on = await play(['API', 'Web']);
  const [api, web] = on.config.reporter.targets;
  // The components and the open events are asked for first; then the other one is reported.
  const gone = needs(web, 'open', { isWanted: untilAsked(on.page, 3) });
  expect(await tell(on, [needs(api, 'open'), gone])).toEqual(['sent', 'nothing is left to tell']);
  expect(steps(on.page)).toEqual(['POST /v2/events of 1 impact 1']);
  expect(open(on.page)).toHaveLength(1);
});

test('stackmon-v2: nor is it while it waits for its turn', async () => {
  const on = await play(['API'], ', rate: {requests: 2, per: 60}');
  const [api] = on.config.reporter.targets;
  const beginMs = on.clock.monotonic();
  const gone = needs(api, 'open', { isWanted: () => on.clock.monotonic() - beginMs < 60_000 });
  expect(await inTime(on, tell(on, [gone]))).toEqual(['nothing is left to tell']);
  expect(steps(on.page)).toEqual([]);
});

for (const version of [2, 3] as const) {
  test(`cachet ${version}: what is over before it is opened is not opened`, async () => {
    const on = await cachetStage(version);
    const [api] = on.config.reporter.targets;
    const gone = needs(api, 'open', { isWanted: untilAsked(on.page, 1) });
    expect(await tell(on, [gone])).toEqual(['nothing is left to tell']);
    expect(on.page.incidents).toEqual([]);
  });

  test(`cachet ${version}: what is ill again before its component is set stays open`, async () => {
    const on = await cachetStage(version);
    await on.walk(1);
    const [api] = on.config.reporter.targets;
    const ill = needs(api, 'close', { told: 1, reference: '1', isWanted: untilAsked(on.page, 1) });
    expect(await tell(on, [ill])).toEqual(['nothing is left to tell']);
    expect([on.said().map(([status]) => status), on.shown()]).toEqual([[1], [2]]);
  });

  test(`cachet ${version}: what is ill again after that is closed as a whole`, async () => {
    const on = await cachetStage(version);
    await on.walk(1);
    const before = on.page.requests.length;
    const [api] = on.config.reporter.targets;
    const isUnset = () => on.page.requests.slice(before).every(({ method }) => method !== 'PUT');
    const ill = needs(api, 'close', { told: 1, reference: '1', isWanted: isUnset });
    expect(await tell(on, [ill])).toEqual(['sent']);
    expect([on.said().map(([status]) => status), on.shown()]).toEqual([[4], [1]]);
  });
}
