/** Reads a page of ours as people do: its text, without what only machines or screen readers see. */

const entities = /&#(\d+);/g;

/** The text of one element, found by how its tag begins; each tag a space. */
export function textOf(page: string, opening: string): string {
  const start = page.indexOf(opening);
  if (start === -1) throw new Error(`the page has no ${opening}`);
  const name = /^<(\w+)/.exec(opening)?.[1] ?? '';
  return plainText(page.slice(start, start + lengthOf(page.slice(start), name)));
}

/** One text for each element whose tag begins so. */
export function textsOf(page: string, opening: string): string[] {
  return page
    .split(opening)
    .slice(1)
    .map((rest) => textOf(opening + rest, opening));
}

function plainText(html: string): string {
  return html
    .replace(/<svg.*?<\/svg>|<table.*?<\/table>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(entities, (_, code) => String.fromCharCode(Number(code)));
}

function lengthOf(html: string, name: string): number {
  let depth = 0;
  for (const tag of html.matchAll(new RegExp(`<(/?)${name}\\b[^>]*>`, 'g'))) {
    depth += tag[1] === '/' ? -1 : 1;
    if (depth === 0) return tag.index + tag[0].length;
  }
  throw new Error(`<${name}> does not end`);
}
