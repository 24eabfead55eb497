/** The rules of observability/alerts.yaml. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Rule = {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

const { groups } = parse(readFileSync('observability/alerts.yaml', 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};

export const rules: readonly Rule[] = groups.flatMap((group) => group.rules);
