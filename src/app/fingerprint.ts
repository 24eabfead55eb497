/** Tells whether two settings are the same, secrets included, without showing them. */
import { createHash } from 'node:crypto';
import { Secret } from '../model/secret.ts';

export function fingerprint(settings: object): string {
  const text = JSON.stringify(settings, function reveal(this: Record<string, unknown>, key, value) {
    const original = this[key];
    return original instanceof Secret ? original.reveal() : value;
  });
  return createHash('sha256').update(text).digest('base64');
}
