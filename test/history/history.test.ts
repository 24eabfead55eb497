/** What a history writes of the work that it hears. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../src/model/failure.ts';
import { action, api, noData, openScene, reading, type Scene, web } from './scene.ts';

/** Lets `hear` happen to an open history and compares what is written then, but for its beginning. */
async function check(
  hear: (scene: Scene) => void | Promise<void>,
  expected: readonly string[],
): Promise<void> {
  const scene = openScene();
  await hear(scene);
  await scene.history.stop();
  expect(scene.lines()).toEqual(['{"type":"start"}', ...expected, '{"type":"stop"}', '']);
  expect(scene.said).toEqual([]);
}

const healthy =
  '{"type":"observed","service":"api","environment":"production","status":0,"observed":"2026-10-05T12:00:00Z"}';

test('the first reading of a target is written, the same again is not', () =>
  check(
    ({ history, clock }) => {
      history.read(reading(api, 0, clock));
      history.read(reading(api, 0, clock));
    },
    [healthy],
  ));

test('a change is written with what made the convertor decide', () =>
  check(
    ({ history, clock }) => {
      const triggered = [{ name: 'api.slow', query: 'latency', op: 'gt', threshold: 400 }];
      history.read(reading(api, 1, clock, { category: 'api', matchedExpression: 'api.slow', triggered }));
    },
    [
      '{"type":"observed","service":"api","environment":"production","status":1,"observed":"2026-10-05T12:00:00Z","category":"api","matched_expression":"api.slow","triggered":[{"name":"api.slow","query":"latency","op":"gt","threshold":400}]}',
    ],
  ));

test('another expression is a change, other flags alone are none', () =>
  check(
    ({ history, clock }) => {
      history.read(reading(api, 1, clock, { matchedExpression: 'a', triggered: [{ name: 'a' }] }));
      history.read(reading(api, 1, clock, { matchedExpression: 'a', triggered: [{ name: 'b' }] }));
      history.read(reading(api, 1, clock, { matchedExpression: 'b', triggered: [{ name: 'b' }] }));
    },
    ['a', 'b'].map(
      (name) =>
        `{"type":"observed","service":"api","environment":"production","status":1,"observed":"2026-10-05T12:00:00Z","matched_expression":"${name}","triggered":[{"name":"${name}"}]}`,
    ),
  ));

test('no data is written with its reason, but not when we are stopping', () =>
  check(
    ({ history }) => {
      history.read(noData(api));
      history.read(noData(api, 'stopped'));
    },
    [
      '{"type":"observed","service":"api","environment":"production","reason":"timeout","detail":"no answer within 10 s"}',
    ],
  ));

test('a silence that counts as a status says both', () =>
  check(
    ({ history, clock }) => history.read({ ...reading(api, 2, clock), insteadOf: noData(api) }),
    [
      '{"type":"observed","service":"api","environment":"production","status":2,"observed":"2026-10-05T12:00:00Z","reason":"timeout","detail":"no answer within 10 s"}',
    ],
  ));

const opened =
  '{"type":"delivered","service":"api","environment":"production","dashboard":"public","action":"open","status":1,"incident":"0123456789ab",';

test('a delivery is written with its attempts and the answer', () =>
  check(
    ({ history, clock }) => {
      const open = action('open', 1, clock);
      history.attempted(open);
      history.attempted(open);
      const answer = { outcome: 'sent', reference: 'p8x2k', httpStatus: 201, note: 'seen' } as const;
      history.delivered(open, 'sent', undefined, answer);
    },
    [`${opened}"outcome":"sent","attempts":2,"http_status":201,"reference":"p8x2k","note":"seen"}`],
  ));

test('a delivery that failed says why, and what fails the same way again is only counted', () =>
  check(
    ({ history, clock }) => {
      const failure = new Failure('dashboard', 'failed', 'the dashboard answers 503', { httpStatus: 503 });
      for (let times = 0; times < 3; times++) {
        history.attempted(action('open', 1, clock));
        history.delivered(action('open', 1, clock), 'failed', failure, undefined);
      }
      history.attempted(action('open', 1, clock));
      history.delivered(action('open', 1, clock), 'sent', undefined, { outcome: 'sent' });
    },
    [
      `${opened}"outcome":"failed","attempts":1,"http_status":503,"reason":"failed","detail":"the dashboard answers 503"}`,
      `${opened}"outcome":"sent","attempts":1,"unwritten":2}`,
    ],
  ));

test('a repeat that ends as the last delivery did is not written, and a close says 0', () =>
  check(
    ({ history, clock }) => {
      for (const type of ['open', 'repeat', 'repeat', 'close'] as const) {
        history.attempted(action(type, 1, clock));
        history.delivered(action(type, 1, clock), 'sent', undefined, { outcome: 'sent' });
      }
    },
    [
      `${opened}"outcome":"sent","attempts":1}`,
      `${opened.replace('open', 'close').replace('1', '0')}"outcome":"sent","attempts":1,"unwritten":2}`,
    ],
  ));

