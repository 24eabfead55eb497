/** Which places of the ledger a configuration still tells of. */
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { isAbout } from '../values/glob.ts';
import { isPageOf, namesOf } from './place.ts';

export function whoIsTold(policies: readonly Policy[], targets: readonly Target[]) {
  const policyOf = new Map(policies.map((policy) => [policy.name, policy]));
  const targetOf = new Map(targets.map((target) => [target.key, target]));
  return (page: string, targetKey: string): boolean => {
    const names = namesOf(page);
    const policy = names && policyOf.get(names.dashboard);
    const target = targetOf.get(targetKey);
    if (!policy || !target || !isPageOf(names, policy)) return false;
    // What was only recorded ends with the mode: whoever records again begins anew.
    return (!names.isRecord || policy.mode === 'record') && isAbout(policy.match, target);
  };
}
