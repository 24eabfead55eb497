/** The body of a report to CloudMon's first status dashboard: what it takes for one, and what it says otherwise. */
import type { Asked } from './dialect.ts';

type ReportBody = {
  readonly name: string;
  readonly impact: number;
  readonly text: string;
  readonly attributes: ReadonlyMap<string, string>;
};

type Complaints = Readonly<Record<string, readonly string[] | Readonly<Record<string, unknown>>>>;

export type ReadBody =
  | { readonly report: ReportBody }
  | {
      readonly report: undefined;
      readonly status: 400 | 422;
      readonly complaints: Complaints | readonly string[];
    };

const fields = ['name', 'impact', 'text', 'attributes'];
const notText = ['Not a valid string.'];

export function readReportBody({ body, json, headers }: Asked): ReadBody {
  const isJson = /^application\/([\w.+-]+\+)?json(;|$)/.test(headers['content-type'] ?? '');
  if (isJson && body !== '' && json === undefined) {
    return { report: undefined, status: 400, complaints: ['Invalid JSON body.'] };
  }
  const sent = isJson && body !== '' ? json : {};
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
    return { report: undefined, status: 422, complaints: { _schema: ['Invalid input type.'] } };
  }
  const given = sent as Readonly<Record<string, unknown>>;
  const complaints = complaintsAbout(given);
  if (Object.keys(complaints).length > 0) return { report: undefined, status: 422, complaints };
  const attributes = (given['attributes'] ?? []) as readonly {
    readonly name: string;
    readonly value: string;
  }[];
  return {
    report: {
      name: String(given['name']),
      impact: Math.trunc(Number(given['impact'])),
      text: typeof given['text'] === 'string' ? given['text'] : 'Incident',
      attributes: new Map(attributes.map(({ name, value }) => [name, value])),
    },
  };
}

function complaintsAbout(given: Readonly<Record<string, unknown>>): Complaints {
  const { name, impact, text, attributes } = given;
  const unknown = Object.keys(given).filter((field) => !fields.includes(field));
  return {
    ...(name === undefined && { name: missing }),
    ...(name !== undefined && typeof name !== 'string' && { name: notText }),
    ...(impact === undefined && { impact: missing }),
    ...(impact !== undefined && !isWhole(impact) && { impact: ['Not a valid integer.'] }),
    ...(text !== undefined && typeof text !== 'string' && { text: notText }),
    ...(attributes !== undefined && !isList(attributes) && { attributes: ['Not a valid list.'] }),
    ...Object.fromEntries(unknown.map((field) => [field, ['Unknown field.']])),
  };
}

const missing = ['Missing data for required field.'];

/** Numbers are cut, and texts with one are taken. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value);
}

function isList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((each) => typeof each?.name === 'string' && typeof each?.value === 'string')
  );
}
