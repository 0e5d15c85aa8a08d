import { readaheadVsReleasepage as scenario } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { describe, expect, it } from 'vitest';
import { bioRef } from '../../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import type { RecordedStep } from '../../../src/fix/mutation/step-recorder.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { Check } from '../../../src/subject/extent-buffer/v5.7/check.ts';
import { compared, idleOperations } from '../../../src/study/coverage.ts';
import { settingNamed } from '../../../src/catalog/named-setting.ts';
import { rung } from '../../../src/study/mutate-ladder.ts';
import { judged } from '../../../src/study/found.ts';
import { type Survey, surveyOf } from '../../../src/study/survey.ts';
import { stressClean } from '../report/sample-results.ts';

const surveyed = (strategy: Strategy): Survey =>
  surveyOf(strategy, rung('primed', 'finder=1,reclaim=1', 1), { timeMaxMs: 20_000, clock: () => 0 });

function fail(): never {
  throw new Error('the sample has no clean arm');
}

const isOwn = ({ chain }: RecordedStep): boolean => chain.includes('set_io_pages');

describe('what a sample took of what can be taken', () => {
  const survey = surveyed(upstream);

  it('is all of it', () => {
    const coverage = compared({ trials: 9, steps: survey.recorded, checks: survey.checks }, survey, scenario);

    expect(coverage).toMatchObject({ trials: 9, missed: [] });
    expect(coverage.taken).toBe(coverage.reachable);
    expect(coverage.own?.taken).toBe(coverage.own?.reachable);
    expect(coverage.evaluated).toStrictEqual([
      'B1',
      'B2',
      'B3',
      'B4',
      'UAF',
      'DF',
      'Q1',
      'Q2',
      'Q3',
      'WILD',
      'L1',
      'L2',
      'L4',
      'Q4',
    ]);
  });

  it('has checked at rest what the scenario checks, where that judges worlds itself', () => {
    const sample = { trials: 9, steps: [], checks: [Check.B1] };

    expect(compared(sample, survey, scenario).evaluated).toContain('Q1');
    // What an actor still holds at its end is no matter of worlds at rest alone.
    expect(compared(sample, survey, { ...scenario, atRest: () => 0 }).evaluated).toEqual(['B1', 'L4']);
  });

  it('or lacks the steps that it lacks, those of the strategy among them', () => {
    const steps = survey.recorded.filter((step) => !isOwn(step));
    const coverage = compared({ trials: 9, steps, checks: [Check.B1] }, survey, scenario);

    expect(coverage.missed).toContain('set_io_pages: atomic_set(eb.io_pages)');
    expect(coverage.own?.taken).toBe(0);
    expect(coverage.own?.reachable).toBeGreaterThan(0);
    expect(coverage.evaluated).toStrictEqual([
      'B1',
      'UAF',
      'DF',
      'Q1',
      'Q2',
      'Q3',
      'WILD',
      'L1',
      'L2',
      'L4',
      'Q4',
    ]);
  });

  it('is not known without a search, nor all of it without one that ended', () => {
    const sample = { trials: 9, steps: survey.recorded, checks: survey.checks };

    expect(compared(sample, undefined, scenario)).toMatchObject({
      reachable: null,
      missed: [],
      own: null,
    });
    expect(compared(sample, { ...survey, complete: false }, scenario)).toMatchObject({ reachable: null });
  });
});

describe('operations of actors in which nobody took a step', () => {
  const setting = settingNamed(rung('primed', 'finder=2,reclaim=1', 1));
  const { recorded } = surveyed(upstream);
  const without = (name: string): RecordedStep[] => recorded.filter(({ chain }) => chain[0] !== name);

  it('are none where every one was taken by some actor of the role', () => {
    const steps = [recorded, [], recorded];

    expect(idleOperations(setting, (actor) => steps[actor] ?? [])).toEqual([]);
  });

  it('are named, and leave an arm without a verdict', () => {
    const idle = idleOperations(setting, () => without('free_extent_buffer'));
    const sample = { trials: 9, steps: recorded, checks: [], idle };
    const coverage = compared(sample, surveyed(upstream), scenario);
    const arm = stressClean.arms.find(({ verdict }) => verdict === 'clean') ?? fail();

    expect(idle).toEqual([{ actor: 'finder', operation: 'free_extent_buffer' }]);
    expect(judged({ ...arm, coverage }).verdict).toBe('inconclusive');
    expect(judged({ ...arm, coverage: { ...coverage, idle: [] } }).verdict).toBe('clean');
  });
});

describe('a clean arm', () => {
  const arm = stressClean.arms.find(({ verdict }) => verdict === 'clean');
  if (arm === undefined) throw new Error('the sample has no clean arm');
  const survey = surveyed(bioRef);
  const checks = survey.checks;

  it('stays clean if its own steps were taken', () => {
    const coverage = compared({ trials: 9, steps: survey.recorded, checks }, survey, scenario);

    expect(judged({ ...arm, coverage }).verdict).toBe('clean');
  });

  it('says nothing if none of them was', () => {
    const coverage = compared({ trials: 9, steps: [], checks }, survey, scenario);

    expect(judged({ ...arm, coverage }).verdict).toBe('inconclusive');
    expect(judged({ ...arm, verdict: 'violated', coverage }).verdict).toBe('violated');
  });
});
