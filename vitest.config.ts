import { defineConfig, type ViteUserConfig } from 'vitest/config';

const realThreadTests = ['test/stress/**/*.test.ts', 'test/cli/**/*.test.ts'];

/** Simulations of which the unit tests make a tenth: see test/helpers/calibration.ts. */
const calibrationTests = [
  'test/unit/bench/compare-results.test.ts',
  'test/unit/bench/judge.test.ts',
  'test/unit/stats/**/*.test.ts',
  'test/unit/stress/confirmation.test.ts',
];

/** No test may fail since its host is slow: this only ends one that hangs. An idle machine takes 10 s for the longest. */
const HANGS_MS = 300_000;

const config: ViteUserConfig = defineConfig({
  test: {
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: realThreadTests,
          // Vitest would take one worker on two cores. No test leaves a trace in a module: they need none of their own.
          maxWorkers: 2,
          isolate: false,
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
          retry: 0,
        },
      },
      {
        extends: true,
        test: {
          name: 'calibration',
          include: calibrationTests,
          env: { EBTORTURE_CALIBRATION: '1' },
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

export default config;
