/** What a peer wrote into an error answer, made fit for one log line. */
import type { Secret } from '../model/secret.ts';

const token = /eyJ[\w-]{6,}(\.[\w-]*){0,2}/g;
const authorization = /\b(Basic|Bearer)\s+\S+/gi;

/**
 * At most 200 characters without control characters; '' for HTML and other things not worth a line.
 *
 * Some peers tell us our own credentials. They are hidden before the text is cut: half a
 * secret would not be recognised.
 *
 * @param secrets what we showed the peer
 */
export function readable(body: Buffer, ...secrets: readonly (Secret | undefined)[]): string {
  const whole = saidIn(body.subarray(0, 16_384).toString('utf8'));
  if (/^\s*</.test(whole)) return '';
  let hidden = whole;
  for (const text of formsOf(secrets)) hidden = hidden.replaceAll(text, '***');
  return hideTokens(hidden.replace(authorization, '$1 ***'))
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\ufffd]+/gu, ' ')
    .trim()
    .slice(0, 200);
}

/** As they are, and as JSON writes them; the longest first, so that nothing is left of one that holds another. */
function formsOf(secrets: readonly (Secret | undefined)[]): readonly string[] {
  const texts = secrets.flatMap((secret) => secret?.reveal() || []);
  const forms = texts.flatMap((text) => {
    const inJson = JSON.stringify(text).slice(1, -1);
    return [text, inJson, inJson.replaceAll('/', '\\/')];
  });
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** Most peers that answer in JSON have their words in one of two fields. */
function saidIn(text: string): string {
  const [, said] = /^\s*\{\s*"(?:message|error)"\s*:\s*("(?:[^"\\]|\\.)*")\s*\}\s*$/.exec(text) ?? [];
  return said === undefined ? text : (attempt(said) ?? text);
}

function attempt(json: string): string | undefined {
  try {
    return String(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** Signed tokens, also cut ones. */
export function hideTokens(text: string): string {
  return text.includes('eyJ') ? text.replace(token, '***') : text;
}
