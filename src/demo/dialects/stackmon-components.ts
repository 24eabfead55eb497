/** The components of CloudMon's status dashboards, both versions. */

export type StackmonComponent = {
  readonly id: number;
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
};

/** What a page has that nobody says anything else about. */
export const usualComponents: readonly StackmonComponent[] = [
  component(1, 'API', { category: 'Compute', region: 'EU-DE', type: 'api' }),
  component(2, 'Web', { category: 'Compute', region: 'EU-DE', type: 'web' }),
];

export function component(
  id: number,
  name: string,
  attributes: Readonly<Record<string, string>> = {},
): StackmonComponent {
  return { id, name, attributes: Object.entries(attributes).map(([key, value]) => ({ name: key, value })) };
}

/** `API (Compute, EU-DE, api)`, as the pages write it. */
export function printed({ name, attributes }: StackmonComponent): string {
  return `${name} (${attributes.map(({ value }) => value).join(', ')})`;
}

/** The first with the name that has all the attributes. */
export function componentWith(
  components: readonly StackmonComponent[],
  name: string,
  attributes: ReadonlyMap<string, string>,
): StackmonComponent | undefined {
  return components.find(
    (each) =>
      each.name === name &&
      [...attributes].every(([key, value]) =>
        each.attributes.some((has) => has.name === key && has.value === value),
      ),
  );
}
