/** How `status` prints what is open depends on how wide the terminal is that shows it. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { addStatus } from '../../src/cli/status.ts';
import { pageMark } from '../../src/config/page-mark.ts';
import type { KindSettings } from '../../src/dashboards/kinds.ts';
import { targetKey } from '../../src/model/target.ts';
import { pageName, placeKey } from '../../src/reporter/place.ts';
import { file } from '../process/program.ts';
import { scene } from '../state/scene.ts';

/** One incident on `public`, which could not be told. */
async function configured(): Promise<string> {
  const { directory, open } = scene();
  const store = await open();
  const page = pageName(
    { name: 'public', mark: pageMark({ kind: 'console', url: '' } as KindSettings) },
    false,
  );
  store.put(placeKey(page, targetKey('shop', 'production')), {
    incident: {
      id: 'an-id',
      dashboard: 'public',
      sinceMs: Date.parse('2026-01-20T11:57:00Z'),
      member: {
        key: targetKey('shop', 'production'),
        service: 'shop',
        environment: 'production',
        component: 'Shop',
      },
    },
    told: { status: 1, atMs: Date.parse('2026-01-20T11:58:00Z') },
    reference: 'p31zjtct2jer',
    trouble: {
      reason: 'unauthorized',
      text: 'answered 401',
      sinceMs: Date.parse('2026-01-20T11:59:00Z'),
    },
  });
  await store.stop();
  return file(`
convertor: {url: "http://127.0.0.1:1"}
dashboards: {public: {kind: console}}
reporter: {services: [{name: shop, component: Shop}], state_dir: ${directory}}
`);
}

async function printed(columnsCount: number | undefined, ...args: readonly string[]): Promise<string> {
  let text = '';
  const print = (more: string) => {
    text += more;
  };
  const io: Partial<Io> = { env: {}, print, printError: print, columnsCount: () => columnsCount };
  const program = new Command().exitOverride();
  addStatus(program, io as Io);
  await program.parseAsync(['status', '-c', await configured(), ...args], { from: 'user' });
  return text.replace(/From the state in .*\n/, '');
}

const head = /^DASHBOARD {2}COMPONENT {16}STATUS {4}NOW/;

test('a table where nobody says how wide it may be, or there is room for it', async () => {
  expect(await printed(undefined)).toMatch(head);
  const width = Math.max(...(await printed(undefined)).split('\n').map((line) => line.length));
  expect(await printed(width)).toMatch(head);
  expect(await printed(width - 1)).not.toMatch(head);
});

test('a block of lines for each incident where the terminal is narrower', async () => {
  expect(await printed(80)).toBe(`public: Shop (shop, production)
  STATUS degraded  SINCE 2026-01-20T11:57:00Z  TOLD 2026-01-20T11:58:00Z
  REFERENCE p31zjtct2jer
  HELD BACK fails since 2026-01-20T11:59:00Z: unauthorized: answered 401
`);
});

test('JSON is the same for everybody', async () => {
  expect(JSON.parse(await printed(20, '--format', 'json'))).toMatchObject({
    incidents: [{ word: 'degraded' }],
  });
});
