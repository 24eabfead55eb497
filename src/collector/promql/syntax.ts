/** A query as a tree of our own, which depends on no grammar; `at` is where it begins in the text. */

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** What a label, or a metric's name as `__name__`, has to be. */
export type Matcher = {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  readonly matches: (value: string) => boolean;
};

export type Selector = {
  readonly at: number;
  readonly matchers: readonly Matcher[];
};

export type InstantSelector = {
  readonly kind: 'instant';
  readonly at: number;
  readonly selector: Selector;
  readonly offsetMs: number;
};

export type RangeSelector = {
  readonly kind: 'range';
  readonly at: number;
  readonly selector: Selector;
  readonly rangeMs: number;
  readonly offsetMs: number;
};

type NumberLiteral = { readonly kind: 'number'; readonly at: number; readonly value: number };

type StringLiteral = { readonly kind: 'string'; readonly at: number };

export type Sign = {
  readonly kind: 'sign';
  readonly at: number;
  readonly operator: '-' | '+';
  readonly operand: Expression;
};

/** Which labels say what belongs together: `by (…)` and `on (…)`, or all but some: `without (…)` and `ignoring (…)`. */
export type Grouping = { readonly isOnly: boolean; readonly labels: readonly string[] };

export type Matching = {
  readonly grouping: Grouping;
  /** `group_left` or `group_right`, and the labels that it brings; this subset has neither. */
  readonly group: string | undefined;
  readonly included: readonly string[];
};

export type Binary = {
  readonly kind: 'binary';
  readonly at: number;
  readonly operator: string;
  readonly operatorAt: number;
  readonly left: Expression;
  readonly right: Expression;
  readonly isBool: boolean;
  readonly matching: Matching | undefined;
};

export type Aggregation = {
  readonly kind: 'aggregation';
  readonly at: number;
  readonly operator: string;
  readonly grouping: Grouping;
  readonly parameter: Expression | undefined;
  readonly operand: Expression;
};

export type Call = {
  readonly kind: 'call';
  readonly at: number;
  readonly name: string;
  readonly args: readonly Expression[];
};

/** What Prometheus has and this subset lacks, around what Prometheus would still check. */
export type Beyond = {
  readonly kind: 'beyond';
  readonly at: number;
  readonly what: string;
  readonly type: ValueType;
  readonly offsetMs: number;
  readonly inner: Expression;
};

export type Expression =
  | NumberLiteral
  | StringLiteral
  | InstantSelector
  | RangeSelector
  | Sign
  | Binary
  | Aggregation
  | Call
  | Beyond;
