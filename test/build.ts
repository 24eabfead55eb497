/** Builds the program once before the tests that start it as a process. */
import { execFileSync } from 'node:child_process';

export function setup(): void {
  execFileSync(process.execPath, ['build.js'], { stdio: 'inherit' });
}
