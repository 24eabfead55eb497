/** What the answers of dashboards mean that only take what they are told, and say no more about it. */
import type { HttpAnswer } from '../http/ask.ts';
import type { Answer } from '../model/dashboard.ts';
import type { Line } from './line.ts';

/** Throws the `Failure` that the answer stands for. */
export function acknowledged(answer: HttpAnswer, line: Line): Answer {
  const { status: httpStatus } = answer;
  if (httpStatus >= 200 && httpStatus < 300) return { outcome: 'sent', httpStatus };
  if (httpStatus === 409) return { outcome: 'known', httpStatus };
  throw line.failure(answer);
}
