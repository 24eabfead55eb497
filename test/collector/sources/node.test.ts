/** This host's own metrics: from texts by hand, and from the real /proc. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openNode } from '../../../src/collector/sources/node.ts';
import { interfaceBytes, type NodeReads, thisNode } from '../../../src/collector/sources/node-reads.ts';
import { systemClock } from '../../../src/model/clock.ts';
import { Failure } from '../../../src/model/failure.ts';
import { FakeClock } from '../../fake-clock.ts';

const meminfo = `MemTotal:       24684084 kB
MemFree:        23828820 kB
MemAvailable:    6171021 kB
SwapTotal:             0 kB
`;

function netDev(lines: readonly string[]): string {
  const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
  return head + lines.map((line) => `${line}\n`).join('');
}

const quiet: NodeReads = {
  cpus: () => [{ user: 0, nice: 0, sys: 0, idle: 1, irq: 0 }],
  memory: () => ({ total: 8, free: 2 }),
  uptimeSeconds: () => 12.5,
  fileSystem: async () => ({ blocks: 100, bfree: 40, bavail: 30 }),
  meminfo: async () => meminfo,
  netDev: async () => netDev([]),
};

/** Metrics by name; `flaw`: what is said about what is missing; only this where all failed. */
async function ask(node: ReturnType<typeof openNode>): Promise<Record<string, number | string>> {
  try {
    const { families, flaw } = await node.ask();
    const values = families.flatMap(({ samples }) => samples.map(({ name, value }) => [name, value]));
    return { ...Object.fromEntries(values), ...(flaw && { flaw: `${flaw.reason}: ${flaw.message}` }) };
  } catch (error) {
    if (error instanceof Failure) return { failure: `${error.reason}: ${error.message}` };
    throw error;
  }
}

/** Asks as often as there are steps, 10 s apart; each step changes what the host tells. */
async function check(
  steps: readonly Partial<NodeReads>[],
  expected: Readonly<Record<string, number | string | undefined>>,
) {
  const clock = new FakeClock();
  let reads = { ...quiet };
  const live: NodeReads = {
    cpus: () => reads.cpus(),
    memory: () => reads.memory(),
    uptimeSeconds: () => reads.uptimeSeconds(),
    fileSystem: () => reads.fileSystem(),
    meminfo: () => reads.meminfo(),
    netDev: () => reads.netDev(),
  };
  const node = openNode(5_000, live, clock);
  let said: Record<string, number | string> = {};
  for (const step of steps) {
    reads = { ...quiet, ...step };
    said = await ask(node);
    await clock.advance(10_000);
  }
  const looked = Object.keys(expected).map((name) => [name, said[name]]);
  expect(Object.fromEntries(looked)).toEqual(expected);
  expect(clock.waiting).toEqual([]);
}

const cores = (...idleAndUser: readonly (readonly [idle: number, user: number])[]): Partial<NodeReads> => ({
  cpus: () => idleAndUser.map(([idle, user]) => ({ user, nice: 0, sys: 0, idle, irq: 0 })),
});
const net = (...lines: readonly string[]): Partial<NodeReads> => ({ netDev: async () => netDev(lines) });
const gone = async (): Promise<never> => {
  throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
};
const hangs = () => new Promise<never>(() => undefined);

test('memory is what is not available', () => check([{}], { node_memory_usage: 75 }));
test('without MemAvailable it is what is not free', () =>
  check([{ meminfo: async () => 'MemTotal: 5 kB\n' }], { node_memory_usage: 75 }));
test('without /proc too', () =>
  check([{ meminfo: async () => undefined, netDev: async () => undefined }], {
    node_memory_usage: 75,
    node_network_io: undefined,
    flaw: undefined,
  }));
test('the disk leaves out what is reserved for root, as df does', () =>
  check([{}], { node_disk_usage: (100 * 60) / 90 }));
test('a file system without a size has no usage', () =>
  check([{ fileSystem: async () => ({ blocks: 0, bfree: 0, bavail: 0 }) }], { node_disk_usage: undefined }));
test('the uptime is in seconds', () => check([{}], { system_uptime: 12.5 }));

test('the first collect knows no usage of processors and network', () =>
  check([{ ...cores([100, 100]), ...net('eth0: 10 0 0 0 0 0 0 0 20') }], {
    node_cpu_usage: undefined,
    node_network_io: undefined,
    flaw: undefined,
  }));
test('the processors are as busy as all cores together since the last collect', () =>
  check([cores([1_000, 0], [1_000, 0]), cores([1_075, 25], [1_000, 100])], { node_cpu_usage: 62.5 }));
test('a core that was switched off makes no negative usage', () =>
  check([cores([1_000, 900], [1_000, 900]), cores([1_500, 1_000])], { node_cpu_usage: undefined }));
