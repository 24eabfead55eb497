/** What made the convertor decide, in short: for people on call, never for a public page. */
import { limits } from '../model/limits.ts';
import type { Evidence, Triggered } from '../model/reading.ts';

export type Reasons = { readonly expression?: string; readonly flags: readonly string[] };

/** A convertor may say any amount: it is cut. */
export function reasonsOf({ matchedExpression, triggered }: Evidence): Reasons {
  return {
    ...(matchedExpression !== undefined && { expression: cut(matchedExpression) }),
    flags: triggered.slice(0, limits.evidenceFlagsMax).map((flag) => cut(flagText(flag))),
  };
}

/** `api_slow: latency_ms gt 500`, or as much of it as the convertor said. */
function flagText({ name, query, op, threshold }: Triggered): string {
  const about = [query, op, threshold].filter((part) => part !== undefined).join(' ');
  return about === '' ? name : `${name}: ${about}`;
}

function cut(text: string): string {
  const { evidenceCharactersMax } = limits;
  return text.length > evidenceCharactersMax ? `${text.slice(0, evidenceCharactersMax - 1)}…` : text;
}
