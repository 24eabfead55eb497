/** Which of the two text formats a client wants (RFC 9110, section 12.5.1). */

type Range = { readonly type: string; readonly version: string | undefined; readonly q: number };

/** OpenMetrics only for who asks for it by name, in the version that we speak, and likes plain text no better. */
export function wantsOpenMetrics(accept: string): boolean {
  const ranges = accept.split(',').map(parseRange);
  const openMetrics = best(ranges, 'application/openmetrics-text', '1.0.0') ?? 0;
  const text = best(ranges, 'text/plain', '0.0.4') ?? best(ranges, 'text/*') ?? best(ranges, '*/*') ?? 0;
  return openMetrics > 0 && openMetrics >= text;
}

function best(ranges: readonly Range[], wanted: string, spoken?: string): number | undefined {
  const found = ranges.filter(
    ({ type, version }) => type === wanted && (version === undefined || version === spoken),
  );
  return found.length === 0 ? undefined : Math.max(...found.map(({ q }) => q));
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const parameter = (name: string) =>
    parameters
      .find((each) => each.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  const q = parameter('q');
  const isWeight = q === undefined || /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(q);
  return { type, version: parameter('version'), q: isWeight ? Number(q ?? 1) : 0 };
}
