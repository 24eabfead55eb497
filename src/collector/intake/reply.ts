/** What who brings metrics or samples is answered. */
import { json, type Page } from '../../http/routes.ts';

/** Something wrong with one of those that came; `index` counts from 0. */
export type Complaint = { readonly index: number; readonly field: string; readonly message: string };

/** Of so many complaints the first are told. */
export const complaintsTold = 20;

/** @param count of a batch; absent where one came alone */
export function taken(message: string, count?: number): Page {
  return json(200, { success: true, message, ...(count !== undefined && { ingested: count }) });
}

export function refusal(status: number, message: string, retryAfterSeconds?: number): Page {
  const page = json(status, { success: false, message });
  return retryAfterSeconds === undefined
    ? page
    : { ...page, headers: { 'retry-after': String(retryAfterSeconds) } };
}

/**
 * Nothing of what came was stored.
 *
 * @param count of all complaints, told or not
 */
export function complained(complaints: readonly Complaint[], count = complaints.length): Page {
  const [first] = complaints;
  const more = count > 1 ? `, and ${count - 1} more` : '';
  const message = first ? `${first.field}: ${first.message}${more}` : 'nothing was stored';
  return json(400, { success: false, message, errors: complaints.slice(0, complaintsTold) });
}
