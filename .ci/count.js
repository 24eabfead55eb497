/**
 * Adds up what vitest reports say, and prints `N passed, N failed` alone on the last line.
 *
 * The same test in two reports is one test, and it passed only if it passed in both.
 */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const hasPassed = new Map();
for (const path of process.argv.slice(2).filter((each) => existsSync(each))) {
  for (const file of JSON.parse(readFileSync(path, 'utf8')).testResults) {
    const name = relative(process.cwd(), file.name);
    const before = new Map();
    // A file that could not be loaded has no tests, and counts as one that failed.
    const isBroken = file.status === 'failed' && file.assertionResults.every(hasNotFailed);
    if (isBroken) note(name, false);
    for (const { fullName, status } of file.assertionResults) {
      const nth = (before.get(fullName) ?? 0) + 1;
      before.set(fullName, nth);
      // Skipped tests say nothing, so they are not counted.
      if (status === 'passed' || status === 'failed') note(`${name} ${fullName} ${nth}`, status === 'passed');
    }
  }
}
const passed = [...hasPassed.values()].filter(Boolean).length;
console.log(`${passed} passed, ${hasPassed.size - passed} failed`);

function note(test, isPassed) {
  hasPassed.set(test, isPassed && hasPassed.get(test) !== false);
}

function hasNotFailed({ status }) {
  return status !== 'failed';
}
