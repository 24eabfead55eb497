/** What the answers of dashboards mean that only take what they are told, and say no more about it. */
import type { HttpAnswer } from '../http/ask.ts';
import type { Answer } from '../model/dashboard.ts';
import { Failure } from '../model/failure.ts';
import type { Line } from './line.ts';

/** Throws the `Failure` that the answer stands for. */
export async function acknowledged(answer: HttpAnswer, line: Line): Promise<Answer> {
  const { status: httpStatus } = answer;
  if (httpStatus >= 200 && httpStatus < 300) return { outcome: 'sent', httpStatus };
  if (httpStatus === 409) return { outcome: 'known', httpStatus };
  if (await line.hasMoved(answer)) {
    const text = `answered ${httpStatus}: the file of its URL names another one by now`;
    throw new Failure('dashboard', 'unauthorized', text, { httpStatus });
  }
  throw line.failure(answer);
}
