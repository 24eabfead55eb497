/**
 * Addresses that nobody may read: each is interned as a hash under a key that this process alone has.
 *
 * There is no cache from address to hash, because that would keep the address.
 */
import { createHmac } from 'node:crypto';
import { secretBytes } from '../../model/chance.ts';
import { Names } from './names.ts';

const keyBytes = 32;
const digitsShown = 12;

export class HashedNames extends Names {
  readonly #key = secretBytes(keyBytes);

  override take(text: string): number {
    return super.take(this.#hash(text));
  }

  override takeBytes(bytes: Buffer, start: number, end: number): number {
    return super.take(this.#hash(bytes.subarray(start, end)));
  }

  #hash(address: string | Buffer): string {
    return createHmac('sha256', this.#key).update(address).digest('hex').slice(0, digitsShown);
  }
}
