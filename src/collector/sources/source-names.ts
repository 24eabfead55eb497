/** What sources are called in metrics, logs and pages, and the labels of what they bring. */
import type { Labels } from '../../exposition/family.ts';
import type { SourceSettings } from '../settings.ts';

/** One for each, in their order: where two would be the same, a number stands behind the later one. */
export function sourceNames(settings: readonly SourceSettings[]): readonly string[] {
  const counts = new Map<string, number>();
  return settings.map((each) => {
    const name = nameOf(each);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} ${count}`;
  });
}

/** Every series says whom it came from, as with Prometheus. */
export function sourceLabels(settings: SourceSettings, nodeName: string): Labels {
  const own =
    settings.type === 'node' ? { node_id: nodeName } : { instance: hostAndPort(new URL(settings.url)) };
  return { ...own, ...settings.labels };
}

/** Credentials and the query of a URL stay out of it. */
function nameOf(settings: SourceSettings): string {
  if (settings.type === 'node') return 'node';
  const url = new URL(settings.url);
  return `${settings.type} ${hostAndPort(url)}${url.pathname}`;
}

/** With the port that the scheme implies. */
function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
