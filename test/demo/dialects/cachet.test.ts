/** The dialects of Cachet refuse what Cachet refuses, each in its own words. */
import { expect, onTestFinished, test } from 'vitest';
import { type CachetOptions, startCachet } from '../../../src/demo/dialects/cachet.ts';
import { FakeClock } from '../../fake-clock.ts';

async function open(version: 2 | 3, options: CachetOptions = {}) {
  const clock = new FakeClock();
  const page = await startCachet({ clock, version, path: '/status', ...options });
  onTestFinished(() => page.stop());
  page.human.open({ name: 'There', component: { id: 1, status: 3 } });
  const ask = async (request: string, body?: unknown, headers: Record<string, string> = {}) => {
    const [method = 'GET', path = ''] = request.split(' ');
    const answer = await fetch(`${page.url}/status/api${version === 2 ? '/v1' : ''}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        authorization: 'Bearer token',
        'x-cachet-token': 'token',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, said: text === '' ? undefined : JSON.parse(text) };
  };
  return { page, ask, clock };
}

async function check(version: 2 | 3, request: string, body: unknown, status: number, said: unknown) {
  const { ask } = await open(version);
  const answer = await ask(request, body);
  expect([answer.status, answer.said]).toEqual([status, said]);
}

const opening = { name: 'Down', status: 1, message: 'Looking' };
const invalid = (key: string, text: string) => ({ message: text, errors: { [key]: [text] } });

test('3: a status that is a text', () =>
  check(
    3,
    'POST /incidents',
    { ...opening, status: '1' },
    422,
    invalid('status', 'The status field is invalid.'),
  ));
test('3: no message', () =>
  check(
    3,
    'POST /incidents',
    { name: 'Down', status: 1 },
    422,
    invalid('message', 'The message field is required.'),
  ));
test('3: a key that there is not', () =>
  check(
    3,
    'POST /incidents',
    { ...opening, notify: true },
    422,
    invalid('notify', 'The notify field is prohibited.'),
  ));
test('3: a component that does not exist', () =>
  check(
    3,
    'POST /incidents',
    { ...opening, components: [{ id: 9, status: 4 }] },
    422,
    invalid('components', 'The components field has a component that is invalid.'),
  ));
test('3: an incident that does not exist', () =>
  check(3, 'GET /incidents/9', undefined, 404, {
    message: 'No query results for model [Cachet\\Models\\Incident] 9',
  }));
test('3: a component that does not exist, set', () =>
  check(3, 'PUT /components/9', { status: 1 }, 404, {
    message: 'No query results for model [Cachet\\Models\\Component] 9',
  }));
test('3: a filter that there is not', () =>
  check(3, 'GET /incidents?filter[component]=1', undefined, 400, {
    message: 'Requested filter(s) `component` are not allowed.',
  }));
test('3: something to include that there is not', () =>
  check(3, 'GET /incidents?include=everything', undefined, 400, {
    message: 'Requested include(s) `everything` are not allowed.',
  }));

test('3: a token, its abilities and JSON are needed to write', async () => {
  const { ask } = await open(3, { abilities: ['incidents.manage'] });
  const wrong = await ask('POST /incidents', opening, { authorization: 'Bearer other' });
  expect([wrong.status, wrong.said]).toEqual([401, { message: 'Unauthenticated.' }]);
  const unable = await ask('PUT /components/1', { status: 1 });
  expect([unable.status, unable.said]).toEqual([403, { message: 'Invalid ability provided.' }]);
  expect((await ask('POST /incidents', opening)).status).toBe(201);
  expect((await ask('GET /incidents', undefined, { accept: 'text/html' })).status).toBe(302);
});

test('3: what an open incident says of a component hides the component’s own status', async () => {
  const { ask, page } = await open(3);
  await ask('PUT /components/1', { status: 4 });
  expect(page.shown(1)).toBe(3);
  await ask('POST /incidents/1/updates', { status: 4, message: 'Done' });
  expect(page.shown(1)).toBe(4);
});

test('3: incidents are filtered by metadata, but not by a value with a comma', async () => {
  const { ask } = await open(3);
  await ask('POST /incidents', { ...opening, meta: { whose: 'ours' } });
  const found = async (query: string) =>
    (await ask(`GET /incidents?${query}`)).said.data.map(({ id }: { id: string }) => id);
  expect(await found('filter[meta][whose]=ours')).toEqual(['2']);
  expect(await found('filter[meta][whose]=theirs')).toEqual([]);
  expect(await found('filter[meta][whose]=ours,theirs')).toEqual(['2', '1']);
  expect(await found('filter[status]=4')).toEqual([]);
  const [first] = (await ask('GET /incidents?include=meta,components')).said.data;
  expect(first.attributes.meta).toEqual({ whose: 'ours' });
});

test('3: more than three hundred requests a minute are too many', async () => {
  const { ask, clock } = await open(3);
  for (let index = 0; index < 300; index++) await ask('GET /components');
  expect(await ask('GET /components')).toEqual({ status: 429, said: { message: 'Too Many Attempts.' } });
  await clock.advance(60_000);
  expect((await ask('GET /components')).status).toBe(200);
});

const refused = (status: number, title: string, detail: string, details?: string[]) => ({
  errors: [
    {
      id: '00000000-0000-4000-8000-000000000000',
      status,
      title,
      detail,
      ...(details && { meta: { details } }),
    },
  ],
});
const badRequest = (text: string) =>
  refused(400, 'Bad Request', 'The request cannot be fulfilled due to bad syntax.', [text]);

test('2: a status that is a text', () =>
  check(2, 'POST /incidents', { ...opening, status: '1' }, 400, badRequest('The status field is invalid.')));
test('2: a component without its status', () =>
  check(
    2,
    'PUT /incidents/1',
    { status: 4, component_id: 1 },
    400,
    badRequest('The status format is invalid.'),
  ));
test('2: an incident that does not exist', () =>
  check(
    2,
    'GET /incidents/9',
    undefined,
    404,
    refused(404, 'Not Found', 'The resource you are looking for cannot be found.'),
  ));
test('2: a page beside a filter', () =>
  check(
    2,
    'GET /incidents?status=1&page=2',
    undefined,
    500,
    refused(500, 'Internal Server Error', 'An error has occurred and this resource cannot be displayed.'),
  ));

test('2: a token is needed to write', async () => {
  const { ask } = await open(2);
  expect((await ask('POST /incidents', opening, { 'x-cachet-token': 'other' })).status).toBe(401);
  expect((await ask('POST /incidents', opening)).status).toBe(200);
});

test('2: what is left out of a change is set to its default', async () => {
  const { ask, page } = await open(2);
  page.human.change(1, { visible: 0, stickied: true });
  await ask('PUT /incidents/1', { status: 2 });
  expect(page.incidents[0]).toMatchObject({ name: 'There', status: 2, visible: 1, stickied: false });
});

test('2: incidents show their metadata in rows, and are filtered by their columns', async () => {
  const { ask } = await open(2);
  await ask('POST /incidents', { ...opening, meta: { whose: 'ours' } });
  const { said } = await ask('GET /incidents?status=1&sort=id&order=desc&per_page=1');
  expect(said.data).toHaveLength(1);
  expect(said.data[0]).toMatchObject({ id: 2, meta: [{ key: 'whose', value: 'ours', meta_id: 2 }] });
  expect((await ask('GET /incidents?component_id=1')).said.data).toMatchObject([{ id: 1 }]);
});

test('elsewhere there is nothing', async () => {
  const { page } = await open(3);
  expect((await fetch(`${page.url}/api/incidents`)).status).toBe(404);
});
