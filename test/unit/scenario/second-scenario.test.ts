import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explore, type ExploreResult } from '../../../src/explore/explore.ts';
import { NO_CHANCES } from '../../../src/explore/search/session.ts';
import { earlyCheck } from '../../../src/subject/extent-buffer/v5.7/strategies/early-check.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { exploreReport } from '../../../src/report/explore-report.ts';
import { plain } from '../../../src/report/paint.ts';
import { compareReport } from '../../../src/report/run-report.ts';
import { windowCharts } from '../../../src/report/page/chart/windows.ts';
import { windowReport } from '../../../src/report/window-report.ts';
import { controlOf, promisedIn } from '../../../src/scenario/promises.ts';
import { scenarios } from '../../../src/catalog/registry.ts';
import { gradedOf } from '../../../src/scenario/graded.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { resolveSetting } from '../../../src/scenario/setting.ts';
import { carriedWords, wordsIn } from '../../../src/catalog/words.ts';
import type { ArmResult, CompareResult } from '../../../src/stress/result/result.ts';
import { summarizeArms } from '../../../src/stress/result/summary.ts';
import { profilesOf } from '../../../src/stress/window/window-profile.ts';
import type { WindowResult } from '../../../src/stress/window/window-result.ts';
import { exploredOf } from '../../../src/study/agree.ts';
import { agreementOf } from '../../../src/study/agreement.ts';
import { choicesOf } from '../../../src/study/dominance.ts';
import { objectionTo } from '../../../src/study/mutant-objection.ts';
import { ladderOf } from '../../../src/study/mutate-ladder.ts';
import { planMutants } from '../../../src/study/mutate-plan.ts';
import { costOf } from '../../../src/study/operation-cost.ts';
import { surveyOf } from '../../../src/study/survey.ts';
import { hasUsualActors } from '../../../src/study/usual-actors.ts';
import { OneThread } from '../../helpers/one-thread.ts';
import { stalePut, stalePutBare } from '../../helpers/stale-put.ts';
import { asDeclared } from '../report/sample-results.ts';
import { headOf, sampleVisits, windowOfUpstream } from '../report/sample-window.ts';

/** Words of the scenario of June 2020, which nobody else may be told of. */
const FOREIGN =
  /TREE_REF|rescue|stripp?|readahead|releasepage|\bfinder|\breclaim|\bbug\b|dying found|read unverified|near miss/;

const WORLDS = 40;
const START = 'shared';

/** Trials of each strategy one after the other, as results have them. */
function armsOf(scenario: Scenario): ArmResult[] {
  const counted = [earlyCheck, none].map((strategy, arm) => ({
    count: new OneThread({ worlds: WORLDS, scenario, start: arm === 0 ? START : 'counted', pages: 1 })
      .run()
      .collect()
      .armCount(strategy.name),
    strategy: promisedIn(scenario, strategy),
    isControl: false,
  }));
  return summarizeArms(counted, gradedOf(scenario), { confidence: 0.95 });
}

function compared(scenario: Scenario, arms: readonly ArmResult[]): CompareResult {
  const strategies = arms.map(({ strategy }) => strategy);
  return {
    ...asDeclared,
    config: {
      ...asDeclared.config,
      scenario: './stale-put.mjs',
      start: START,
      strategies,
      actors: 'holder=1,dropper=1,scanner=1',
      measuresCost: true,
    },
    ...carriedWords(scenario),
    arms,
    comparisons: asDeclared.comparisons
      .slice(0, 1)
      .map((comparison) => Object.assign({}, comparison, { control: 'early-check', strategy: 'none' })),
    decision: choicesOf(arms, scenario.measures ?? []),
    verdict: 'inconclusive',
  };
}

/** As a saved result has it. */
const saved = <Result>(result: Result): Result =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- results are plain data
  JSON.parse(JSON.stringify(result)) as Result;

function searched(scenario: Scenario): ExploreResult {
  return explore({
    setting: resolveSetting({ scenario, start: START, pages: 1 }),
    strategy: none,
    chances: NO_CHANCES,
    limits: {},
    clock: () => 0,
  });
}

