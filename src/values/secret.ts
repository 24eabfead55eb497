/** Values that are never shown, and values that are the content of a file. */
import type * as z from 'zod/mini';
import { Secret } from '../model/secret.ts';
import { value, Wrong } from './facts.ts';

/** A key, token or password. Absent is allowed by its owner; empty never is. */
export function secret(description: string): z.ZodMiniType<Secret, unknown> {
  const json = { type: ['string', 'number', 'boolean'], minLength: 1 };
  return value({ description, takes: 'secret', json }, (written) => {
    if (!(written instanceof Secret)) return new Wrong('must be text', 'Put the secret in quotes');
    return written.reveal() === ''
      ? new Wrong('is empty', 'Write the secret, or leave the key out to send no credentials')
      : written;
  });
}

/** A secret that an HTTP header carries as it is. */
export function headerSecret(description: string): z.ZodMiniType<Secret, unknown> {
  const json = { type: ['string', 'number', 'boolean'], minLength: 1 };
  return value({ description, takes: 'secret', json }, (written) => {
    if (!(written instanceof Secret)) return new Wrong('must be text', 'Put the secret in quotes');
    if (written.reveal() === '') return new Wrong('is empty', 'Write the token, or leave the key out');
    return /^[\x21-\x7e]+$/.test(written.reveal())
      ? written
      : new Wrong('holds a character that no HTTP header can carry', 'Look for blanks and empty lines in it');
  });
}

/** The content of a file that a key such as `ca_file` names. */
export type FileContent = { readonly content: Secret };

export function fileContent(description: string): z.ZodMiniType<FileContent, unknown> {
  return value({ description, takes: 'file', json: { type: 'string', minLength: 1 } }, (written) =>
    written instanceof Secret ? { content: written } : new Wrong('must be the path of a file'),
  );
}
