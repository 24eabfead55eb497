/**
 * Tells a dashboard one thing after the other, so that one that cannot be told does not hold back the rest.
 *
 * Where the dashboard itself is away, the rest is not tried.
 */
import { type Answer, isOvertaken, overtaken, type Telling } from '../model/dashboard.ts';
import { Failure, type FailureReason } from '../model/failure.ts';

export type Settle = (telling: Telling, result: Answer | Failure) => void;

/** What is told in one go. It may grow until its turn has come. */
export type Part = {
  readonly tellings: readonly Telling[];
  /** Settles its tellings; what it throws stands for those that it did not settle. */
  readonly tell: (settle: Settle) => Promise<void>;
};

/** These are not about one telling: the next one would end the same way. */
const general: readonly FailureReason[] = [
  'unreachable',
  'timeout',
  'unauthorized',
  'rate_limited',
  'stopped',
];

export async function oneByOne(parts: readonly Part[], settle: Settle): Promise<void> {
  let failed: Failure | undefined;
  for (const part of parts) {
    const failure = await tellPart(part, settle);
    if (failure && general.includes(failure.reason)) throw failure;
    const isFailed = failure?.reason === 'failed';
    if (isFailed && failed) throw failed;
    failed = isFailed ? failure : undefined;
  }
}

/** Each of them is a part of its own, told in one go. */
export function eachByItself(
  tellings: readonly Telling[],
  settle: Settle,
  tell: (telling: Telling) => Promise<Answer>,
): Promise<void> {
  const parts = tellings.map((telling) => ({
    tellings: [telling],
    tell: async (settleOne: Settle) => settleOne(telling, await tell(telling)),
  }));
  return oneByOne(parts, settle);
}

/**
 * Sends one thing about several of them. Who does not want it any more when its turn has come is left out, and
 * what is said about the rest is made anew.
 */
export async function sendWanted<Each extends { readonly telling: Telling }>(
  placed: readonly Each[],
  settle: Settle,
  send: (wanted: readonly Each[], isWanted: () => boolean) => Promise<void>,
): Promise<void> {
  let left = stillWanted(placed, settle);
  while (left.length > 0) {
    const sent = left;
    const isAllWanted = () => sent.every(({ telling }) => telling.isWanted());
    try {
      return await send(sent, isAllWanted);
    } catch (error) {
      const isOld = error instanceof Failure && error.reason === 'stopped' && error.isUnsent;
      if (!isOld || isAllWanted()) throw error;
    }
    left = stillWanted(sent, settle);
  }
}

/** Settles what nobody wants any more; returns the rest. */
function stillWanted<Each extends { readonly telling: Telling }>(
  placed: readonly Each[],
  settle: Settle,
): readonly Each[] {
  return placed.filter(({ telling }) => {
    const isLeft = telling.isWanted();
    if (!isLeft) settle(telling, overtaken());
    return isLeft;
  });
}

/** Whether one of them is, after all that was told before. */
function isWanted(tellings: readonly Telling[]): boolean {
  return tellings.some((telling) => telling.isWanted());
}

/** Returns why its tellings could not be told, where it is not about one of them alone. */
async function tellPart({ tellings, tell }: Part, settle: Settle): Promise<Failure | undefined> {
  const settled = new Set<Telling>();
  const settleOne: Settle = (telling, result) => {
    settled.add(telling);
    settle(telling, result);
  };
  if (!isWanted(tellings)) {
    for (const telling of tellings) settle(telling, overtaken());
    return undefined;
  }
  try {
    await tell(settleOne);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const left = tellings.filter((telling) => !settled.has(telling));
    const isNobodys = left.length > 0 && left.every((telling) => isOvertaken(error, telling));
    for (const telling of left) settle(telling, error);
    return isNobodys ? undefined : error;
  }
}