describe('the summary of a comparison', () => {
  it('counts what the scenario measures, notes of its own too, in its own names', () => {
    const [control, fix] = armsOf(stalePut);

    expect(control).toMatchObject({
      expectation: 'violates',
      trials: WORLDS,
      violations: { total: WORLDS },
      nearMisses: { byKind: { scanRefused: 0 } },
      measures: { lastPut: WORLDS, holderPut: WORLDS },
      outcomes: { oops: { count: WORLDS, grade: 'FORBIDDEN' }, gone: { count: 0 }, kept: { count: 0 } },
    });
    expect(fix).toMatchObject({
      expectation: 'holds',
      violations: { total: 0 },
      outcomes: { gone: { count: WORLDS } },
    });
    expect(Object.keys(control ?? {})).not.toContain('rescues');
  });

  it('has none of it where the scenario measures nothing', () => {
    const [control] = armsOf(stalePutBare);

    expect(control).toMatchObject({ expectation: 'violates', nearMisses: { total: 0, byKind: {} } });
    expect(control).not.toHaveProperty('measures');
    expect(control).not.toHaveProperty('treeRefStripped');
  });
});

describe('the report of a comparison', () => {
  it('speaks the words of its scenario, from a saved result too', async () => {
    const [control, fix] = armsOf(stalePut);
    if (control === undefined || fix === undefined) throw new Error('an arm is missing');
    const cost = await costOf({ strategy: none, scenario: stalePut, pages: 1 }, { timeMs: 1 });
    const result = compared(stalePut, [
      { ...control, cost },
      { ...fix, cost },
    ]);
    const text = compareReport(result, plain);

    expect(cost).toMatchObject({ put: { locks: 1 }, lastPut: { locks: 1 } });
    expect(compareReport(saved(result), plain)).toBe(text);
    expect(text).toMatch(/last puts +verdict/);
    expect(text).toMatch(/explore +scan refused +a put +the last +put +speed/);
    expect(text).toContain("scan refused: trials with 'scan refused'; locks+atomics");
    expect(text).toMatch(/holder put +40/);
    expect(text).toContain('trials per second against early-check');
    expect(text).not.toMatch(/TREE_REF|rescue|strips|stripped|readahead|releasepage|finder|\bbug\b/);
  });

  it('has no such columns where the scenario declares none', () => {
    const result = compared(stalePutBare, armsOf(stalePutBare));
    const text = compareReport(saved(result), plain);

    expect(text).toMatch(/explore +speed/);
    expect(text).not.toMatch(FOREIGN);
    expect(text).not.toMatch(/locks\+atomics|met the race|--delay/);
  });

  it('knows the words of a scenario of the project by its name, so that results do not have them', () => {
    for (const scenario of scenarios) {
      expect(carriedWords(scenario)).toEqual({});
      const { measures } = wordsIn({ config: { scenario: scenario.name } });
      expect(measures.map(({ name }) => name)).toEqual((scenario.measures ?? []).map(({ name }) => name));
    }
    expect(wordsIn({ config: { scenario: './gone.mjs' } })).toMatchObject({ measures: [], costs: [] });
  });
});

describe('the profile of a window', () => {
  function profiled(scenario: Scenario): WindowResult {
    const strategies = [none, earlyCheck].map((strategy) => promisedIn(stalePut, strategy));
    const setting = resolveSetting({ scenario });
    const measured = (scenario.measures ?? []).length > 0;
    const visits = sampleVisits({ strategies }).map((visit) =>
      Object.assign({}, visit, measured ? {} : { noted: [] }),
    );
    const { profiles } = profilesOf({ visits, head: headOf(setting, strategies), seed: 1 });
    return saved({
      ...windowOfUpstream,
      config: {
        ...windowOfUpstream.config,
        scenario: './stale-put.mjs',
        actors: 'holder=1,dropper=1,scanner=1',
      },
      ...carriedWords(scenario),
      strategy: 'none',
      calibration: {
        ...windowOfUpstream.calibration,
        shifted: ['holder'],
        spins: [{ actor: 'dropper', nsPerRound: 1.2, low: 1.2, high: 1.2 }],
      },
      profiles,
      points: profiles[0]?.points ?? [],
    });
  }

  it('has curves of what the scenario measures, in its own names', () => {
    const result = profiled(stalePut);
    const text = windowReport(result, plain);

    expect(result.profiles[0]?.measures?.['lastPut']?.peak?.offsetNs).toBe(60);
    expect(result.points.some(({ measures }) => (measures?.['scanRefused'] ?? 0) > 0)).toBe(true);
    expect(text).toContain('█ put last and ░ scan refused');
    expect(text).toContain('last put of none');
    expect(text).toContain('the last put of none cover');
    expect(windowCharts(result).join('')).toMatch(
      /: put last<[\s\S]*: scan refused<|: scan refused<[\s\S]*: put last</,
    );
    expect(text + windowCharts(result).join('')).not.toMatch(FOREIGN);
  });

  it('shows the violations of the control beside a fix where the scenario measures nothing', () => {
    const result = profiled(stalePutBare);
    const text = windowReport(result, plain);

    expect(result.profiles[0]).not.toHaveProperty('measures');
    expect(text).toContain('█ violated under early-check, share of the trials');
    expect(text).toContain('violations of early-check, the control');
    expect(text + windowCharts(result).join('')).not.toMatch(FOREIGN);
  });
});

