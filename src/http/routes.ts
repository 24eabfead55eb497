/** What a listener of ours answers: a fixed table. */

export type Page = {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  /** Beside those that every answer has; they cannot replace them. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** All that a page may know of who asks. */
export type Asked = {
  /** Without the query, as sent: percent signs are not decoded. */
  readonly path: string;
  /** What stands behind the question mark, as sent. */
  readonly query: string;
  /** The header `Accept`, or nothing. */
  readonly accept: string;
  /** How long whoever asks waits for the answer; absent: nobody knows. */
  readonly withinMs?: number;
};

/** Answers GET and HEAD. */
export type Route = (asked: Asked) => Page | Promise<Page>;

/** The head of a request that brings something. */
export type Delivered = {
  readonly path: string;
  readonly query: string;
  /** Of the peer, IPv4 in its own form. */
  readonly address: string;
  /** In lower case, without parameters. */
  readonly contentType: string;
};

/** Answers POST. */
export type Intake = {
  /** Asked before the body is read: how many bytes it may have, or why it is not wanted. */
  readonly admit: (head: Delivered) => number | Page;
  readonly take: (head: Delivered, body: Buffer) => Page | Promise<Page>;
  /** What the listener itself says to who brings something: too large, too much at once. */
  readonly refusal: (status: number, message: string) => Page;
};

/** By path. A path that ends with `/*` stands for everything below it. */
export type Routes = ReadonlyMap<string, Route>;

/** By path. */
export type Intakes = ReadonlyMap<string, Intake>;

export function findRoute(routes: Routes, path: string): Route | undefined {
  const exact = routes.get(path);
  if (exact || path.endsWith('/*')) return path.endsWith('/*') ? undefined : exact;
  for (const [key, route] of routes) {
    if (key.endsWith('/*') && path.startsWith(key.slice(0, -1))) return route;
  }
  return undefined;
}

export function plain(status: number, text: string): Page {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

export function json(status: number, value: unknown): Page {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` };
}
