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
  return { ...schema, title: 'cloudmon-reporter' };
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
