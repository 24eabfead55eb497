/** The dialect of Statuspage refuses what Statuspage refuses, and remembers what it took. */
import { expect, onTestFinished, test } from 'vitest';
import { type StatuspageOptions, startStatuspage } from '../../../src/demo/dialects/statuspage.ts';
import { FakeClock } from '../../fake-clock.ts';

async function open(options: StatuspageOptions = {}) {
  const clock = new FakeClock();
  const page = await startStatuspage({ clock, ...options });
  onTestFinished(() => page.stop());
  const ask = async (request: string, body?: unknown, headers: Record<string, string> = {}) => {
    const [method = 'GET', path = ''] = request.split(' ');
    const answer = await fetch(`${page.url}/pages/page${path}`, {
      method,
      headers: {
        authorization: 'OAuth key',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, said: await answer.json(), headers: answer.headers };
  };
  return { page, ask, clock };
}

async function check(request: string, body: unknown, status: number, said: unknown): Promise<void> {
  const { ask, page } = await open();
  page.human.open({ name: 'There' });
  const answer = await ask(request, body);
  expect([answer.status, answer.said]).toEqual([status, said]);
}

const notFound = { error: 'Not found' };
const incident = (keys: object) => ({ incident: keys });

test('a body that is no JSON', () =>
  check('POST /incidents', '{', 400, { error: 'Could not parse the body' }));
test('a body without its section', () =>
  check('POST /incidents', { name: 'x' }, 422, { error: ['incident is missing'] }));
test('an incident without a name', () =>
  check('POST /incidents', incident({}), 422, { error: ["Name can't be blank"] }));
test('a name that is too long', () =>
  check('POST /incidents', incident({ name: 'x'.repeat(256) }), 422, {
    error: ['name is too long (maximum is 255 characters)'],
  }));
test('a key that there is not', () =>
  check('POST /incidents', incident({ name: 'x', message: 'y' }), 422, {
    error: ['message is not a parameter'],
  }));
test('a status of another kind', () =>
  check('POST /incidents', incident({ name: 'x', status: 'fixed' }), 422, {
    error: ['status is not included in the list'],
  }));
test('a component’s status of another kind', () =>
  check('PATCH /components/cmp000000001', { component: { status: 'degraded' } }, 422, {
    error: ['status is not included in the list'],
  }));
test('a component that does not exist', () =>
  check('POST /incidents', incident({ name: 'x', component_ids: ['nowhere'] }), 422, {
    error: ['component nowhere does not exist'],
  }));
test('metadata whose values are no objects', () =>
  check('POST /incidents', incident({ name: 'x', metadata: { key: 'value' } }), 422, {
    error: ['metadata must be an object whose values are objects'],
  }));
test('an incident that does not exist', () => check('GET /incidents/nowhere', undefined, 404, notFound));
test('a change of one', () => check('PATCH /incidents/nowhere', incident({}), 404, notFound));
test('a component that does not exist, asked for', () =>
  check('GET /components/nowhere', undefined, 404, notFound));
test('another page', () => check('GET /../other/components?page=1', undefined, 404, notFound));
test('a method that there is not', () => check('DELETE /incidents/inc000000001', undefined, 404, notFound));

test('without the key, or with another one, nothing is told', async () => {
  const { ask } = await open();
  for (const authorization of ['', 'OAuth other', 'Bearer key']) {
    const answer = await ask('GET /incidents/unresolved', undefined, { authorization });
    expect([answer.status, answer.said]).toEqual([401, { error: 'Could not authenticate' }]);
  }
  expect((await ask('GET /incidents/unresolved', undefined, { authorization: 'key' })).status).toBe(200);
});

test('an incident is opened, changed and resolved, with its components and what was said', async () => {
  const { ask, page } = await open();
  const opened = await ask('POST /incidents', {
    incident: {
      name: 'Down',
      body: 'Looking',
      components: { cmp000000001: 'major_outage' },
      metadata: { mine: { id: 1 } },
    },
  });
  expect(opened).toMatchObject({
    status: 201,
    said: { id: 'inc000000001', status: 'investigating', impact: 'critical', metadata: { mine: { id: 1 } } },
  });
  expect(page.components[0]?.status).toBe('major_outage');
  expect((await ask('GET /incidents/unresolved')).said).toHaveLength(1);
  const resolved = await ask('PATCH /incidents/inc000000001', {
    incident: { status: 'resolved', components: { cmp000000001: 'operational' } },
  });
  expect(resolved).toMatchObject({
    status: 200,
    said: { status: 'resolved', resolved_at: '2026-01-20T12:00:00.000Z', metadata: { mine: { id: 1 } } },
  });
  expect((await ask('GET /incidents/unresolved')).said).toEqual([]);
  expect(page.incidents[0]?.updates.map(({ status, body }) => [status, body])).toEqual([
    ['investigating', 'Looking'],
    ['resolved', ''],
  ]);
});

test('lists come in pages, and a whole one once a minute', async () => {
  const components = Array.from({ length: 150 }, (_, index) => ({ name: `c${index}` }));
  const { ask, clock } = await open({ components });
  expect((await ask('GET /components?page=2&per_page=100')).said).toHaveLength(50);
  expect((await ask('GET /components')).status).toBe(200);
  expect((await ask('GET /components')).status).toBe(420);
  await clock.advance(60_000);
  expect((await ask('GET /components')).status).toBe(200);
});

test('more than sixty requests a minute are too many', async () => {
  const { ask, clock } = await open();
  for (let index = 0; index < 60; index++) expect((await ask('GET /incidents/unresolved')).status).toBe(200);
  const refused = await ask('GET /incidents/unresolved');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([420, '10']);
  await clock.advance(60_000);
  expect((await ask('GET /incidents/unresolved')).status).toBe(200);
});
