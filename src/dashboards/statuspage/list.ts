/** A list of a page at Statuspage, read in pages that become smaller where one is larger than is read. */
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import { listOf, type Said } from '../said.ts';

/** Without it a list is cut, and asking for it is limited to once a minute. */
const perPage = 100;
/** Where so many incidents are more than is read. Each divides the one before it. */
const fewerPerPage: readonly number[] = [10, 1];

/**
 * @param what its elements
 * @param ask with the query
 */
export async function listAll(
  what: string,
  ask: (query: string) => Promise<unknown>,
): Promise<readonly Said[]> {
  const found: Said[] = [];
  let size = perPage;
  let skipped = 0;
  while (skipped < limits.dashboardPagesMax * perPage) {
    const said = await smallEnough(ask(`?page=${skipped / size + 1}&per_page=${size}`));
    if (said instanceof Failure) {
      const fewer = fewerPerPage.find((each) => each < size);
      if (fewer === undefined) throw said;
      size = fewer;
      continue;
    }
    const listed = listOf(said, what);
    found.push(...listed);
    skipped += size;
    if (listed.length < size) break;
  }
  return found;
}

/** Returns the failure of an answer that was cut. */
async function smallEnough(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure && error.isTooLarge) return error;
    throw error;
  }
}
