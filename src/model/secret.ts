/**
 * A value that no log, error, page or crash may show.
 *
 * The text is reachable only through `reveal`; printing, inspecting or serialising a secret gives `***`.
 */
import { inspect } from 'node:util';

export class Secret {
  #text: string;
  readonly #readAgain: (() => Promise<string>) | undefined;

  /** @param readAgain reads the secret's file; absent where it does not come from a file. */
  constructor(text: string, readAgain?: () => Promise<string>) {
    this.#text = text;
    this.#readAgain = readAgain;
  }

  reveal(): string {
    return this.#text;
  }

  /** Reads the file again; true when the text changed. An unreadable or empty file changes nothing. */
  async renew(): Promise<boolean> {
    const text = await this.#readAgain?.().catch(() => undefined);
    if (!text || text === this.#text) return false;
    this.#text = text;
    return true;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}
