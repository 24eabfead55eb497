/** For commander: an option that is a TCP port. */
import { InvalidArgumentError } from 'commander';

export function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
