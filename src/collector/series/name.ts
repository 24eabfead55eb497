/** What metrics and labels may be called (Prometheus data model). */

export function isMetricName(text: string): boolean {
  return text.length <= 200 && /^[A-Za-z_:][A-Za-z0-9_:]*$/.test(text);
}

/** Names that begin with two underscores are Prometheus's own. */
export function isLabelName(text: string): boolean {
  return text.length <= 200 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !text.startsWith('__');
}
