/** A record as a line of the history: without tokens, and no longer than it may be. */
import { hideTokens } from '../http/readable.ts';
import { limits } from '../model/limits.ts';
import type { HistoryRecord } from './record.ts';

export function lineOf(record: HistoryRecord, nowMs: number): string {
  const line = { time: new Date(nowMs).toISOString(), ...record };
  const text = hideTokens(JSON.stringify(line, cut));
  if (Buffer.byteLength(text) < limits.historyEvidenceBytesMax) return `${text}\n`;
  return `${hideTokens(JSON.stringify({ ...line, triggered: undefined }, cut))}\n`;
}

function cut(_key: string, value: unknown): unknown {
  const charactersMax = limits.historyTextCharactersMax;
  if (typeof value === 'string' && value.length > charactersMax) return `${value.slice(0, charactersMax)}…`;
  return Array.isArray(value) ? value.slice(0, limits.historyTriggeredMax) : value;
}
