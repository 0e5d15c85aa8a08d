import { describe, expect, it } from 'vitest';
import { mutateReport } from '../../../src/report/mutate-report.ts';
import type { MutantResult, MutateResult } from '../../../src/study/mutate-result.ts';
import { environment } from './sample-results.ts';

function mutant(id: string, delays: Readonly<Record<string, number>>): MutantResult {
  return {
    id,
    function: 'set_io_pages > check_buffer_tree_ref',
    step: 'atomic_inc(eb.refs)',
    change: id,
    explore: {
      verdict: 'killed',
      invariants: ['B1'],
      rung: 0,
      held: [],
      witness: null,
      states: 100,
      reason: null,
    },
    stress: {
      killed: true,
      by: ['B1'],
      trials: 1_000,
      changes: 900,
      timeToKillMs: 12,
      rung: 0,
      pages: 1,
      stride: 64,
      delays,
    },
  };
}

function report(mutants: readonly MutantResult[]): string {
  const rung = {
    scenario: 'readahead-vs-releasepage',
    start: 'primed',
    actors: [{ role: 'finder', count: 1 }],
    pages: 1,
    readsFail: false,
  } as const;
  const result: MutateResult = {
    schema: 'ebtorture.mutate/1',
    environment,
    config: {
      strategy: 'upstream',
      isModel: false,
      ladder: [rung],
      stressMs: 1_000,
      exploreMs: 1_000,
      seed: 1,
    },
    strategy: 'upstream',
    verdict: 'complete',
    baseline: [{ rung, verdict: 'holds', states: 100 }],
    mutants,
    fixed: [],
    score: { killedByExplore: mutants.length, killedByStress: mutants.length, share: 1 },
    elapsedMs: 2_000,
    isInterrupted: false,
  };
  return mutateReport(result, (_tone, text) => text).replaceAll(/\s+/g, ' ');
}

describe('mutateReport', () => {
  it('marks a kill that took delays, and counts it apart', () => {
    const text = report([mutant('drop', {}), mutant('split', { 'read:entry': 300 })]);

    expect(text).toContain('B1 in 12 ms, delayed');
    expect(text).toContain('within 1 s each, 1 of them with delays: 100 %.');
  });

  it('says so where none took delays', () => {
    const text = report([mutant('drop', {})]);

    expect(text).not.toContain('delayed');
    expect(text).toContain('within 1 s each, without delays: 100 %.');
  });

  it('cuts no step, so that two that end alike are told apart', () => {
    const steps = ['test_and_set_bit(eb.bflags:TREE_REF)', 'test_and_clear_bit(eb.bflags:TREE_REF)'];
    const slow = { killed: true, by: ['deadlock'], timeToKillMs: 12_345_678 };
    const text = report(
      steps.map((step, index) => {
        const killed = mutant('', {}).explore as NonNullable<MutantResult['explore']>;
        const one = mutant(`unlocked-${index}`, { 'find:ref': 300 });
        return {
          ...one,
          step,
          explore: { ...killed, invariants: ['B1', 'UAF', 'deadlock'] },
          stress: one.stress === null ? null : { ...one.stress, ...slow },
        };
      }),
    );
    for (const step of steps) expect(text).toContain(` ${step} `);
    expect(text).not.toContain('...');
  });
});
