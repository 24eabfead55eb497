/**
 * What the schemas of the settings know beside their types: how a value is written, and what it is for.
 *
 * Whoever walks the configuration (environment, files with values, editors' schema, `config`) asks here.
 */
import * as z from 'zod/mini';

// A schema is used once a start: compiling it would cost more than it saves.
z.config({ jitless: true });

/**
 * How a value is written. `text` keeps its source (`0123`), `secret` as well and is never shown,
 * `file` names a file whose content is the value, `json` is any value, `map` is names with texts,
 * `amount` a number or a text.
 */
export type Takes = 'text' | 'secret' | 'proxy' | 'file' | 'number' | 'boolean' | 'amount' | 'json' | 'map';

export type Facts = {
  readonly description?: string;
  readonly takes?: Takes;
  /** Draft-07 schema of what may be written. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** The keys of a section that nothing stands in for, not even the environment. */
  readonly requires?: readonly string[];
  /** What an absent key means, unless another key stands in the section, or only beside one. */
  readonly implied?: { readonly value: unknown } & (
    | { readonly unless: string }
    | { readonly beside: string }
  );
};

export const facts = z.registry<Facts>();

/** Why a value cannot be used: a message that follows the key, and what to do about it. */
export class Wrong {
  readonly message: string;
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    this.message = message;
    this.remedy = remedy;
  }
}

/** A schema for one value: `decode` turns what is written into what the program uses, once. */
export function value<Output>(
  known: Facts,
  decode: (written: unknown) => Output | Wrong,
): z.ZodMiniType<Output, unknown> {
  const schema = z.pipe(
    z.unknown(),
    z.transform((written: unknown, context): Output => {
      const decoded = written === undefined ? new Wrong('is missing', 'Add it') : decode(written);
      if (!(decoded instanceof Wrong)) return decoded;
      context.issues.push({
        code: 'custom',
        input: undefined,
        message: decoded.message,
        params: { remedy: decoded.remedy },
      });
      return z.NEVER;
    }),
  );
  facts.add(schema, known);
  return schema;
}

/** Says what a section is for, and which keys it cannot be without. */
export function section<Schema extends z.ZodMiniType>(
  description: string,
  schema: Schema,
  requires: readonly string[] = [],
): Schema {
  facts.add(schema, { description, requires });
  return schema;
}
