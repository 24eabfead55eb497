/** Which places of the ledger a configuration still tells of. */
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { isAbout } from '../values/glob.ts';

export function isRecord(page: string): boolean {
  return (JSON.parse(page) as [string, boolean])[1];
}

export function whoIsTold(policies: readonly Policy[], targets: readonly Target[]) {
  const policyOf = new Map(policies.map((policy) => [policy.name, policy]));
  const targetOf = new Map(targets.map((target) => [target.key, target]));
  return (page: string, targetKey: string): boolean => {
    const [name, isRecord] = JSON.parse(page) as [string, boolean];
    const policy = policyOf.get(name);
    const target = targetOf.get(targetKey);
    // What was only recorded ends with the mode: whoever records again begins anew.
    if (!policy || !target || (isRecord && policy.mode !== 'record')) return false;
    return isAbout(policy.match, target);
  };
}
