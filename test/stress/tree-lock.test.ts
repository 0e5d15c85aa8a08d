/** Read-write locks, waits for a bit and what a counter falls to, on threads: what they show is what searches reach. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { runAgree } from '../../src/study/agree.ts';
import { type AgreedCompareResult } from '../../src/study/agreement.ts';
import { runOptions } from '../helpers/run-options.ts';
import { allOr, isFull } from '../helpers/full.ts';

const SOURCE = './test/stress/scenarios/tree-lock.mjs';
await loadScenario(SOURCE);
/** More than the model plays before code is made of its traces. */
const TRIALS = 6_000;

async function agreed(start: string): Promise<AgreedCompareResult> {
  const result = await runAgree(
    runOptions({
      scenario: SOURCE,
      start,
      strategies: ['none'],
      budget: { kind: 'trials', count: TRIALS },
      fold: 100,
    }),
  );
  expect(result.agreement).toMatchObject({ verdict: 'agrees', arms: [{ unexplored: [] }] });
  return result;
}

// Of each sort of start some: test/unit/stress/compiled/tree-lock-trials.test.ts plays all of them.
describe('on threads', () => {
  it.each(allOr(['locked', 'tried', 'retried', 'completed', 'freed'], ['completed']))(
    'what keeps to the rules violates nothing: %s',
    async (start) => {
      const { arms } = await agreed(start);

      expect(arms).toMatchObject([{ trials: TRIALS, violations: { total: 0 } }]);
    },
  );

  const always: readonly (readonly [string, string])[] = [
    ['keeper', 'L4'],
    ['wrong-giver', 'L1'],
    ['spinning-sleeper', 'L3'],
  ];

  it.runIf(isFull).each(always)(
    'what is wrong in every schedule is found in every trial: %s',
    async (start, id) => {
      const { arms } = await agreed(start);

      expect(arms).toMatchObject([
        { trials: TRIALS, violations: { total: TRIALS, byInvariant: { [id]: TRIALS } } },
      ]);
    },
  );

  it.runIf(isFull).each(['read-locked', 'freed-too-early'])(
    'what is wrong in some schedules shows nothing else: %s',
    async (start) => {
      const { arms } = await agreed(start);

      expect(arms).toMatchObject([{ trials: TRIALS }]);
    },
  );
});

describe('a planted bug', () => {
  const planted: readonly (readonly [string, string])[] = [
    ['bare', 'TORN'],
    ['completed-early', 'EARLY'],
  ];

  it.each(allOr(planted, planted.slice(0, 1)))(
    'is met on threads, and explained by an interleaving: %s',
    (start, id) => {
      const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
      const args = ['explain', '--scenario', SOURCE, '--start', start, '--pages', '1', '--duration', '60s'];
      const { status, stdout } = spawnSync(process.execPath, [main, ...args, '--quiet'], {
        encoding: 'utf8',
      });

      expect(stdout).toContain(`Verdict: VIOLATED, and explained: ${id}`);
      expect(status).toBe(1);
    },
  );
});