test('what is only recorded is written once', () =>
  check(
    ({ history, clock }) => {
      const preview = [
        { target: 'PUT https://dashboard.example.com/api/1', body: '{}' },
        { target: 'POST https://dashboard.example.com/api', body: '{}' },
      ];
      history.recorded(action('open', 1, clock), preview);
      history.recorded(action('repeat', 1, clock), preview);
    },
    [
      '{"type":"recorded","service":"api","environment":"production","dashboard":"public","action":"open","status":1,"incident":"0123456789ab","request":"PUT https://dashboard.example.com/api/1, POST https://dashboard.example.com/api"}',
    ],
  ));

test('maintenance says from when until when, and that it is over', () =>
  check(
    ({ history, clock }) => {
      const window = { fromMs: clock.now(), toMs: clock.now() + 3_600_000, reason: 'database' };
      history.maintenanceBegan(api, window);
      history.maintenanceOver(api);
    },
    [
      '{"type":"maintenance","service":"api","environment":"production","from":"2026-10-05T12:00:00.000Z","until":"2026-10-05T13:00:00.000Z","maintenance":"database"}',
      '{"type":"maintenance_over","service":"api","environment":"production"}',
    ],
  ));

test('maintenance that is told afterwards does not change what was', () =>
  check(
    ({ history, clock }) =>
      history.maintenanceBegan(api, { fromMs: clock.now() - 86_400_000, toMs: clock.now() + 1 }),
    [
      '{"type":"maintenance","service":"api","environment":"production","from":"2026-10-05T12:00:00.000Z","until":"2026-10-05T12:00:00.001Z"}',
    ],
  ));

test('a target that is gone after a reload is said, and is not spoken of any more', () =>
  check(
    ({ history, clock }) => {
      history.configured([api]);
      history.read(reading(api, 0, clock));
      history.configured([web]);
      history.read(reading(api, 1, clock));
      history.maintenanceBegan(api, { fromMs: 0, toMs: 1 });
    },
    [
      '{"type":"configured","targets":1}',
      healthy,
      '{"type":"configured","targets":1}',
      '{"type":"gone","service":"api","environment":"production"}',
    ],
  ));

test('only the first cycle says that everything has been looked at', () =>
  check(
    ({ history }) => {
      history.cycleDone();
      history.cycleDone();
    },
    ['{"type":"ready"}'],
  ));

test('there is a heartbeat a minute, and none after the end', async () => {
  const { history, clock, lines, folder } = openScene();
  await clock.advance(120_000);
  await history.stop();
  expect(lines()).toEqual([
    '{"type":"start"}',
    '{"type":"alive"}',
    '{"type":"alive"}',
    '{"type":"stop"}',
    '',
  ]);
  expect(clock.waiting).toEqual([]);
  expect(statSync(join(folder, 'history-2026-10')).mode & 0o777).toBe(0o600);
});

test('the file of a month begins with everything that is known', async () => {
  const { history, clock, lines } = openScene('2026-10-31T23:59:30Z');
  history.read(reading(api, 2, clock));
  history.maintenanceBegan(api, { fromMs: clock.now(), toMs: clock.now() + 3_600_000 });
  await clock.advance(60_000);
  await history.stop();
  expect(lines('2026-11')).toEqual([
    '{"type":"observed","service":"api","environment":"production","status":2,"observed":"2026-10-31T23:59:30Z","again":true}',
    '{"type":"maintenance","service":"api","environment":"production","from":"2026-10-31T23:59:30.000Z","until":"2026-11-01T00:59:30.000Z","again":true}',
    '{"type":"alive"}',
    '{"type":"stop"}',
    '',
  ]);
});

test('no token and no endless text gets into a line', async () => {
  const { history, clock, folder } = openScene();
  const said = `refused: eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln ${'x'.repeat(20_000)}`;
  history.delivered(
    action('open', 1, clock),
    'rejected',
    new Failure('dashboard', 'rejected', said),
    undefined,
  );
  const triggered = Array.from({ length: 100 }, () => ({
    name: 'y'.repeat(5_000),
    query: 'z'.repeat(5_000),
  }));
  history.read(reading(api, 1, clock, { triggered }));
  await history.stop();
  const lines = readFileSync(join(folder, 'history-2026-10'), 'utf8').split('\n');
  expect(lines[1]).toContain('"detail":"refused: *** xxx');
  expect(lines.slice(1, 3).map((line) => line.length < 1_000)).toEqual([true, true]);
  expect(lines[2]).toContain('"status":1');
});
