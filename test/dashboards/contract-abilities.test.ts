/** What every kind of dashboard says about itself is true: what it can do, how much, in which words. */
import { expect, test } from 'vitest';
import { kinds } from '../../src/dashboards/kinds.ts';
import { parts, play, silentKinds, theSecret, writesOf } from './contract-cast.ts';

for (const [kind, part] of Object.entries(parts)) {
  const { abilities, severities } = part;
  const shownAs = (status: 1 | 2 | 3) => [`api ${severities[status - 1]}`];

  test(`${kind}: its abilities, its budget and what it is told are those of the contract`, async () => {
    const { deliveries, settings } = await play(kind);
    expect(deliveries().parts.dashboard.abilities).toEqual(abilities);
    expect(settings.kind).toBe(part.becomes ?? kind);
    expect(settings.send).toBe(part.send);
    const perMinute = part.perMinute;
    expect(settings.rate).toEqual(perMinute && { requests: perMinute, perMs: 60_000 });
  });

  for (const status of [1, 2, 3] as const) {
    test(`${kind}: status ${status} is shown as ${severities[status - 1]}`, async () => {
      const { peer, walk } = await play(kind);
      await walk(0, status);
      expect(peer.shown()).toEqual(shownAs(status));
    });
  }

  test(`${kind}: what becomes worse is shown so, in the same incident`, async () => {
    const { peer, walk } = await play(kind);
    await walk(1, 2);
    expect(peer.shown()).toEqual(shownAs(2));
    if (part.tellsTwice) expect(peer.incidents()).toBe(1);
  });

  test(`${kind}: what becomes less bad is shown so, where it can be told`, async () => {
    const { peer, walk } = await play(kind);
    await walk(2, 1);
    expect(peer.shown()).toEqual(shownAs(abilities.lowers ? 1 : 2));
  });

  test(`${kind}: what is over is shown so, where it can be told`, async () => {
    const { peer, walk } = await play(kind);
    await walk(1, 0);
    expect(peer.shown()).toEqual(abilities.closes ? [] : shownAs(1));
    await walk(2);
    expect(peer.shown()).toEqual(shownAs(2));
  });

  test(`${kind}: who forgets is told again while there is no data, and nobody else is`, async () => {
    const { peer, walk } = await play(kind);
    await walk(1);
    const before = writesOf(peer).length;
    await walk(undefined, undefined);
    expect(writesOf(peer).length - before).toBe(abilities.forgets ? 2 : 0);
    expect(peer.shown()).toEqual(shownAs(1));
  });

  test(`${kind}: an unchanged incident is told as often as the kind wants it`, async () => {
    const { peer, walk } = await play(kind);
    await walk(1);
    const before = writesOf(peer).length;
    await walk(1, 1, 1);
    expect(writesOf(peer).length - before).toBe(part.send === 'every_poll' ? 3 : 0);
  });

  for (const mode of ['record', 'paused'] as const) {
    test(`${kind}: mode ${mode} sends nothing at all`, async () => {
      const { peer, walk, previews } = await play(kind, `, mode: ${mode}`);
      await walk(1, 2, 1, 0, 1, 0);
      expect(part.becomes ? writesOf(peer) : peer.requests).toEqual([]);
      expect(previews.length > 0).toBe(mode === 'record');
    });
  }

  test(`${kind}: a preview shows what is sent, and no secret`, async () => {
    const [recorded, told] = await Promise.all([play(kind, ', mode: record'), play(kind)]);
    await recorded.walk(1, 2, 0);
    await told.walk(1, 2, 0);
    const writes = writesOf(told.peer);
    const { previews } = recorded;
    expect(JSON.stringify(previews)).not.toContain(theSecret);
    const [preview] = previews;
    const [write] = writes;
    const place = hidden(`${write?.method} ${recorded.peer.url}${write?.path}`);
    expect([place, place.replace(/(?<=\d)\/.*/, '/***')]).toContain(preview?.target);
    const { previewOf = (sent) => sent } = part;
    expect(preview?.body).toBe(hidden(previewOf(write?.body ?? '')));
  });

  test(`${kind}: many at once stay within its budget`, async () => {
    const count = part.perMinute === undefined ? 40 : Math.ceil(part.perMinute * 1.5);
    const names = Array.from({ length: count }, (_, index) => `api-${index}`);
    const { peer, cycle } = await play(kind, '', names);
    await cycle(Object.fromEntries(names.map((name) => [name, 2 as const])));
    expect(peer.shown()).toHaveLength(count);
    const times = peer.requests.map(({ timeMs }) => timeMs);
    const inAMinute = times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length);
    expect(Math.max(...inAMinute)).toBeLessThanOrEqual(part.perMinute ?? Number.POSITIVE_INFINITY);
  });

  test(`${kind}: what a human opened stays as it is`, async () => {
    const { peer, walk, restart, forget } = await play(kind);
    const isUntouched = peer.human?.();
    await walk(0, 1, 2);
    restart();
    await walk(1, 0);
    forget();
    await walk(0, 3, 0, 0);
    expect(isUntouched?.()).not.toBe(false);
  });
}

test('kinds that speak with nobody exist', () => {
  for (const kind of silentKinds) expect(kinds.has(kind)).toBe(true);
});

function hidden(text: string): string {
  return text.replaceAll(theSecret, '***');
}
