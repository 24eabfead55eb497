/** What a convertor announces as maintenance: asked rarely, read strictly, and held until it ends. */
import { expect, onTestFinished, test } from 'vitest';
import { decodeAnnouncements } from '../../src/convertor/announcements.ts';
import { openConvertor } from '../../src/convertor/client.ts';
import type { ConvertorSettings } from '../../src/convertor/settings.ts';
import { type ConvertorOptions, startConvertor } from '../../src/demo/convertor.ts';
import { hang, reset } from '../../src/demo/wire.ts';
import { announcedWindows, joinedWindows } from '../../src/maintenance/announced.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import { Failure } from '../../src/model/failure.ts';
import { limits } from '../../src/model/limits.ts';
import { Secret } from '../../src/model/secret.ts';
import { drawing } from '../chance.ts';
import { FakeClock } from '../fake-clock.ts';

const minuteMs = 60_000;
const start = '2026-01-20T11:00:00Z';
const end = '2026-01-20T13:00:00Z';
const api = { service: 'api', environment: 'production', attributes: { region: 'EU-DE' } };
const entry = { service: 'api', region: 'EU-DE', start, end, reason: 'new disks' };

/** Whether the target is under maintenance at 12:00 when the convertor lists this. */
function check(entries: unknown, expected: { readonly isHeld?: boolean; readonly dropped?: number }) {
  const { list, droppedCount } = decodeAnnouncements(entries);
  const window = announcedWindows(list).around(api, Date.parse('2026-01-20T12:00:00Z'));
  expect({ isHeld: window !== undefined, dropped: droppedCount }).toEqual({
    isHeld: false,
    dropped: 0,
    ...expected,
  });
}

const garbage: readonly (readonly [string, unknown])[] = [
  ['no object', 'api'],
  ['nothing', null],
  ['a list', [entry]],
  ['no service', { ...entry, service: undefined }],
  ['an empty service', { ...entry, service: '' }],
  ['a service that is no text', { ...entry, service: ['api'] }],
  ['a service of two lines', { ...entry, service: 'api\napi' }],
  ['a service that is too long', { ...entry, service: 'a'.repeat(201) }],
  ['a region that is no text', { ...entry, region: 5 }],
  ['no beginning', { ...entry, start: undefined }],
  ['a beginning without a zone', { ...entry, start: '2026-01-20T11:00:00' }],
  ['a beginning in words', { ...entry, start: 'yesterday' }],
  ['a beginning in no number', { ...entry, start: -1 }],
  ['no end', { ...entry, end: undefined }],
  ['an end of null', { ...entry, end: null }],
  ['an end before the beginning', { ...entry, end: '2026-01-20T10:59:59Z' }],
  ['an end at the beginning', { ...entry, end: start }],
  ['an end on no day', { ...entry, end: '2026-02-30T25:00:00Z' }],
];

test.each(garbage)('an entry with %s counts for nothing, and the others stand', (_, odd) => {
  check([odd], { dropped: 1 });
  check([odd, entry, odd], { isHeld: true, dropped: 2 });
});

test.each([{}, 'maintenance', null, { maintenances: [entry] }, 5])(
  'what is no list is refused: %j',
  (answer) => {
    expect(() => decodeAnnouncements(answer)).toThrow(Failure);
  },
);

const seconds = (text: string) => Date.parse(text) / 1000;

test('an end may be called to, and a time may be a number', () => {
  check([{ ...entry, end: undefined, to: end }], { isHeld: true });
  check([{ ...entry, start: seconds(start), end: seconds(end) * 1000 }], { isHeld: true });
  check([{ ...entry, start: '2026-01-20T13:30:00+01:00' }], { isHeld: false });
});

test('a region is the name of the environment, or the attribute of the target; without one it is everywhere', () => {
  for (const region of ['production', 'EU-DE', '', null, undefined])
    check([{ ...entry, region }], { isHeld: true });
  for (const region of ['staging', 'eu-de', 'EU', '*']) check([{ ...entry, region }], { isHeld: false });
  check([{ ...entry, service: '*' }], { isHeld: false });
  check([{ ...entry, service: 'web' }], { isHeld: false });
});

test('a reason is one line of bounded length, or left out', () => {
  const reasonOf = (reason: unknown) => decodeAnnouncements([{ ...entry, reason }]).list[0]?.reason;
  expect(reasonOf('new\u001b[31m\r\ndisks')).toBe('new [31m disks');
  expect(reasonOf('x'.repeat(10_000))?.length).toBe(limits.announcedReasonCharactersMax);
  for (const none of [undefined, null, '', 5, {}]) expect(reasonOf(none)).toBeUndefined();
});

test('of too many entries the first are kept, and the rest are counted', () => {
  const many = Array.from({ length: limits.announcedMax + 7 }, (_, index) => ({
    ...entry,
    service: `s${index}`,
  }));
  const { list, droppedCount } = decodeAnnouncements(many);
  expect([list.length, droppedCount]).toEqual([limits.announcedMax, 7]);
});

