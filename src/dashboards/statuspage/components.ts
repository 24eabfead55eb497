/** `show: components`: the page has no incidents of ours, only components whose status we set. */
import type { Answer, Telling } from '../../model/dashboard.ts';
import type { FindComponent } from '../components.ts';
import { oneByOne, type Settle } from '../one-by-one.ts';
import type { Page } from './page.ts';
import type { StatuspageSettings } from './settings.ts';
import { componentWord } from './wording.ts';

/** Setting a status twice is the same as once: what may have arrived is simply told again. */
export function componentTeller(page: Page, findComponent: FindComponent, settings: StatuspageSettings) {
  async function tell({ action, told, isDoubted, isWanted }: Telling, signal: AbortSignal): Promise<Answer> {
    const id = await findComponent(action.reading.target, signal);
    if (action.type === 'close' && told !== undefined && !isDoubted) {
      const word = await page.componentWord(id, signal);
      const isAsTold = word === componentWord(told, settings);
      if (!isAsTold) return { outcome: 'known', note: 'the component was changed by somebody else' };
    }
    const status = action.type === 'close' ? 0 : action.status;
    const word = componentWord(status, settings);
    const { status: httpStatus } = await page.changeComponent(id, word, signal, isWanted);
    return { outcome: httpStatus === 409 ? 'known' : 'sent', reference: id, httpStatus };
  }

  return (tellings: readonly Telling[], settle: Settle, signal: AbortSignal): Promise<void> =>
    oneByOne(
      tellings.map((telling) => ({
        tellings: [telling],
        tell: async (settleOne) => settleOne(telling, await tell(telling, signal)),
      })),
      settle,
    );
}
