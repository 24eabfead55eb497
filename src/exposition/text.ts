/**
 * The snapshot as text: Prometheus 0.0.4 and OpenMetrics 1.0.0.
 *
 * Not prom-client's own printer, which changes the names of its counters for good once it
 * has printed OpenMetrics, writes NaN as `Nan` and tells two odd names apart by luck.
 */
import type { Page } from '../http/routes.ts';
import type { Family, Snapshot } from './family.ts';

type Print = (snapshot: Snapshot) => Page;

/** What was printed for labels before is remembered, as long as somebody holds them. */
export function openExposition(): { readonly text: Print; readonly openMetrics: Print } {
  const texts = new WeakMap<object, string>();

  const labelText = (labels: Readonly<Record<string, string>>): string => {
    let text = texts.get(labels);
    if (text === undefined) {
      text = printLabels(labels);
      texts.set(labels, text);
    }
    return text;
  };

  const printSamples = ({ samples }: Family): string => {
    const parts: string[] = [];
    for (const { name, labels, value } of samples) {
      parts.push(name, labelText(labels), ' ', printNumber(value), '\n');
    }
    return parts.join('');
  };

  return {
    text: (snapshot) => {
      const families = snapshot.map((family) => {
        const { name, type, help } = family;
        return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${printSamples(family)}`;
      });
      return page('text/plain; version=0.0.4; charset=utf-8', families.join(''));
    },
    openMetrics: (snapshot) => {
      const families = snapshot.map((family) => {
        // There a counter's family has no `_total`, its sample has.
        const name = family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
        const type = family.type === 'untyped' ? 'unknown' : family.type;
        const help = escapeLabel(family.help);
        return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${printSamples(family)}`;
      });
      const type = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
      return page(type, `${families.join('')}# EOF\n`);
    },
  };
}

function page(type: string, body: string): Page {
  return { status: 200, type, body };
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in labels) text += `${text && ','}${name}="${escapeLabel(labels[name] ?? '')}"`;
  return text && `{${text}}`;
}

/** Both formats escape the value of a label so; OpenMetrics its help, too. */
function escapeLabel(text: string): string {
  // Most texts need nothing, and looking is cheaper than replacing.
  return /["\\\n]/.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** `NaN`, `+Inf`, `-Inf`. */
export function printNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