test('together with what is configured, the window that ends last counts', async () => {
  const at = (hours: number) => hours * 3_600_000;
  const about = { services: ['api'], environments: ['*'] };
  const configured = await openMaintenance([{ ...about, fromMs: at(1), toMs: at(5), reason: 'ours' }]);
  const announced = announcedWindows([
    { service: 'api', fromMs: at(2), toMs: at(7), reason: 'theirs' },
    { service: 'api', fromMs: at(0), toMs: at(3) },
  ]);
  const { around, between } = joinedWindows([configured, announced]);
  const reasons = [0, 1, 2, 4, 6, 7].map((hour) => around(api, at(hour))?.reason ?? 'none');
  expect(reasons).toEqual(['none', 'ours', 'theirs', 'theirs', 'theirs', 'none']);
  const web = { ...api, service: 'web' };
  const found = await between([web, api], 0, at(24), () => undefined);
  expect(found.map(({ target, fromMs, toMs }) => [target.service, fromMs, toMs])).toEqual([
    ['api', at(0), at(3)],
    ['api', at(1), at(5)],
    ['api', at(2), at(7)],
  ]);
});

test('whatever is announced, around and between say the same as a look at every entry', async () => {
  const upTo = drawing(7);
  const targets = ['a', 'b', 'c'].flatMap((service) =>
    ['x', 'y'].map((environment) => ({ service, environment, attributes: { region: upTo(2) ? 'r' : 's' } })),
  );
  for (let turn = 0; turn < 200; turn++) {
    const list = Array.from({ length: upTo(12) }, () => {
      const fromMs = upTo(50);
      const region = [undefined, 'x', 'y', 'r', 's'][upTo(5)];
      const service = ['a', 'b', 'c', 'd'][upTo(4)] ?? '';
      return { service, fromMs, toMs: fromMs + 1 + upTo(20), ...(region !== undefined && { region }) };
    });
    const windows = announcedWindows(list);
    const fits = ({ service, region }: (typeof list)[number], target: (typeof targets)[number]) =>
      service === target.service &&
      [undefined, target.environment, target.attributes.region].includes(region);
    for (const target of targets) {
      const mine = list.filter((each) => fits(each, target));
      for (let nowMs = 0; nowMs < 70; nowMs += 7) {
        const ends = mine
          .filter(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)
          .map(({ toMs }) => toMs);
        expect(windows.around(target, nowMs)?.toMs).toBe(ends.length > 0 ? Math.max(...ends) : undefined);
      }
      const found = await windows.between([target], 10, 30, () => undefined);
      expect(found.length).toBe(mine.filter(({ fromMs, toMs }) => fromMs < 30 && toMs > 10).length);
    }
  }
});

const usual: Omit<ConvertorSettings, 'url'> = {
  path: 'auto',
  timeoutMs: 1_000,
  retries: 2,
  maxDataAgeMs: 600_000,
  window: { fromMs: 300_000, toMs: 0 },
  tls: {},
};

async function stage(options: ConvertorOptions = {}, changed: Partial<ConvertorSettings> = {}) {
  const convertor = await startConvertor(options);
  const clock = new FakeClock();
  const heard: string[] = [];
  const { maintenances, stop } = openConvertor({ ...usual, url: convertor.url, ...changed }, clock, {
    asked: () => undefined,
    maintenancesFailed: ({ reason, message }) => heard.push(`${reason}: ${message}`),
    maintenancesDropped: (count) => heard.push(`${count} dropped`),
  });
  const { look, windows } = maintenances;
  onTestFinished(async () => {
    stop();
    await convertor.stop();
  });
  const { requests, announce } = convertor.maintenances;
  /** What is told of the target in a cycle; its answer has come by then, if one comes. */
  const cycle = async (count = requests.length) => {
    look();
    await expect.poll(() => requests.length, { interval: 2 }).toBeGreaterThanOrEqual(count);
    const known = await windows(0);
    return known.around(api, clock.now())?.reason;
  };
  const paths = () => requests.map(({ path }) => path);
  return { convertor, clock, heard, look, windows, stop, cycle, announce, requests, paths };
}

test('a convertor without the page is asked at both places, and again a quarter of an hour later', async () => {
  const { clock, heard, cycle, paths } = await stage();
  expect(await cycle(2)).toBeUndefined();
  for (let minute = 0; minute < 14; minute++) {
    await clock.advance(minuteMs);
    await cycle();
  }
  expect(paths()).toEqual(['/v1/maintenances', '/api/v1/maintenances']);
  await clock.advance(minuteMs);
  await cycle(4);
  expect(paths().length).toBe(4);
  expect(heard).toEqual([]);
});

test.each([
  ['auto', ['/v1/maintenances', '/api/v1/maintenances']],
  ['/v1/health', ['/v1/maintenances', '/api/v1/maintenances']],
  ['/api/v1/health', ['/api/v1/maintenances', '/v1/maintenances']],
  ['/eu/api/v1/health', ['/eu/api/v1/maintenances', '/eu/v1/maintenances']],
  ['/render', ['/maintenances']],
])('beside the path %s lies %j', async (path, expected) => {
  const { cycle, paths } = await stage({}, { path });
  await cycle(expected.length);
  expect(paths()).toEqual(expected);
});

