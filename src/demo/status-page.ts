/**
 * The status page of the demo: CloudMon's second dashboard, with a component for each public service, and
 * with humans who work on it.
 */
import type { Clock } from '../model/clock.ts';
import { Account } from './account.ts';
import { componentOf, publicEnvironment } from './configuration.ts';
import { component, type StackmonComponent } from './dialects/stackmon-components.ts';
import { type StackmonV2, startStackmonV2 } from './dialects/stackmon-v2.ts';
import type { HumanAct, PageMood, TargetName } from './story.ts';

export type StatusPage = {
  readonly url: string;
  readonly components: readonly StackmonComponent[];
  readonly fake: Pick<StackmonV2, 'events' | 'requests'>;
  /** Answers nothing but 503. */
  readonly isAway: () => boolean;
  /** Up to date. */
  readonly account: () => Account;
  readonly become: (mood: PageMood) => void;
  readonly act: (act: HumanAct) => void;
  readonly stop: () => Promise<void>;
};

type StatusPageParts = {
  readonly clock: Clock;
  readonly keep: number;
  readonly secret: string;
  readonly targets: readonly TargetName[];
};

export async function startStatusPage({
  clock,
  keep,
  secret,
  targets,
}: StatusPageParts): Promise<StatusPage> {
  const services = targets.filter(({ environment }) => environment === publicEnvironment);
  const components = services.map(({ service }, index) => component(index + 1, componentOf(service)));
  const fake = await startStackmonV2({ clock, keep, secret, components });
  const account = new Account(fake);
  const theirs = new Map<string, number>();
  let mood: PageMood = 'well';

  function open(service: string, title: string, impact: number): void {
    const found = components.find(({ name }) => name === componentOf(service));
    if (!found) throw new Error(`the status page has no component for ${service}`);
    const id = fake.openIncident(impact, [found.id], title);
    theirs.set(service, id);
    account.openedByHuman(id, found.id);
  }

  function close(service: string): void {
    const id = theirs.get(service);
    // A story that is told again opens it first.
    if (id === undefined || !theirs.delete(service)) return;
    fake.closeIncident(id);
  }

  return {
    url: fake.url,
    components,
    fake,
    account: () => {
      account.read();
      return account;
    },
    isAway: () => mood === 'away',
    become: (next) => {
      mood = next;
      const fault = mood === 'away' ? 'status-503' : undefined;
      fake.failReads(fault);
      if (mood === 'forgetful') fake.fail('reset-after-accept', { times: 1 });
      else fake.fail(fault);
    },
    act: (act) => {
      if (act.does === 'open') open(act.service, act.title, act.impact);
      else close(act.service);
    },
    stop: fake.stop,
  };
}
