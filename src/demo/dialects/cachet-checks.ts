/** What both versions of Cachet ask of the keys of a body: each request takes its own, and nothing else. */
import type { CachetStore } from './cachet-store.ts';

/** Undefined: all is well. */
type Check = (value: unknown, store: CachetStore) => string | undefined;

type Keys = { readonly required: readonly string[]; readonly checks: Readonly<Record<string, Check>> };

const text = (charactersMax: number): Check => {
  return (value) => {
    if (typeof value !== 'string' || value === '') return 'must be a string.';
    return value.length > charactersMax ? `must not be greater than ${charactersMax} characters.` : undefined;
  };
};
const truth: Check = (value) =>
  [true, false, 0, 1].includes(value as never) ? undefined : 'must be true or false.';
const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max ? undefined : 'is invalid.';
const object: Check = (value) => (isObject(value) ? undefined : 'must be an array.');
const component: Check = (value, store) => (store.component(value as number) ? undefined : 'is invalid.');
const components: Check = (value, store) =>
  Array.isArray(value) &&
  value.every((each) => {
    return isObject(each) && !component(each['id'], store) && !whole(1, 6)(each['status'], store);
  })
    ? undefined
    : 'has a component that is invalid.';

const said = { status: whole(0, 4), message: text(65_535) };
const looks = { visible: truth, stickied: truth };
const named = { name: text(255), ...said, ...looks };

const v3: Readonly<Record<string, Keys>> = {
  'POST incidents': {
    required: ['name', 'status', 'message'],
    checks: { ...named, notifications: truth, components, meta: object },
  },
  'PUT incidents/id': { required: [], checks: { ...named, notifications: truth, meta: object } },
  'POST incidents/id/updates': { required: ['status', 'message'], checks: said },
  'PUT components/id': { required: [], checks: { name: text(255), status: whole(1, 6) } },
};

const v2Named = { ...named, status: whole(1, 4), notify: truth, meta: object };
const v2Component = { component_id: component, component_status: whole(1, 4) };

const v2: Readonly<Record<string, Keys>> = {
  'POST incidents': {
    required: ['name', 'status', 'message'],
    checks: { ...v2Named, ...v2Component },
  },
  'PUT incidents/id': { required: [], checks: { ...v2Named, ...v2Component } },
  'POST incidents/id/updates': { required: ['status', 'message'], checks: { ...said, status: whole(1, 4) } },
  'PUT components/id': { required: [], checks: { name: text(255), status: whole(1, 4) } },
};

/** What is wrong, by key; undefined where there is no such request. */
export function wrongKeys(
  what: string,
  body: unknown,
  store: CachetStore,
  version: 2 | 3 = 3,
): Readonly<Record<string, readonly string[]>> | undefined {
  const keys = (version === 2 ? v2 : v3)[what];
  if (!keys) return undefined;
  if (!isObject(body)) return { body: ['The body field must be an array.'] };
  const missing = keys.required.filter((key) => body[key] === undefined);
  const wrong = Object.entries(body).flatMap(([key, value]) => {
    const check = keys.checks[key];
    const complaint = check ? check(value, store) : 'is prohibited.';
    return complaint === undefined ? [] : [[key, [`The ${key} field ${complaint}`]]];
  });
  return Object.fromEntries([...missing.map((key) => [key, [`The ${key} field is required.`]]), ...wrong]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
