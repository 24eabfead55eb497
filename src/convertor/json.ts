/** The text of a convertor's answer, and what is said where it makes no sense. */
import { parseJsonAnswer } from '../http/json-answer.ts';
import { Failure } from '../model/failure.ts';

export function parseAnswer(bytes: Buffer): unknown {
  return parseJsonAnswer('convertor', bytes);
}

export function garbled(message: string): Failure {
  return new Failure('convertor', 'garbled', message);
}
