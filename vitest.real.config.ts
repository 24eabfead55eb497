import { defineConfig } from 'vitest/config';

const { TEST_REPORT: outputFile } = process.env;

export default defineConfig({
  test: {
    include: ['test/real/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    testTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // Also as a file, for who counts the tests.
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
  },
});
