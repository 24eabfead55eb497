import { defineConfig } from 'vitest/config';

const { TEST_REPORT: outputFile } = process.env;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'node_modules/**'],
    globalSetup: ['test/build.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    // Many a test waits for a process: three of them keep two cores busy.
    maxWorkers: 3,
    // Also as a file, for who counts the tests.
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
  },
});
