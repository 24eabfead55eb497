/** Parses a peer's answer as hostile text: its size is capped before, its depth here. */
import { Failure, type Peer } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { jsonDepth } from '../values/json-depth.ts';

export function parseJsonAnswer(peer: Peer, bytes: Buffer): unknown {
  const garbled = (message: string) => new Failure(peer, 'garbled', message);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw garbled('the answer is empty');
  if (jsonDepth(text, limits.answerDepthMax) > limits.answerDepthMax) {
    throw garbled(`the answer is nested deeper than ${limits.answerDepthMax}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw garbled(/^\s*</.test(text) ? 'the answer is HTML, not JSON' : 'the answer is not JSON');
  }
}
