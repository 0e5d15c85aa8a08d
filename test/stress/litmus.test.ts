/** Litmus tests on real threads. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/catalog/load-scenario.ts';
import { statusOf } from '../../src/cli/exit-status.ts';
import type { Ordering } from '../../src/memory/ordering.ts';
import { plain } from '../../src/report/paint.ts';
import { stressReport } from '../../src/report/run-report.ts';
import type { StressLitmus, StressResult } from '../../src/stress/result/result.ts';
import { trialsSeen } from '../../src/scenario/litmus/asked-for.ts';
import { stressed } from '../../src/study/rests-on.ts';
import { runOptions } from '../helpers/run-options.ts';
import { allOr } from '../helpers/full.ts';

const tests = readdirSync('test/litmus').map((name) => `./test/litmus/${name}`);
const examples = ['./examples/SB.litmus', './examples/SB+mbs.litmus', './examples/MP.litmus'];
const orderings: readonly Ordering[] = process.arch === 'x64' ? ['sc', 'x86'] : ['sc'];
const TRIALS = 40_000;

async function run(scenario: string, ordering: Ordering, count = TRIALS): Promise<StressResult> {
  await loadScenario(scenario);
  const base = runOptions({ budget: { kind: 'trials', count }, ordering, scenario });
  return stressed({ ...base, strategy: 'none', hasControl: true });
}

function litmusIn({ litmus }: StressResult): StressLitmus {
  if (litmus === undefined) throw new RangeError('a run of a litmus test has its states');
  return litmus;
}

describe.each(orderings)('litmus tests on threads under %s', (ordering) => {
  it.each([
    ...allOr(
      tests,
      tests.filter((_, index) => index % 3 === 0),
    ),
    ...examples,
  ])('%s shows what a search reaches, and nothing else', async (path) => {
    const result = await run(path, ordering);
    const { states, explored } = litmusIn(result);

    expect(explored?.incomplete).toBeNull();
    expect(explored?.contradicted).toEqual([]);
    expect(states.reduce((sum, { trials }) => sum + trials, 0)).toBe(result.arms[0]?.trials);
    expect(explored?.states).toEqual(expect.arrayContaining(states.map(({ state }) => state)));
  });

  it.each(['./examples/SB+mbs.litmus', './examples/MP.litmus'])('%s is never seen', async (path) => {
    const result = await run(path, ordering, 1_000_000);

    expect(trialsSeen(litmusIn(result))).toBe(0);
    const isBorneOut = ordering === 'sc' || result.calibration?.shows === 'x86';
    expect(result.verdict).toBe(isBorneOut ? 'clean' : 'inconclusive');
    expect(stressReport(result, plain)).toContain(' Never 0 ');
    expect(stressReport(result, plain)).toMatch(isBorneOut ? /no proof.*forbidden/s : /INCONCLUSIVE/);
  });
});

describe('store buffering', () => {
  it('is never seen where every store is visible at once', async () => {
    const result = await run('./examples/SB.litmus', 'sc', 2_000_000);

    expect(trialsSeen(litmusIn(result))).toBe(0);
    expect(result.verdict).toBe('clean');
    expect(statusOf(result)).toBe(0);
  });

  it.runIf(process.arch === 'x64')('is seen where stores wait', async () => {
    let result = await run('./examples/SB.litmus', 'x86', 2_000_000);
    // A host that hardly lets the two threads run at once shows nothing: then it must say so.
    for (let attempt = 0; attempt < 5 && trialsSeen(litmusIn(result)) === 0; attempt++)
      result = await run('./examples/SB.litmus', 'x86', 5_000_000);
    const seen = trialsSeen(litmusIn(result));

    const text = stressReport(result, plain);
    expect(result.verdict).toBe(seen > 0 ? 'violated' : 'inconclusive');
    expect(text).toMatch(seen > 0 ? /Verdict: SEEN under x86-TSO/ : /Verdict: INCONCLUSIVE/);
    expect(text).toContain('calibration: outcomes that no order of the accesses explains');
    expect(text).toMatch(/^Test SB Allowed\nHistogram \(\d states\)\n\d+ *\*?:?>0:r0=0; 1:r0=0;$/m);
    expect(text).toMatch(/^Observation SB (Sometimes|Never) \d+ \d+$/m);
    expect(text).toMatch(/ebtorture stress .\/examples\/SB\.litmus --ordering x86/);
  });
});
