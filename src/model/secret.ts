/**
 * A value that no log, error, page or crash may show.
 *
 * The text is reachable only through `reveal`; printing, inspecting or serialising a secret gives `***`.
 */
import { inspect } from 'node:util';

export class Secret {
  #text: string;
  #version = 0;
  readonly #readAgain: (() => Promise<string>) | undefined;

  /** @param readAgain reads the secret's file; absent where it does not come from a file. */
  constructor(text: string, readAgain?: () => Promise<string>) {
    this.#text = text;
    this.#readAgain = readAgain;
  }

  reveal(): string {
    return this.#text;
  }

  /** Counts how often the text changed. */
  get version(): number {
    return this.#version;
  }

  /**
   * Reads the file again, unless somebody else has done so since. An unreadable or empty
   * file changes nothing.
   *
   * @param refused the version that did not do
   * @returns whether there is another one by now
   */
  async renew(refused = this.#version): Promise<boolean> {
    if (this.#version !== refused) return true;
    const text = await this.#readAgain?.().catch(() => undefined);
    if (text && text !== this.#text) {
      this.#text = text;
      this.#version++;
    }
    return this.#version !== refused;
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
