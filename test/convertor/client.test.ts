/** The convertor client against every fault that a convertor can have, on real sockets. */
import { expect, test } from 'vitest';
import { openConvertor } from '../../src/convertor/client.ts';
import type { ConvertorSettings } from '../../src/convertor/settings.ts';
import { oddBodies } from '../../src/demo/bodies.ts';
import { type ConvertorOptions, startConvertor } from '../../src/demo/convertor.ts';
import { convertorFaultNames, faultyService } from '../../src/demo/faults.ts';
import { systemClock } from '../../src/model/clock.ts';
import { Failure } from '../../src/model/failure.ts';
import { Secret } from '../../src/model/secret.ts';
import { type Target, targetKey } from '../../src/model/target.ts';
import { mebibyte, peakBytes } from '../memory.ts';

function targetOf(service: string, environment = 'production'): Target {
  const key = targetKey(service, environment);
  return { key, service, environment, component: service, attributes: {}, ids: {}, flags: [] };
}

async function withConvertor<T>(
  options: ConvertorOptions,
  changed: Partial<ConvertorSettings>,
  use: (world: {
    convertor: Awaited<ReturnType<typeof startConvertor>>;
    read: (target: Target) => Promise<string>;
    /** What the journal was told of each request. */
    asked: readonly string[];
  }) => Promise<T>,
): Promise<T> {
  const convertor = await startConvertor(options);
  const asked: string[] = [];
  const client = openConvertor(
    {
      url: convertor.url,
      path: 'auto',
      timeoutMs: 1_000,
      retries: 0,
      maxDataAgeMs: 600_000,
      window: { fromMs: 300_000, toMs: 0 },
      tls: {},
      ...changed,
    },
    systemClock,
    {
      asked: ({ service }, durationMs, failure) =>
        asked.push(`${service} ${failure?.reason ?? 'answered'}${durationMs >= 0 ? '' : ' in no time'}`),
      maintenancesFailed: () => undefined,
      maintenancesDropped: () => undefined,
    },
  );
  /** The status, or the reason why there is none. */
  const read = async (target: Target) => {
    try {
      const reading = await client.read(target);
      return reading.status === undefined ? reading.reason : String(reading.status);
    } catch (error) {
      if (error instanceof Failure) return error.reason;
      throw error;
    }
  };
  try {
    return await use({ convertor, read, asked });
  } finally {
    client.stop();
    await convertor.stop();
  }
}

test.each(convertorFaultNames)('a convertor with the fault %s, and the next target is fine', (fault) =>
  withConvertor({}, { timeoutMs: 600 }, async ({ read }) => {
    const said = await read(targetOf(faultyService('convertor', fault)));
    if (Object.hasOwn(oddBodies, fault)) expect(said).toBe('2');
    else expect(said).not.toMatch(/^[123]$/);
    expect(await read(targetOf('healthy'))).toBe('0');
  }),
);

test('polls keep their connection', () =>
  withConvertor({}, {}, async ({ convertor, read }) => {
    for (let turn = 0; turn < 5; turn++) await read(targetOf('api'));
    expect(new Set(convertor.requests.map((request) => request.socket)).size).toBe(1);
  }));

test('names go out exactly as they are', () =>
  withConvertor({}, {}, async ({ convertor, read }) => {
    const service = 'a&b/c?d#e%f é+g=h "i\' ☃';
    await read(targetOf(service, 'prod & test'));
    const [request] = convertor.requests;
    expect(request?.query).toMatchObject({ service, environment: 'prod & test' });
    expect(request?.rawUrl).toContain('service=a%26b%2Fc%3Fd%23e%25f%20%C3%A9%2Bg%3Dh%20%22i');
  }));

test('the window is the last five minutes, rounded outward to the minute, in UTC', () =>
  withConvertor({}, {}, async ({ convertor, read }) => {
    await read(targetOf('api'));
    const { from = '', to = '' } = convertor.requests[0]?.query ?? {};
    expect([from, to].every((time) => /T\d\d:\d\d:00Z$/.test(time))).toBe(true);
    expect(Date.parse(to) - Date.now()).toBeGreaterThan(-1_000);
    expect(Date.parse(to) - Date.parse(from)).toBeGreaterThanOrEqual(300_000);
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(360_000);
  }));

test('path auto finds the older path, and keeps to it', () =>
  withConvertor({ paths: ['/api/v1/health'] }, {}, async ({ convertor, read }) => {
    expect(await read(targetOf('api'))).toBe('0');
    expect(await read(targetOf('api'))).toBe('0');
    expect(convertor.requests.map((request) => request.path)).toEqual([
      '/v1/health',
      '/api/v1/health',
      '/api/v1/health',
    ]);
  }));

test('path auto does not look elsewhere once a path has answered', () =>
  withConvertor({}, {}, async ({ convertor, read }) => {
    await read(targetOf('api'));
    expect(await read(targetOf(faultyService('convertor', 'status-404')))).toBe('unsupported');
    expect(convertor.requests.map((request) => request.path)).toEqual(['/v1/health', '/v1/health']);
  }));

