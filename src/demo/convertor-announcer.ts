/**
 * The fake convertor's list of maintenances.
 *
 * CloudMon documents it and has no such page: until something is announced, it is not there.
 */
import type { ConvertorRules } from './convertor-rules.ts';
import { type Exchange, json, type Reply, reply } from './reply.ts';
import type { Seen } from './server.ts';

type Path = '/v1/maintenances' | '/api/v1/maintenances';

export type Announcing = {
  /** Oldest first. */
  readonly requests: readonly Seen[];
  /** A list of entries as they go out, or another answer; undefined: there is no such page. */
  readonly announce: (answer: readonly unknown[] | Reply | undefined, path?: Path) => void;
};

export class Announcer implements Announcing {
  readonly requests: Seen[] = [];
  readonly #rules: ConvertorRules;
  #reply: Reply | undefined;
  #path: Path = '/v1/maintenances';

  constructor(rules: ConvertorRules) {
    this.#rules = rules;
  }

  readonly announce = (answer: readonly unknown[] | Reply | undefined, path: Path = this.#path): void => {
    this.#path = path;
    this.#reply = isList(answer) ? json(200, answer) : answer;
  };

  isAsked({ path }: Seen): boolean {
    return path.endsWith('/maintenances');
  }

  answer(exchange: Exchange, seen: Seen): void {
    this.requests.push(seen);
    reply(exchange, this.#replyTo(seen));
  }

  #replyTo({ path, headers }: Seen): Reply {
    const { bearerToken } = this.#rules;
    if (!this.#reply || path !== this.#path)
      return { status: 404, headers: { 'content-type': 'text/plain' } };
    const isKnown = bearerToken === undefined || headers.authorization === `Bearer ${bearerToken}`;
    return isKnown ? this.#reply : json(401, { message: 'Unauthorized' });
  }
}

function isList(answer: readonly unknown[] | Reply | undefined): answer is readonly unknown[] {
  return Array.isArray(answer);
}
