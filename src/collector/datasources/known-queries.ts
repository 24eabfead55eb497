/**
 * What is known of the queries of flags: their trees, and what their selectors found last.
 *
 * All flags are asked again and again in the same order: whatever made room for the newest would find none
 * of them again. So what is known stays, and where there is no room more is not remembered.
 */
import { limits } from '../../model/limits.ts';
import { FoundSeries } from '../promql/found-series.ts';
import { parseQuery } from '../promql/parse.ts';
import type { Expression } from '../promql/syntax.ts';

export class KnownQueries {
  /** Kept by the selectors of the trees: it goes with them. */
  readonly found = new FoundSeries();
  #trees = new Map<string, Expression>();
  /** Of the flags before a reload, as long as they were not asked again. */
  #former = new Map<string, Expression>();
  /** Of both. */
  #characters = 0;

  /** Throws a `QueryError` where it cannot be read. */
  read(text: string): Expression {
    const known = this.#trees.get(text);
    if (known) return known;
    const expression = this.#former.get(text) ?? parseQuery(text);
    if (this.#former.delete(text)) this.#characters -= text.length;
    this.#remember(text, expression);
    return expression;
  }

  /** The flags may be others from now on. */
  renew(): void {
    this.#forgetFormer();
    this.#former = this.#trees;
    this.#trees = new Map();
  }

  #remember(text: string, expression: Expression): void {
    const max = limits.parsedQueriesCharactersMax;
    if (this.#characters + text.length > max) this.#forgetFormer();
    if (this.#characters + text.length > max) return;
    this.#characters += text.length;
    this.#trees.set(text, expression);
  }

  #forgetFormer(): void {
    for (const text of this.#former.keys()) this.#characters -= text.length;
    this.#former = new Map();
  }
}
