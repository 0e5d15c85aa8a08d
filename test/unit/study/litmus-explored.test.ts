import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../src/cli/exit-status.ts';
import { plain } from '../../../src/report/paint.ts';
import { stressReport } from '../../../src/report/run-report.ts';
import type { StressLitmus, StressResult } from '../../../src/stress/result/result.ts';
import { exploredBeside } from '../../../src/study/litmus-explored.ts';
import { stressViolated as stressResult } from '../report/sample-results.ts';

const NONE = ':>0:r0=1; 1:r0=1;';
const BOTH = '*>0:r0=0; 1:r0=0;';

function ran(
  states: StressLitmus['states'],
  quantifier: StressLitmus['quantifier'] = 'exists',
): StressResult {
  const seen = states.some(({ state }) => state.startsWith('*') !== (quantifier === 'forall'));
  const condition = '(0:r0=0 /\\ 1:r0=0)';
  return {
    ...stressResult,
    verdict: seen ? 'violated' : 'inconclusive',
    litmus: { test: 'SB', quantifier, condition, states },
  };
}

function beside(
  run: StressResult,
  states: readonly string[],
  incomplete: string | null = null,
): StressResult {
  return exploredBeside(run, { outcomes: states, states: 10, incomplete, elapsedMs: 1 });
}

const seen = ran([
  { state: BOTH, trials: 7 },
  { state: NONE, trials: 93 },
]);
const unseen = ran([{ state: NONE, trials: 100 }]);

describe('a run of a litmus test beside a search', () => {
  it('says of what both show that it was seen', () => {
    const result = beside(seen, [BOTH, NONE]);
    const text = stressReport(result, plain);

    expect([result.verdict, statusOf(result)]).toEqual(['violated', 1]);
    expect(text).toContain(
      '7     *>0:r0=0; 1:r0=0;\n93    :>0:r0=1; 1:r0=1;\nOk\n\nWitnesses\nPositive: 7, Negative: 93\n',
    );
    expect(text).toContain(
      'Condition exists (0:r0=0 /\\ 1:r0=0) is validated\nObservation SB Sometimes 7 93\n',
    );
    expect(text).toContain('Verdict: SEEN.');
  });

  it('is a contradiction where a complete search does not reach what threads showed, and none where it is cut', () => {
    const result = beside(seen, [NONE]);

    expect(statusOf(result)).toBe(70);
    expect(stressReport(result, plain)).toContain('Verdict: CONTRADICTED.');
    expect(statusOf(beside(seen, [NONE], 'the limit of time ended it'))).toBe(1);
  });

  it('says of what neither shows that it is forbidden, and that the zero proves nothing', () => {
    const result = beside(unseen, [NONE]);
    const text = stressReport(result, plain);

    expect([result.verdict, statusOf(result)]).toEqual(['clean', 0]);
    expect(text).toContain('No\n\nWitnesses\nPositive: 0, Negative: 100\n');
    expect(text).toContain('is NOT validated\nObservation SB Never 0 100\n');
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(/Verdict: NOT SEEN\. .* no proof; explore .* forbidden/);
  });

  it('says nothing of what only the search shows, or of a search that was cut', () => {
    for (const result of [beside(unseen, [BOTH, NONE]), beside(unseen, [NONE], 'the limit of time ended it')])
      expect([result.verdict, statusOf(result)]).toEqual(['inconclusive', 2]);
    expect(stressReport(beside(unseen, [BOTH, NONE]), plain).replaceAll(/\s+/g, ' ')).toContain(
      'it is allowed',
    );
  });

  it('says what a zero of more threads than processors is worth', () => {
    const { config, environment } = unseen;
    const many = { ...unseen, config: { ...config, actors: 'P0=1,P1=1,P2=1', ordering: 'x86' as const } };
    const text = (cpuCount: number): string =>
      stressReport(beside({ ...many, environment: { ...environment, cpuCount } }, [BOTH, NONE]), plain);

    expect(text(2).replaceAll(/\s+/g, ' ')).toContain(
      'Its 3 threads take turns on 2 processors, and between two that do no store waits.',
    );
    expect(text(3)).not.toContain('take turns');
  });

  it('asks of forall whether any state does not meet it', () => {
    const result = beside(ran([{ state: BOTH, trials: 3 }], 'forall'), [BOTH]);

    expect(result.verdict).toBe('clean');
    expect(stressReport(result, plain)).toContain('Test SB Required\n');
    expect(stressReport(result, plain)).toContain('Ok\n');
  });

  it('says nothing either way where threads did not keep to their ordering', () => {
    const tests = [
      { name: 'message passing', wants: 'none', trials: 9, unexplained: 1, crossed: 9 } as const,
    ];
    const broken = { ...unseen, calibration: { tests, shows: 'other-order', control: null } as const };

    expect(beside(broken, [NONE]).verdict).toBe('inconclusive');
  });
});
