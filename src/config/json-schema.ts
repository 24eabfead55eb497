/** The configuration as a JSON Schema (draft-07), for editors that complete and check as one types. */
import * as z from 'zod/mini';
import { facts } from '../values/facts.ts';
import { rootSchema } from './schema.ts';
import { fitsInFile, shapeOf } from './shape.ts';

type Json = Record<string, unknown>;

export function configurationJsonSchema(): Json {
  const schema = z.toJSONSchema(rootSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) =>
      complete(zodSchema as unknown as z.ZodMiniType, jsonSchema as Json),
  }) as Json;
  return { ...withNull(schema), type: 'object', title: 'cloudmon-reporter' };
}

function complete(schema: z.ZodMiniType, json: Json): void {
  const known = facts.get(schema);
  if (known?.json) Object.assign(json, known.json);
  if (known?.description) json['description'] = known.description;
  if (known?.implied) json['default'] = known.implied.value;
  const shape = shapeOf(schema);
  if (schema._zod.def.type !== 'object' || shape.type !== 'keys') return;
  const properties = json['properties'] as Record<string, Json>;
  for (const [name, key] of shape.keys) {
    if (!fitsInFile(key.shape)) continue;
    properties[`${name}_file`] ??= { type: 'string', minLength: 1, description: `File that holds ${name}.` };
  }
  // What is not in the files may be in the environment, but for what is in a list.
  delete json['required'];
  const required = known?.requires ?? [];
  if (required.length > 0) {
    json['allOf'] = required.map((name) => ({
      anyOf: [{ required: [name] }, { required: [`${name}_file`] }],
    }));
  }
}

/** Everywhere `key:` with nothing behind it means that the key is absent. */
function withNull(json: Json): Json {
  const allowed: Json = { ...json };
  for (const [keyword, inside] of Object.entries(json)) {
    if (keyword === 'properties') allowed[keyword] = mapValues(inside as Record<string, Json>, nullable);
    if (keyword === 'additionalProperties' && typeof inside === 'object')
      allowed[keyword] = nullable(inside as Json);
    if (keyword === 'items') allowed[keyword] = withNull(inside as Json);
    if (keyword === 'anyOf') allowed[keyword] = (inside as Json[]).map(withNull);
  }
  return allowed;
}

function nullable(property: Json): Json {
  const json = withNull(property);
  if (Array.isArray(json['enum'])) return { ...json, enum: [...json['enum'], null] };
  if (json['const'] !== undefined)
    return { ...json, type: ['string', 'null'], const: undefined, enum: [json['const'], null] };
  if (Array.isArray(json['anyOf'])) return { ...json, anyOf: [...json['anyOf'], { type: 'null' }] };
  const { type } = json;
  return type === undefined ? json : { ...json, type: [...(Array.isArray(type) ? type : [type]), 'null'] };
}

function mapValues(json: Record<string, Json>, change: (each: Json) => Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, change(each)]));
}
