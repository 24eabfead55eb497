/** Which of our targets a page knows of, or soon will: several of them may be one component there. */
import type { Beside, Telling } from '../model/dashboard.ts';
import type { Status } from '../model/status.ts';
import type { Target } from '../model/target.ts';

export type Member = {
  readonly target: Target;
  /** What the page was told of it. */
  readonly told: Status;
  /** How it stands once everything is told. */
  readonly soon: Status;
  /** Of its incident there. */
  readonly reference: string | undefined;
};

/** Those that are told now, and those that were told before. */
export function membersOf(tellings: readonly Telling[], { told }: Beside): readonly Member[] {
  const members = new Map<string, Member>();
  for (const { target, status, reference } of told()) {
    members.set(target.key, { target, told: status, soon: status, reference });
  }
  for (const { action, told: before = 0, reference } of tellings) {
    const { target } = action.reading;
    const soon = action.type === 'close' ? 0 : action.status;
    members.set(target.key, { target, told: before, soon, reference });
  }
  return [...members.values()];
}
