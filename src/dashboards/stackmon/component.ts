/** A component of CloudMon's status dashboard, and which of them a target is: by its name and some of its attributes. */
import { Failure } from '../../model/failure.ts';
import type { Target } from '../../model/target.ts';
import { isSaid, listOf, type Said, textOf } from '../said.ts';

export type Attribute = { readonly name: string; readonly value: string };

export type NamedComponent = {
  readonly id: number | undefined;
  readonly name: string;
  readonly attributes: readonly Attribute[];
};

/** A list of components as both versions answer it, one of them with a list around the list. */
export function componentsIn(answer: unknown): readonly NamedComponent[] {
  const list = Array.isArray(answer) ? answer.flat() : answer;
  return listOf(list, 'components').map(componentOf);
}

function componentOf({ id, name, attributes }: Said): NamedComponent {
  const known = Array.isArray(attributes) ? attributes.filter(isSaid) : [];
  return {
    id: Number.isSafeInteger(id) && (id as number) > 0 ? (id as number) : undefined,
    name: textOf(name),
    attributes: known.map((each) => ({ name: textOf(each['name']), value: textOf(each['value']) })),
  };
}

/** The same name, and every attribute of the target: a component may have more. */
export function isComponentOf({ name, attributes }: NamedComponent, target: Target): boolean {
  if (name !== target.component) return false;
  return attributesOf(target).every((wanted) =>
    attributes.some((found) => found.name === wanted.name && found.value === wanted.value),
  );
}

export function attributesOf({ attributes }: Target): readonly Attribute[] {
  return Object.entries(attributes).map(([name, value]) => ({ name, value }));
}

/** @param also what else helps: one more half of a sentence */
export function unknownComponent(target: Target, also = ''): Failure {
  const { component, service, environment } = target;
  const named = attributesOf(target).map(({ name, value }) => `${name} ${value}`);
  const what = named.length === 0 ? component : `${component} with ${named.join(', ')}`;
  const remedy = `add it there, or correct component and attributes of ${service} in ${environment}${also}`;
  return new Failure('dashboard', 'unknown_component', `the dashboard has no component ${what}: ${remedy}`);
}
