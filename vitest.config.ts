import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const realThreadTests = ['test/stress/**/*.test.ts', 'test/cli/**/*.test.ts'];

/** Those that start processes and threads, most of them to wait for, and ask nothing of the cores: side by side. */
const processTests = [
  'test/cli/bench-compare.test.ts',
  'test/cli/explore.test.ts',
  'test/cli/fuzz.test.ts',
  'test/cli/hunt.test.ts',
  'test/cli/package.test.ts',
  'test/stress/plug-in-purity.test.ts',
  'test/stress/plug-ins.test.ts',
  'test/stress/search-threads.test.ts',
  'test/stress/stuck-threads.test.ts',
  'test/unit/cli/mutate.test.ts',
  'test/unit/cli/process-io.test.ts',
  'test/unit/cli/strange-paths.test.ts',
];

/** Simulations of which the unit tests make a tenth: see test/helpers/calibration.ts. */
const calibrationTests = [
  'test/unit/bench/compare-results.test.ts',
  'test/unit/bench/judge.test.ts',
  'test/unit/stats/**/*.test.ts',
  'test/unit/stress/confirmation.test.ts',
];

/** Families, most of them of searches, of which the other projects make a part: see test/helpers/full.ts. */
const fullTests = [
  'test/cli/fuzz.test.ts',
  'test/explore/alternatives.test.ts',
  'test/explore/half-fixes.test.ts',
  'test/explore/livelock.test.ts',
  'test/explore/reductions.test.ts',
  'test/explore/step-removal.test.ts',
  'test/explore/vacuity.test.ts',
  'test/explore/verdicts.test.ts',
  'test/fuzz/strategies.test.ts',
  'test/stress/agree.test.ts',
  'test/stress/declared-scenario.test.ts',
  'test/stress/engine.test.ts',
  'test/stress/fuzz.test.ts',
  'test/stress/lock-order.test.ts',
  'test/stress/own-subject.test.ts',
  'test/stress/plug-in-purity.test.ts',
  'test/stress/scenario-plug-ins.test.ts',
  'test/stress/search-threads.test.ts',
  'test/stress/tree-lock.test.ts',
  'test/stress/window.test.ts',
];

/** No test may fail since its host is slow: this only ends one that hangs. An idle machine takes 10 s for the longest. */
const HANGS_MS = 300_000;

/**
 * Modules of the sources take themselves for those of the build where they start threads: these load in a tenth of the time, need
 * no loader, and are what users have. `npm run build` comes before these tests.
 */
const builtThreads = {
  name: 'built-threads',
  enforce: 'pre' as const,
  transform(code: string, id: string): string | undefined {
    const file = relative(fileURLToPath(new URL('src', import.meta.url)), id);
    if (file.startsWith('..') || !code.includes('import.meta.url')) return undefined;
    const built = join(fileURLToPath(new URL('dist', import.meta.url)), file.replace(/\.ts$/, '.js'));
    return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(built).href));
  },
};

/**
 * Sources as modules of Node: Vitest's own modules read each import through a getter, at every use of it, and a search or a
 * simulation takes up to twice as long. Only tests and their helpers go through Vitest. A test that ends the children of its own process
 * would end the compiler, too: it belongs to the processes.
 */
const nativeSources = {
  pool: 'forks' as const,
  execArgv: ['--import', 'tsx'],
  server: { deps: { external: [/\/src\/.*\.ts$/] } },
};

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
          exclude: [...realThreadTests, ...processTests],
          ...nativeSources,
          // Vitest would take one worker on two cores. No test leaves a trace in a module: they need none of their own.
          maxWorkers: 2,
          isolate: false,
        },
      },
      {
        extends: true,
        plugins: [builtThreads],
        test: {
          name: 'processes',
          include: processTests,
          pool: 'forks',
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          retry: 0,
        },
      },
      {
        extends: true,
        plugins: [builtThreads],
        test: {
          // Whatever these expect must come up beside three busy loops, too: other processes may wait and work meanwhile.
          // No retry: a stress test that fails once has found something.
          name: 'stress',
          include: realThreadTests,
          exclude: processTests,
          pool: 'forks',
          maxWorkers: 3,
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
          ...nativeSources,
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        plugins: [builtThreads],
        test: {
          name: 'full',
          include: fullTests,
          env: { EBTORTURE_FULL: '1' },
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});

export default config;
