/** The id of a component in the configuration, whatever its dashboard is called. */
import { expect, test } from 'vitest';
import { componentFinder } from '../../src/dashboards/components.ts';
import { configuredId } from '../../src/model/configured-id.ts';
import { FakeClock } from '../fake-clock.ts';
import { targetOf } from '../reporter/cast.ts';

test.each(['constructor', 'toString', 'valueOf', '__proto__'])(
  'a dashboard may be called %s',
  async (dashboard) => {
    const target = targetOf('api');
    expect(configuredId(target, dashboard)).toBe(undefined);
    const ids = JSON.parse(`{"${dashboard}":"c7"}`) as Record<string, string>;
    expect(configuredId({ ...target, ids }, dashboard)).toBe('c7');
    const list = async () => [{ id: 'c1', name: target.component }];
    const parts = { dashboard, list, clock: new FakeClock(), pollIntervalMs: 60_000, note: () => undefined };
    expect(await componentFinder(parts)(target, new AbortController().signal)).toBe('c1');
  },
);
