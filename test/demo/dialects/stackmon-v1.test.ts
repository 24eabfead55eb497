/** The dialect of CloudMon's first status dashboard, row by row as the real one was measured. */
import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { component } from '../../../src/demo/dialects/stackmon-components.ts';
import { type StackmonV1Options, startStackmonV1 } from '../../../src/demo/dialects/stackmon-v1.ts';
import { FakeClock } from '../../fake-clock.ts';
import { ask } from '../ask.ts';

const components = [
  component(1, 'Component11', { region: 'Region1', category: 'Cat1' }),
  component(2, 'Component12', { region: 'Region1', category: 'Cat1' }),
  component(3, 'Component11', { region: 'Region2', category: 'Cat1' }),
];
const region = [{ name: 'region', value: 'Region1' }];
const first = { name: 'Component11', impact: 1, attributes: region };
const second = { ...first, name: 'Component12' };

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function token(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }, secret = 'dev'): string {
  const body = `${part(header)}.${part(claims)}`;
  const algorithm = JSON.stringify(header).includes('HS512') ? 'sha512' : 'sha256';
  return `${body}.${createHmac(algorithm, secret).update(body).digest('base64url')}`;
}

const claims = { stackmon: 'dummy' };
const bearer = `Bearer ${token(claims)}`;

