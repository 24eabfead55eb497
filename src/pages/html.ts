/** HTML by a tagged template: every value is escaped unless it is HTML already. */

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Html | readonly Html[] | undefined;

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0] ?? '';
  for (let i = 0; i < values.length; i++) text += print(values[i]) + parts[i + 1];
  return new Html(text);
}

function print(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map((item) => item.text).join('');
  return escaped(String(value));
}

/** Also a carriage return, of which a parser would make a line feed, and NUL, which it would drop. */
function escaped(text: string): string {
  return text.replace(/[&<>"'`\r\0]/g, (sign) => (sign === '\0' ? '\ufffd' : `&#${sign.charCodeAt(0)};`));
}
