/** A path to a field of JSON: `queue.items.0.length`; `\.` is a dot inside a name, `\\` a backslash. */

export type JsonPath = readonly string[];

export function parseJsonPath(text: string): JsonPath {
  const names = [''];
  for (const [part] of text.matchAll(/\\[.\\]|[\s\S]/g)) {
    if (part === '.') names.push('');
    else names[names.length - 1] += part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
  }
  return names;
}

/** Undefined where nothing is there; what an object or a list inherits is not there. */
export function fieldAt(answer: unknown, path: JsonPath): unknown {
  let value = answer;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value) && !/^(0|[1-9]\d{0,9})$/.test(name)) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