async function start(options: StackmonV1Options = {}) {
  const clock = new FakeClock();
  const page = await startStackmonV1({ clock, components, secret: 'dev', ...options });
  onTestFinished(() => page.stop());
  const post = async (body: unknown, authorization = bearer, type = 'application/json') => {
    const answer = await ask(`${page.url}/api/v1/component_status`, {
      method: 'POST',
      headers: { authorization, ...(type !== '' && { 'content-type': type }) },
      send: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = String(answer.body);
    return [answer.status, text.startsWith('{') ? JSON.parse(text) : text] as const;
  };
  const get = async (path: string) => {
    const { status, body } = await ask(page.url + path, {});
    return [status, JSON.parse(String(body))] as const;
  };
  return { page, clock, post, get };
}

const opened = {
  end_date: null,
  id: 1,
  impact: 1,
  start_date: '2026-01-20 12:00',
  text: 'Incident',
  updates: [],
};
const known = {
  details: 'Check your request parameters',
  existingIncidentId: 1,
  existingIncidentTitle: 'Incident',
  message: 'Incident with this the component already exists',
  targetComponent: 'Component11 (Region1, Cat1)',
};

test('a new incident, the same again, and a lower impact', async () => {
  const { post } = await start();
  expect(await post(first)).toEqual([201, opened]);
  expect(await post(first)).toEqual([409, known]);
  expect((await post({ ...first, impact: 2 }))[0]).toBe(201);
  expect(await post(first)).toEqual([409, known]);
});

test('what gets worse alone is the same incident', async () => {
  const { post } = await start();
  await post(first);
  expect(await post({ ...first, impact: 2 })).toMatchObject([
    201,
    { id: 1, impact: 2, updates: [{ status: 'SYSTEM', text: 'impact changed from minor to major' }] },
  ]);
});

test('what fails alike joins, and what gets worse among others leaves', async () => {
  const { page, post } = await start();
  await post(first);
  expect(await post(second)).toMatchObject([
    201,
    { id: 1, updates: [{ text: 'Component12 (Region1, Cat1) added to Incident' }] },
  ]);
  expect(await post({ ...second, impact: 3, text: 'Gone' })).toMatchObject([
    201,
    {
      id: 2,
      text: 'Gone',
      updates: [{ text: "Component12 (Region1, Cat1) moved from <a href='/incidents/1'>Incident</a>" }],
    },
  ]);
  expect(page.incidents.map(({ components: held }) => held.map(({ id }) => id))).toEqual([[1], [2]]);
});

test('the last one that leaves closes its incident', async () => {
  const { page, post } = await start();
  await post(first);
  await post({ ...second, impact: 2 });
  expect(await post({ ...first, impact: 2 })).toMatchObject([201, { id: 2 }]);
  expect(page.incidents.map(({ endMs }) => endMs === undefined)).toEqual([false, true]);
});

test('some attributes, or none, find the first that fits', async () => {
  const { page, post } = await start();
  expect((await post({ ...first, attributes: undefined }))[0]).toBe(201);
  expect((await post({ ...first, attributes: [{ name: 'region', value: 'Region2' }] }))[0]).toBe(201);
  expect(page.incidents[0]?.components.map(({ id }) => id)).toEqual([1, 3]);
});

for (const [what, body] of [
  ['an unknown component', { ...first, name: 'Nobody' }],
  ['another value', { ...first, attributes: [{ name: 'region', value: 'Mars' }] }],
  ['an unknown attribute', { ...first, attributes: [{ name: 'colour', value: 'red' }] }],
] as const) {
  test(`${what} is an error of the server`, async () => {
    const { post } = await start();
    expect(await post(body)).toEqual([500, { code: 500, status: 'Internal Server Error' }]);
  });
}

test('impact 0 mutes the component for ever', async () => {
  const { post } = await start();
  expect((await post({ ...first, impact: 0 }))[0]).toBe(201);
  expect(await post({ ...first, impact: 3 })).toMatchObject([201, { id: 1, impact: 0 }]);
});

test('in maintenance the maintenance is answered, and only the first one is looked at', async () => {
  const { page, post } = await start();
  page.startMaintenance([1]);
  page.startMaintenance([2]);
  expect(await post(first)).toMatchObject([201, { id: 1, impact: 0, end_date: '2026-01-20 13:00' }]);
  expect(await post(second)).toMatchObject([201, { id: 3, impact: 1 }]);
});

test('a human’s incident is known up to its impact', async () => {
  const { page, post } = await start();
  page.openIncident(2, [1]);
  expect((await post({ ...first, impact: 2 }))[0]).toBe(409);
  expect(await post({ ...first, impact: 3 })).toMatchObject([201, { id: 2 }]);
});

test('what a human closed is opened anew', async () => {
  const { page, post } = await start();
  await post(first);
  page.closeIncident(1);
  expect(await post(first)).toMatchObject([201, { id: 2 }]);
  expect(() => page.closeIncident(7)).toThrow('there is no incident 7');
});

for (const [impact, status, said] of [
  [4, 400, { code: 400, message: 'Incident impact is not allowed by configuration', status: 'Bad Request' }],
  [-1, 400, { code: 400, message: 'Incident impact is not allowed by configuration', status: 'Bad Request' }],
  ['1', 201, { impact: 1 }],
  [1.9, 201, { impact: 1 }],
  ['high', 422, { errors: { json: { impact: ['Not a valid integer.'] } } }],
] as const) {
  test(`impact ${JSON.stringify(impact)}`, async () => {
    const { post } = await start();
    expect(await post({ ...first, impact })).toMatchObject([status, said]);
  });
}

const nowS = new FakeClock().now() / 1000;

for (const [what, authorization, status] of [
  ['none', '', 401],
  ['garbage', 'Bearer garbage', 401],
  ['another secret', `Bearer ${token(claims, undefined, 'other')}`, 401],
  ['one that is over', `Bearer ${token({ ...claims, exp: nowS - 1 })}`, 401],
  ['one that begins in a minute', `Bearer ${token({ ...claims, nbf: nowS + 60 })}`, 401],
  ['one from the future', `Bearer ${token({ ...claims, iat: nowS + 30 })}`, 401],
  ['one for somebody', `Bearer ${token({ ...claims, aud: 'us' })}`, 401],
  ['one without a signature', `Bearer ${part({ alg: 'none' })}.${part(claims)}.`, 401],
  ['another algorithm', `Bearer ${token(claims, { alg: 'HS512', typ: 'JWT' })}`, 401],
  ['another scheme', `Token ${token(claims)}`, 401],
  ['only what the generic dashboard wants', `Bearer ${token({ service: 'api', status: 1 })}`, 401],
  ['an empty claim', `Bearer ${token({ stackmon: '' })}`, 201],
  ['a header without a type', `Bearer ${token(claims, { alg: 'HS256' })}`, 201],
  ['a scheme in small letters', `bearer ${token(claims)}`, 201],
  ['one of now', `Bearer ${token({ ...claims, iat: nowS - 60, exp: nowS + 300 })}`, 201],
] as const) {
  test(`a token: ${what}`, async () => {
    const { post } = await start();
    const [answered, said] = await post(first, authorization);
    expect(answered).toBe(status);
    if (status === 401) expect(said).toBe('Unauthorized Access');
  });
}

for (const [what, body, type, status, errors] of [
  ['no JSON', '{', 'application/json', 400, ['Invalid JSON body.']],
  ['a list', [], 'application/json', 422, { _schema: ['Invalid input type.'] }],
  ['an unknown field', { ...first, foo: 1 }, 'application/json', 422, { foo: ['Unknown field.'] }],
  [
    'attributes by name',
    { ...first, attributes: {} },
    'application/json',
    422,
    { attributes: ['Not a valid list.'] },
  ],
  ['a name that is none', { ...first, name: 1 }, 'application/json', 422, { name: ['Not a valid string.'] }],
  [
    'a form',
    'name=x',
    'application/x-www-form-urlencoded',
    422,
    { impact: ['Missing data for required field.'], name: ['Missing data for required field.'] },
  ],
  [
    'nothing',
    '',
    '',
    422,
    { impact: ['Missing data for required field.'], name: ['Missing data for required field.'] },
  ],
] as const) {
  test(`a body: ${what}, even without a token`, async () => {
    const { post } = await start();
    const name = status === 400 ? 'Bad Request' : 'Unprocessable Entity';
    expect(await post(body, '', type)).toEqual([
      status,
      { code: status, errors: { json: errors }, status: name },
    ]);
  });
}

test('other paths and methods are not there', async () => {
  const { page } = await start();
  const status = async (path: string, method: string) => (await ask(page.url + path, { method })).status;
  expect(await status('/v1/component_status', 'POST')).toBe(404);
  expect(await status('/api/v1/component_status/', 'POST')).toBe(404);
  expect(await status('/api/incidents', 'POST')).toBe(404);
  expect(await status('/api/v1/component_status', 'PUT')).toBe(405);
  expect(await status('/api/v1/incidents', 'POST')).toBe(405);
});

test('the list takes the beginning of a name, or one attribute, and is half a minute old', async () => {
  const { page, get, post, clock } = await start();
  const path = '/api/v1/component_status';
  const ids = async (query: string) => {
    const [status, found] = await get(path + query);
    return [status, ...found.map(({ id }: { readonly id: number }) => id)];
  };
  expect(await ids('')).toEqual([200, 1, 2, 3]);
  expect(await ids('?name=Component1')).toEqual([200, 1, 2, 3]);
  expect(await ids('?name=Nobody')).toEqual([200]);
  expect(await ids('?name=Component11&attribute_name=region&attribute_value=Region2')).toEqual([200, 3]);
  expect(await get(`${path}?name=Nobody&attribute_name=region&attribute_value=x`)).toEqual([
    404,
    { code: 404, message: 'Component does not exist', status: 'Not Found' },
  ]);
  page.addComponent(component(4, 'Component13'));
  await post(first);
  expect(await ids('')).toEqual([200, 1, 2, 3]);
  await clock.advance(30_000);
  expect(await ids('')).toEqual([200, 1, 2, 3, 4]);
  const [, [listed]] = await get(`${path}?name=Component11`);
  expect(listed).toMatchObject({ id: 1 });
  expect((await get('/api/v1/incidents'))[1]).toEqual([opened]);
});
