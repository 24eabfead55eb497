/** What a page for people shows of the window. */
import { expect, test } from 'vitest';
import { windowFacts } from '../../../src/collector/window/facts.ts';
import { limits } from '../../../src/model/limits.ts';
import { stage } from './stage.ts';

test('nothing of nothing', () => {
  expect(windowFacts(stage().window)).toEqual({ services: [], servicesCount: 0 });
});

test('each service with its share of errors among what was answered', () => {
  const { window, push } = stage();
  for (const statusCode of [200, 404, 500, 599]) push({ service: 'api', statusCode, ip: '10.0.0.1' });
  push({ service: 'api', latencyMs: 12, ip: '10.0.0.2' });
  push({ service: 'web' });
  expect(windowFacts(window)).toEqual({
    services: [
      { service: 'api', requests: 5, errorShare: 0.5, averageLatencyMs: 12, uniqueIps: 2 },
      { service: 'web', requests: 1, errorShare: undefined, averageLatencyMs: undefined, uniqueIps: 0 },
    ],
    servicesCount: 2,
  });
});

test('those with the most requests, and how many there are', () => {
  const { window, push } = stage();
  for (let i = 0; i < limits.servicesShown + 7; i++) {
    for (let again = 0; again <= i; again++) push({ service: `s${i}` });
  }
  const { services, servicesCount } = windowFacts(window);
  expect([services.length, servicesCount]).toEqual([limits.servicesShown, limits.servicesShown + 7]);
  expect(services[0]).toMatchObject({ service: `s${limits.servicesShown + 6}` });
});