describe('the agreement of the engines', () => {
  it('goes by the grade of an outcome, whatever its name', () => {
    const explored = exploredOf(searched(stalePutBare));
    const [control] = armsOf(stalePutBare);
    if (control === undefined) throw new Error('an arm is missing');

    expect(explored.outcomes).not.toContain('oops');
    expect(agreementOf(control, explored)).toMatchObject({ verdict: 'agrees', unexplored: [] });
    // What no interleaving has is seen all the same.
    const planted = {
      ...control,
      outcomes: { ...control.outcomes, kept: { count: 1, grade: 'ACCEPTABLE' as const } },
    };
    expect(agreementOf(planted, explored)).toMatchObject({ verdict: 'disagrees', unexplored: ['kept'] });
  });
});

describe('a replay', () => {
  it('shows the columns of the scenario, or the words that change', () => {
    const labels = ['holder', 'dropper', 'scanner'];
    const withColumns = exploreReport(searched(stalePut), labels, plain);
    const without = exploreReport(searched(stalePutBare), labels, plain);

    expect(withColumns).toMatch(/refs 1 STALE$/m);
    expect(withColumns).not.toMatch(/ io \d/);
    expect(without).toMatch(/atomic_dec\(eb0\.refs\) +eb0\.refs 1$/m);
    expect(without).not.toMatch(/refs 1 STALE$/m);
    expect(Math.max(...(without.match(/^ +\d+ .*$/gm) ?? []).map((line) => line.length))).toBeLessThanOrEqual(
      80,
    );
  });
});

describe('what strategies promise', () => {
  it('is what the scenario says, or else what the strategy says itself', () => {
    expect(controlOf(stalePutBare)).toBe('none');
    expect(controlOf(stalePut)).toBe('early-check');
    expect(promisedIn(stalePutBare, none).expectation).toBe('violates');
    expect(promisedIn(stalePut, none).expectation).toBe('holds');
    expect(promisedIn(stalePut, { name: 'toString', expectation: 'violates' }).expectation).toBe('violates');
  });

  it('of the controls of the project is known for scenarios of the project alone', () => {
    expect(hasUsualActors(resolveSetting({ scenario: stalePut }))).toBe(false);
  });
});

describe('the ladder of mutants', () => {
  // It is looked up by the name of its scenario.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only this test adds to the list
  const known = scenarios as Scenario[];
  const named = (scenario: Scenario, name: string): Scenario => ({ ...scenario, name });
  const declared = named(stalePut, 'stale-put-declared');
  beforeAll(() => known.push(stalePutBare, declared));
  afterAll(() => known.splice(known.indexOf(stalePutBare), 2));

  it('has every start state with its own actors, one page first, where the scenario declares none', () => {
    const { rungs, few, beyond, sampled } = ladderOf(stalePutBare);

    expect(rungs.map(({ start, pages }) => `${start} ${pages}`)).toEqual([
      'counted 1',
      'shared 1',
      'counted 2',
      'shared 2',
    ]);
    expect(rungs[0]).toMatchObject({
      scenario: 'stale-put',
      actors: stalePutBare.starts[0]?.actors,
      readsFail: false,
    });
    expect([few, beyond, sampled]).toEqual([rungs, [], []]);
  });

  it('is climbed by a search of it, which finds mutants that the other scenario does not have', () => {
    const { rungs } = ladderOf(stalePutBare);
    const surveys = rungs
      .slice(0, 1)
      .map((rung) => surveyOf(none, rung, { timeMaxMs: Infinity, clock: () => 0 }));
    const { mutants } = planMutants(true, surveys);
    const mutation = 'free_extent_buffer_stale/set_bit.eb.bflags.STALE/drop';

    expect(surveys[0]?.baseline.verdict).toBe('holds');
    expect(mutants.map((each) => each.mutation.step.function)).toContain('free_extent_buffer_stale');
    expect(objectionTo(none, mutation, ladderOf(stalePutBare), () => 0)).toBeNull();
    expect(objectionTo(none, mutation, ladderOf(declared), () => 0)).toBeNull();
    expect(
      objectionTo(none, 'find_extent_buffer/spin_lock.eb.refs_lock/drop', ladderOf(stalePutBare), () => 0),
    ).toMatch(/never takes the step find_extent_buffer/);
  });
});
