/**
 * Parses a convertor's answer as hostile text: size is capped before, depth here.
 *
 * The depth is counted before parsing, so that a megabyte of brackets costs a scan and
 * not a stall of the loop.
 */
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';

export function parseAnswer(bytes: Buffer): unknown {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw garbled('the answer is empty');
  if (depthOf(text, limits.answerDepthMax) > limits.answerDepthMax) {
    throw garbled(`the answer is nested deeper than ${limits.answerDepthMax}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw garbled(/^\s*</.test(text) ? 'the answer is HTML, not JSON' : 'the answer is not JSON');
  }
}

export function garbled(message: string): Failure {
  return new Failure('convertor', 'garbled', message);
}

const quote = 34;
const backslash = 92;

/** The greatest nesting of brackets outside strings; stops counting above `max`. */
function depthOf(text: string, max: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length && deepest <= max; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === 91 || code === 123) deepest = Math.max(deepest, ++depth);
    else if (code === 93 || code === 125) depth--;
  }
  return deepest;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) return at;
  }
  return text.length;
}