test('the first cycle waits for the first answer, and no longer than it may', async () => {
  const { announce, look, windows, clock } = await stage();
  announce([entry]);
  look();
  expect((await windows(minuteMs)).around(api, clock.now())?.reason).toBe('new disks');

  const slow = await stage({}, { timeoutMs: 5_000 });
  slow.announce(hang);
  slow.look();
  let isDone = false;
  const waiting = slow.windows(3_000).then((known) => {
    isDone = true;
    return known;
  });
  await slow.clock.advance(2_999);
  expect(isDone).toBe(false);
  await slow.clock.advance(1);
  expect((await waiting).around(api, slow.clock.now())).toBeUndefined();
  await slow.clock.advance(minuteMs);
  slow.look();
  expect((await slow.windows(3_000)).around(api, slow.clock.now())).toBeUndefined();
});

test('it is asked once a minute, and once a cycle where a cycle takes longer', async () => {
  const { announce, clock, look, windows, requests } = await stage();
  announce([entry]);
  for (let second = 0; second < 180; second++) {
    for (let target = 0; target < 3; target++) look();
    await windows(second === 0 ? minuteMs : 0);
    await expect.poll(() => requests.length, { interval: 2 }).toBe(1 + Math.floor(second / 59));
    await clock.advance(1_000);
  }
  const before = requests.length;
  await clock.advance(minuteMs);
  look();
  await expect.poll(() => requests.length, { interval: 2 }).toBe(before + 1);
  for (let minute = 0; minute < 3; minute++) {
    await clock.advance(minuteMs);
    look();
  }
  expect(requests.length).toBe(before + 1);
});

test('a failure changes nothing of what is known, is told once, and what ended has ended', async () => {
  const { announce, clock, cycle, heard, requests } = await stage();
  announce([entry]);
  await cycle(1);
  await expect.poll(() => cycle()).toBe('new disks');
  announce({ status: 503 });
  for (let turn = 0; turn < 3; turn++) {
    await clock.advance(minuteMs);
    expect(await cycle(requests.length + 1)).toBe('new disks');
  }
  await expect.poll(() => heard.length).toBe(1);
  announce({ status: 200, body: '<html>' });
  await clock.advance(minuteMs);
  await cycle(requests.length + 1);
  await expect.poll(() => heard[1]).toBe('garbled: the answer is HTML, not JSON');
  announce(undefined);
  await clock.advance(minuteMs);
  expect(await cycle(requests.length + 2)).toBe('new disks');
  await clock.advance(60 * minuteMs);
  expect(await cycle()).toBeUndefined();
  expect(heard).toEqual(['failed: answered 503', 'garbled: the answer is HTML, not JSON']);
});

test('that the convertor is not there at all is no news of this page', async () => {
  const { announce, cycle, heard, clock, requests } = await stage();
  announce(reset);
  await cycle(1);
  await clock.advance(minuteMs);
  announce([entry]);
  await cycle(requests.length + 1);
  await expect.poll(() => cycle()).toBe('new disks');
  expect(heard).toEqual([]);
});

test('an answer replaces the one before', async () => {
  const { announce, clock, cycle, heard, requests } = await stage();
  announce([entry, 'garbage']);
  await cycle(1);
  await expect.poll(() => cycle()).toBe('new disks');
  announce([]);
  await clock.advance(minuteMs);
  await cycle(requests.length + 1);
  await expect.poll(() => cycle()).toBeUndefined();
  expect(heard).toEqual(['1 dropped']);
});

const hostile: readonly (readonly [string, string | Buffer])[] = [
  ['nested too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['too large', Buffer.alloc(limits.answerBytesMax + 1, ' ')],
  ['empty', ''],
];

test.each(hostile)('an answer that is %s is refused', async (_, body) => {
  const { announce, cycle, heard } = await stage();
  announce({ body });
  expect(await cycle(1)).toBeUndefined();
  await expect.poll(() => heard.length).toBe(1);
  expect(heard[0]).toMatch(/^garbled: /);
});

test('the token goes with the question, and is read again where it is refused', async () => {
  const bearerToken = new Secret('old', async () => 'new');
  const { announce, cycle, heard, requests } = await stage({ bearerToken: 'new' }, { bearerToken });
  announce([entry]);
  await cycle(2);
  await expect.poll(() => cycle()).toBe('new disks');
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  expect(heard).toEqual([]);
});

test('who stops is not told that it stopped', async () => {
  const { announce, look, windows, stop, heard, requests } = await stage();
  announce(hang);
  look();
  await expect.poll(() => requests.length, { interval: 2 }).toBe(1);
  const waiting = windows(minuteMs);
  stop();
  await waiting;
  expect(heard).toEqual([]);
});