test('a core that was switched on makes no usage above 100', () =>
  check([cores([100, 0]), cores([90, 500])], { node_cpu_usage: 100 }));
test('processors that tell nothing have no usage', () =>
  check([{ cpus: () => [] }, { cpus: () => [] }], { node_cpu_usage: undefined, flaw: undefined }));

test('the network counts both ways of all interfaces but loopback', () =>
  check(
    [
      net('    lo: 10 0 0 0 0 0 0 0 10', '  eth0:1000 1 0 0 0 0 0 0 500 0', 'wlan0: 0 0 0 0 0 0 0 0 0'),
      net('    lo: 99 0 0 0 0 0 0 0 99', '  eth0:1800 1 0 0 0 0 0 0 600 0', 'wlan0: 50 0 0 0 0 0 0 0 50'),
    ],
    { node_network_io: 100 },
  ));
test('an interface that is new counts from its next collect on', () =>
  check([net('eth0: 0 0 0 0 0 0 0 0 0'), net('eth0: 10 0 0 0 0 0 0 0 0', 'tun0: 9999 0 0 0 0 0 0 0 9999')], {
    node_network_io: 1,
  }));
test('an interface that has vanished takes nothing away', () =>
  check([net('eth0: 0 0 0 0 0 0 0 0 0', 'tun0: 9999 0 0 0 0 0 0 0 9999'), net('eth0: 10 0 0 0 0 0 0 0 0')], {
    node_network_io: 1,
  }));
test('a counter that began anew counts from 0', () =>
  check([net('eth0: 4294967290 0 0 0 0 0 0 0 5'), net('eth0: 20 0 0 0 0 0 0 0 10')], { node_network_io: 3 }));

test('what cannot be read takes nothing from the rest', () =>
  check([{ meminfo: gone, fileSystem: gone }], {
    system_uptime: 12.5,
    node_memory_usage: undefined,
    flaw: 'failed: the memory cannot be read (EACCES)',
  }));
test('where nothing can be read the source has failed', async () => {
  const throws = () => {
    throw new Error('x');
  };
  await check([{ meminfo: gone, fileSystem: gone, netDev: gone, cpus: throws, uptimeSeconds: throws }], {
    failure: 'failed: the processors cannot be read (unknown)',
  });
});

test('a file system that hangs is left out after the time-out, and never asked twice at once', async () => {
  const clock = new FakeClock();
  let asked = 0;
  let answer = (_blocks: Awaited<ReturnType<NodeReads['fileSystem']>>): void => undefined;
  const fileSystem: NodeReads['fileSystem'] = () => {
    asked++;
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const node = openNode(5_000, { ...quiet, fileSystem }, clock);
  for (let turn = 0; turn < 3; turn++) {
    const said = ask(node);
    await clock.advance(5_000);
    expect(await said).toMatchObject({
      system_uptime: 12.5,
      flaw: 'timeout: the file system of / did not answer in time',
    });
    expect(asked).toBe(1);
  }
  const said = ask(node);
  answer({ blocks: 100, bfree: 50, bavail: 50 });
  expect(await said).toMatchObject({ node_disk_usage: 50 });
  void ask(node);
  expect(asked).toBe(2);
});

test('a stop ends what is under way', async () => {
  const clock = new FakeClock();
  const node = openNode(5_000, { ...quiet, fileSystem: hangs }, clock);
  const said = ask(node);
  node.stop();
  expect(await said).toEqual({ failure: 'stopped: stopped before an answer came' });
  expect(clock.waiting).toEqual([]);
});

test('lines of /proc/net/dev in every form', () => {
  const text = netDev([
    '  eth0:1 0 0 0 0 0 0 0 2',
    'veth:1: 3 0 0 0 0 0 0 0 4',
    'bad: x',
    'half: 1 2',
    '',
    'lo: 1',
  ]);
  expect(Object.fromEntries(interfaceBytes(text))).toEqual({ eth0: 3, 'veth:1': 7 });
});

test('the real host tells all five', async () => {
  const node = openNode(5_000, thisNode, systemClock);
  await ask(node);
  const end = performance.now() + 60;
  while (performance.now() < end) Math.sqrt(2);
  const said = await ask(node);
  expect(Object.keys(said).sort()).toEqual([
    'node_cpu_usage',
    'node_disk_usage',
    'node_memory_usage',
    'node_network_io',
    'system_uptime',
  ]);
  for (const name of ['node_cpu_usage', 'node_memory_usage', 'node_disk_usage']) {
    expect(said[name]).toBeGreaterThan(0);
    expect(said[name]).toBeLessThanOrEqual(100);
  }
  const df = execFileSync('df', ['--output=pcent', '/'], { encoding: 'utf8' });
  expect(Math.abs(Number(/(\d+)%/.exec(df)?.[1]) - Number(said['node_disk_usage']))).toBeLessThanOrEqual(1);
});
