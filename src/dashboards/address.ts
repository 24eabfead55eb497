/** Where a dashboard's requests go: below an address that everybody may know, or to one that is a secret itself. */
import { shownByUrl } from '../http/shown.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';

export type Address = {
  /** As it was when the line was opened: connections are made for this host. */
  readonly base: URL;
  /** Throws a `Failure` where the line cannot go there. */
  readonly urlOf: (path: string) => URL;
  /** What messages call it, where its path is a secret. */
  readonly place?: string;
  /** What of it nobody may see in an answer. */
  readonly shown: () => readonly Secret[];
  /** Statuses that mean that another secret may do. */
  readonly refusals: readonly number[];
};

const unauthorized = [401, 403];
/** What is asked of a URL that was replaced by another one. */
export const gone = [404, 410];

export function plainAddress(url: string): Address {
  const base = new URL(url);
  const shown = shownByUrl(base, false);
  return { base, urlOf: (path) => new URL(url + path), shown: () => shown, refusals: unauthorized };
}

/** Its file may have been read again since the line was opened. */
export function secretAddress(secret: Secret): Address {
  const base = new URL(secret.reveal());
  const first = shownByUrl(base, true);

  function current(): URL {
    const text = secret.reveal();
    if (!URL.canParse(text)) throw refusal('is no URL any more: correct it, and reload the configuration');
    const url = new URL(text);
    if (url.origin === base.origin) return url;
    throw refusal('names another host than at the start: reload the configuration');
  }

  return {
    base,
    urlOf: current,
    place: base.origin,
    shown: () =>
      URL.canParse(secret.reveal()) ? [...first, ...shownByUrl(new URL(secret.reveal()), true)] : first,
    refusals: [...unauthorized, ...gone],
  };
}

function refusal(text: string): Failure {
  return new Failure('dashboard', 'unauthorized', `the file of its URL ${text}`, { isUnsent: true });
}
