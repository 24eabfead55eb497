import { defineConfig } from 'vitest/config';

const { TEST_REPORT: outputFile } = process.env;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**', 'node_modules/**'],
    globalSetup: ['test/build.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
    // Also as a file, for who counts the tests.
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
  },
});
