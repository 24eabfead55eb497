/** `schema`: the JSON Schema of the configuration, for editors. */
import type { Command } from 'commander';
import type { Io } from './io.ts';

const examples = `
Example:
  $ cloudmon-reporter schema > schema.json

Then write into the first line of config.yaml:
  # yaml-language-server: $schema=schema.json`;

export function addSchema(program: Command, io: Io): void {
  program
    .command('schema')
    .description('print the JSON Schema (draft-07) of the configuration, for editors')
    .addHelpText('after', examples)
    .action(async () => {
      const { configurationJsonSchema } = await import('../config/json-schema.ts');
      io.print(`${JSON.stringify(configurationJsonSchema(), undefined, 2)}\n`);
    });
}
