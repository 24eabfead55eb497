/** The name of a flag, as CloudMon's expressions can say it: there `-` would be a minus, so both are the same flag. */
export function flagName(written: string): string {
  return written.replaceAll('-', '_');
}
