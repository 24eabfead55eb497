/** The Grafana dashboard that we ship, as far as tests look at it. */
import { readFileSync } from 'node:fs';

export type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
};

type Grafana = {
  readonly id: null;
  readonly uid: string;
  readonly schemaVersion: number;
  readonly __inputs: readonly { readonly name: string; readonly pluginId: string }[];
  readonly __requires: readonly { readonly type: string; readonly id: string }[];
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] };
  readonly templating: { readonly list: readonly { readonly definition: string }[] };
};

export const dashboard = JSON.parse(readFileSync('observability/grafana-dashboard.json', 'utf8')) as Grafana;

export const { panels } = dashboard;

/** Every query: of panels, of marks, and the selectors behind the variables. */
export const expressions: readonly string[] = [
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.flatMap(({ expr }) => expr ?? []),
  ...dashboard.templating.list.map(
    ({ definition }) => /^label_values\((.*), \w+\)$/.exec(definition)?.[1] ?? '',
  ),
];