test('a failure that may pass is tried again inside the deadline', () =>
  withConvertor({}, { timeoutMs: 5_000, retries: 2 }, async ({ convertor, read }) => {
    convertor.fail('status-503', { times: 2 });
    expect(await read(targetOf('api'))).toBe('0');
    const [first, second, third] = convertor.requests.map((request) => request.timeMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(495);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(995);
  }));

test('one deadline covers all attempts', () =>
  withConvertor({}, { timeoutMs: 800, retries: 2 }, async ({ convertor, read }) => {
    const startedMs = performance.now();
    expect(await read(targetOf(faultyService('convertor', 'status-503')))).toBe('failed');
    expect(await read(targetOf(faultyService('convertor', 'hang')))).toBe('timeout');
    expect(performance.now() - startedMs).toBeLessThan(2_400);
    expect(convertor.requests).toHaveLength(3);
  }));

test('a 4xx is never tried again', () =>
  withConvertor({}, { retries: 2 }, async ({ convertor, read }) => {
    expect(await read(targetOf(faultyService('convertor', 'status-429')))).toBe('rate_limited');
    expect(convertor.requests).toHaveLength(1);
  }));

test('nobody follows a redirect', () =>
  withConvertor({}, { retries: 2 }, async ({ convertor, read }) => {
    expect(await read(targetOf(faultyService('convertor', 'redirect')))).toBe('rejected');
    expect(convertor.trap.requests).toHaveLength(0);
  }));

test('a bearer token is sent, and its file read again once after a 401', () =>
  withConvertor(
    {},
    { retries: 2, bearerToken: new Secret('old-token', async () => 'new-token') },
    async ({ convertor, read }) => {
      convertor.fail('status-401', { times: 1 });
      expect(await read(targetOf('api'))).toBe('0');
      expect(convertor.requests.map((request) => request.headers.authorization)).toEqual([
        'Bearer old-token',
        'Bearer new-token',
      ]);
    },
  ));

test('without retries the next reading has the token that the file holds by now', () =>
  withConvertor(
    {},
    { retries: 0, bearerToken: new Secret('old-token', async () => 'new-token') },
    async ({ convertor, read }) => {
      convertor.fail('status-401', { times: 1 });
      expect(await read(targetOf('api'))).toBe('unauthorized');
      expect(await read(targetOf('api'))).toBe('0');
      expect(convertor.requests.at(-1)?.headers.authorization).toBe('Bearer new-token');
    },
  ));

test('a flag that a target has shown before makes a point without it incomplete', () =>
  withConvertor({}, {}, async ({ convertor, read }) => {
    convertor.set('api', 'production', { status: 0, flags: { 'api.slow': false, 'api.down': false } });
    expect(await read(targetOf('api'))).toBe('0');
    convertor.set('api', 'production', { status: 0, flags: { 'api.slow': false } });
    expect(await read(targetOf('api'))).toBe('incomplete');
    convertor.set('api', 'production', { status: 2, flags: { 'api.slow': true } });
    expect(await read(targetOf('api'))).toBe('2');
  }));

test('a flag that a reload adds to the list of a target is needed from then on', () =>
  withConvertor({}, {}, async ({ convertor, read }) => {
    convertor.set('api', 'production', { status: 0, flags: { 'api.slow': false } });
    expect(await read(targetOf('api'))).toBe('0');
    expect(await read({ ...targetOf('api'), flags: ['api.down'] })).toBe('incomplete');
    expect(await read(targetOf('api'))).toBe('0');
  }));

test('memory stays bounded while a convertor floods us', () =>
  withConvertor({}, { timeoutMs: 5_000 }, async ({ read }) => {
    const before = peakBytes();
    const floods = ['huge', 'gzip-bomb', 'brotli-bomb', 'deflate-bomb'] as const;
    for (const fault of floods)
      expect(await read(targetOf(faultyService('convertor', fault)))).toBe('garbled');
    // Each of them is more than 1 GiB. The convertor lives in this process too, so the allowance is for both.
    expect(peakBytes() - before).toBeLessThan(384 * mebibyte);
  }));

test('the journal is told of every request, also of those that were tried again', () =>
  withConvertor({}, { retries: 2 }, async ({ convertor, read, asked }) => {
    convertor.fail('status-503', { times: 1 });
    expect(await read(targetOf('api'))).toBe('0');
    expect(await read(targetOf(faultyService('convertor', 'status-409')))).toBe('unsupported');
    expect(asked).toEqual(['api failed', 'api answered', 'fault-convertor-status-409 unsupported']);
  }));

test('an answer that is too old, or empty, is an answer', () =>
  withConvertor({}, {}, async ({ convertor, read, asked }) => {
    convertor.set('old', 'production', { status: 2, ageMs: 3_600_000 });
    expect(await read(targetOf('old'))).toBe('stale');
    expect(asked).toEqual(['old answered']);
  }));
