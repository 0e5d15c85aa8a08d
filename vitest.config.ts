import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { compileSchemas } from './scripts/schemas/compile.ts';

// Sources run as they are here, and this part of them is made.
compileSchemas();

const realThreadTests = ['test/stress/**/*.test.ts', 'test/cli/**/*.test.ts'];

/** Those that start processes and threads, most of them to wait for, and ask nothing of the cores: side by side. */
const processTests = [
  'test/browser/page.test.ts',
  'test/cli/bench-compare.test.ts',
  'test/cli/explore.test.ts',
  'test/cli/fuzz.test.ts',
  'test/cli/hunt.test.ts',
  'test/cli/journal.test.ts',
  'test/cli/package.test.ts',
  'test/cli/shards.test.ts',
  'test/cluster/slurm.test.ts',
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
  'test/cli/ebtorture.test.ts',
  'test/cli/fuzz.test.ts',
  'test/cli/hunt.test.ts',
  'test/cli/journal.test.ts',
  'test/explore/alternatives.test.ts',
  'test/explore/half-fixes.test.ts',
  'test/explore/history.test.ts',
  'test/explore/livelock.test.ts',
  'test/explore/lock-order.test.ts',
  'test/explore/reductions.test.ts',
  'test/explore/step-removal.test.ts',
  'test/explore/vacuity.test.ts',
  'test/explore/verdicts.test.ts',
  'test/fuzz/strategies.test.ts',
  'test/stress/agree.test.ts',
  'test/stress/declared-scenario.test.ts',
  'test/stress/engine.test.ts',
  'test/stress/faults.test.ts',
  'test/stress/fuzz.test.ts',
  'test/stress/history-hardware.test.ts',
  'test/stress/lock-order.test.ts',
  'test/stress/own-subject.test.ts',
  'test/stress/plug-in-purity.test.ts',
  'test/stress/plug-ins.test.ts',
  'test/stress/scenario-plug-ins.test.ts',
  'test/stress/search-threads.test.ts',
  'test/stress/tree-lock.test.ts',
  'test/stress/window.test.ts',
  'test/unit/cli/history.test.ts',
  'test/unit/cli/strange-paths.test.ts',
  'test/unit/explore/local-program.test.ts',
  'test/unit/invariant/today-sound-worlds.test.ts',
  'test/unit/memory/access.test.ts',
  'test/unit/stress/compiled/compiled-trials.test.ts',
];

/** No test may fail since its host is slow: this only ends one that hangs. An idle machine takes 10 s for the longest. */
const HANGS_MS = 300_000;

const sources = fileURLToPath(new URL('src', import.meta.url));
const build = fileURLToPath(new URL('dist', import.meta.url));

/**
 * The sources as `npm run build`, which comes before these tests, has left them: what users have, with threads that load in a tenth
 * of the time, and modules of Node like `nativeSources`, without a compiler in each process. What the build has in its bundles alone
 * is taken from the sources.
 */
const builtSources = {
  name: 'built-sources',
  enforce: 'pre' as const,
  resolveId(source: string, importer: string | undefined): string | undefined {
    if (importer === undefined || !source.startsWith('.')) return undefined;
    const file = relative(sources, resolve(dirname(importer), source));
    if (file.startsWith('..') || !file.endsWith('.ts')) return undefined;
    const built = join(build, file.replace(/\.ts$/, '.js'));
    return existsSync(built) ? built : undefined;
  },
};
const builtModules = {
  pool: 'forks' as const,
  server: { deps: { external: [/\/dist\/.*\.js$/] } },
};
/** Unit tests take the build, too, where it is not older than the sources: `npm test` has just made it. */
const isJustBuilt = process.env['npm_lifecycle_event'] === 'test';

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
        plugins: isJustBuilt ? [builtSources] : [],
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...realThreadTests, ...processTests],
          ...(isJustBuilt ? builtModules : nativeSources),
          // Vitest would take one worker on two cores. No test leaves a trace in a module: they need none of their own.
          maxWorkers: 2,
          isolate: false,
        },
      },
      {
        extends: true,
        plugins: [builtSources],
        test: {
          name: 'processes',
          include: processTests,
          ...builtModules,
          maxWorkers: 3,
          isolate: false,
          sequence: { groupOrder: 1 },
          retry: 0,
        },
      },
      {
        extends: true,
        plugins: [builtSources],
        test: {
          // Whatever these expect must come up beside three busy loops, too: other processes may wait and work meanwhile.
          // No retry: a stress test that fails once has found something.
          name: 'stress',
          include: realThreadTests,
          exclude: processTests,
          ...builtModules,
          maxWorkers: 3,
          isolate: false,
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
        plugins: [builtSources],
        test: {
          name: 'full',
          include: fullTests,
          env: { EBTORTURE_FULL: '1' },
          ...builtModules,
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});

export default config;
