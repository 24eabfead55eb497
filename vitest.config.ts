import { defineConfig } from 'vitest/config';

const { TEST_REPORT: outputFile } = process.env;

/** They look at the most that their process ever had in memory: nobody else may have had more before. */
const apart = ['test/{history/reader,convertor/client,demo/convertor-faults}.test.ts'];

/** They fill the machine and look how long others wait: not beside a third. */
const loud = ['test/process/{telemetry-flood,collector-flood,load}.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    testTimeout: 30_000,
    pool: 'forks',
    // Also as a file, for who counts the tests.
    reporters: outputFile ? ['default', ['json', { outputFile }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'most',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'node_modules/**', ...loud, ...apart],
          // No module has state that a test could leave behind, so each is loaded once.
          isolate: false,
          // Many a test waits for a process: three of them keep two cores busy.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'apart', include: apart, maxWorkers: 3, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'loud', include: loud, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
