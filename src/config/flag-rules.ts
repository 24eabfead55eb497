/** Flags in environments: each with its query, and with the threshold that counts there. */
import type { FlagRule } from '../collector/health/rules.ts';
import { limits } from '../model/limits.ts';
import type { FlagDefinition } from './flags.ts';
import type { Problem } from './problem.ts';
import type { Queries } from './queries.ts';
import { addWarnings } from './settings-warnings.ts';

/** Undefined where something is wrong with it; then that was told. */
export type FlagRuleOf = (listed: ListedFlag, environment: string) => FlagRule | undefined;

/** A flag with its name as a service writes it. */
export type ListedFlag = { readonly metric: string; readonly flag: FlagDefinition };

export function flagRules(queries: Queries, problems: Problem[]): FlagRuleOf {
  // Services that list the same flag share what is made of it.
  const made = new Map<string, FlagRule | undefined>();
  const told = new Set<unknown>();
  let count = 0;

  function make({ metric, flag }: ListedFlag, environment: string): FlagRule | undefined {
    const { id, template, thresholds } = flag;
    const query = queries.of(flag, environment);
    const threshold = thresholds.get(environment) ?? template.template.threshold;
    if (threshold === undefined) {
      const message = `is missing, and the flag ${id} has none of its own in ${environment}`;
      tell(template, flag, 'threshold', message, 'Add it here or there');
    }
    if (query === undefined || threshold === undefined) return undefined;
    return { name: id, metric, query, op: template.template.op, threshold };
  }

  function tell(
    once: unknown,
    { template }: FlagDefinition,
    key: string,
    message: string,
    remedy: string,
  ): void {
    if (told.has(once)) return;
    told.add(once);
    addWarnings(template.node, [{ path: [key], message, remedy }], problems, 'error');
  }

  return (listed, environment) => {
    count += 1;
    if (count > limits.flagRulesMax) {
      const message = `is used once too often: flags times environments are more than ${limits.flagRulesMax}`;
      tell(limits.flagRulesMax, listed.flag, 'query', message, 'Split the services among several collectors');
      return undefined;
    }
    const identity = JSON.stringify([listed.metric, environment]);
    if (!made.has(identity)) made.set(identity, make(listed, environment));
    return made.get(identity);
  };
}
