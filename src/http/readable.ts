/** What a peer wrote into an error answer, made fit for one log line. */

/** At most 200 characters without control characters; '' for HTML and other things not worth a line. */
export function readable(body: Buffer): string {
  const text = body.subarray(0, 1024).toString('utf8');
  if (/^\s*</.test(text)) return '';
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\ufffd]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
