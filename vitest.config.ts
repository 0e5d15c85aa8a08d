import { defineConfig, type ViteUserConfig } from 'vitest/config';

const realThreadTests = ['test/stress/**/*.test.ts', 'test/cli/**/*.test.ts'];

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: realThreadTests,
          // Searches and properties take a second on an idle machine, and many on a busy one.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          // Real threads and child processes need the cores to themselves: one fork at a time, in a group of its
          // own after the unit tests. No retry: a stress test that fails once has found something.
          name: 'stress',
          include: realThreadTests,
          pool: 'forks',
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          retry: 0,
        },
      },
    ],
  },
});

export default config;
