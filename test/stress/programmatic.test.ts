/** The commands as functions of the built package, with nothing but what they must have. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type * as Interface from '../../src/index.ts';

const PACKAGE = new URL('../../dist/index.js', import.meta.url).href;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what tsc made of it
const { compare, explain, explore, hunt, mutate, replay, report, stress, window } = (await import(
  PACKAGE
)) as typeof Interface;
const seqlock = fileURLToPath(new URL('../../examples/seqlock.mjs', import.meta.url));
const trials = { kind: 'trials', count: 300 } as const;

describe('the commands as functions', () => {
  it('search, and walk through what they have found', async () => {
    const found = await explore({ pages: 1 });
    const schedule = found.violations[0]?.witness?.schedule ?? '';

    expect(found).toMatchObject({
      strategy: 'none',
      start: 'primed',
      verdict: 'violated',
      elapsedMs: expect.any(Number),
    });
    expect(report(found)).toContain('Verdict: VIOLATED: B1 released under IO.');
    expect(await replay(schedule)).toMatchObject({ end: { kind: 'violated', invariant: 'B1' } });
    expect(await replay(schedule, { strategy: 'upstream' })).toMatchObject({ end: { kind: 'harmless' } });
  });

  it('take the path of a scenario', async () => {
    const before = await explore({ scenario: seqlock });
    const met = await explain({ scenario: seqlock, budget: { kind: 'duration', ms: 60_000 } });

    expect(before).toMatchObject({ scenario: seqlock, violations: [{ invariant: 'TORN' }] });
    expect(met).toMatchObject({ verdict: 'explained', observed: { invariant: 'TORN' } });
  });

  it('run on threads', async () => {
    const compared = await compare({
      strategies: ['none', 'upstream'],
      budget: trials,
      pages: 1,
      measuresCost: false,
    });
    const stressed = await stress({ budget: trials, pages: 1, hasControl: false });
    const profiled = await window({
      budget: { kind: 'trials', count: 20 },
      points: 4,
      rangeNs: [-4, 4],
      pages: 1,
    });

    expect(compared.arms.map(({ proof }) => proof?.verdict)).toEqual(['violated', 'holds']);
    expect(report(compared)).toContain('ebtorture compare');
    expect(stressed.arms).toMatchObject([{ strategy: 'none', trials: 300 }]);
    expect(profiled).toMatchObject({ schema: 'ebtorture.window/1', config: { pages: 1 } });
  });

  it('change steps, in one setting where one is given', async () => {
    const { config, verdict } = await mutate({ pages: 1, stressMs: 0 });

    expect(config).toMatchObject({ strategy: 'upstream', ladder: [{ start: 'primed', pages: 1 }] });
    expect(['complete', 'undecided']).toContain(verdict);
  });

  it('hunt', async () => {
    const found = await hunt({ kernel: '5.7', size: 2, only: ['readahead', 'reclaim'] });

    expect(found.verdict).toBe('found');
    expect(found.findings.map(({ invariant }) => invariant)).toContain('B1');
    expect(report(found)).toContain('ebtorture hunt');
    await expect(hunt({ kernel: '2.6' })).rejects.toThrow("unknown kernel '2.6'");
    await expect(hunt({ only: ['reed'] })).rejects.toThrow("unknown operation 'reed'");
    await expect(hunt({ strategy: 'no-fix', size: 2 })).rejects.toThrow("unknown strategy 'no-fix'");
    await expect(hunt({ strategy: './fix.mjs' })).rejects.toThrow('hunt takes those of the project');
    await expect(hunt({ size: 9 })).rejects.toThrow('size: expected an integer from 2 to 8, got 9');
  });

  it.each([
    ['a scenario', { scenario: 'no-race' }, "unknown scenario 'no-race'"],
    ['a start state', { start: 'warm' }, "unknown start state 'warm': choose primed, cold"],
    ['actors', { actors: [{ role: 'nobody', count: 2 }] }, "unknown actor 'nobody'"],
    ['pages', { pages: 17 }, 'pages: expected an integer from 1 to 16, got 17'],
    ['a strategy', { strategy: 'no-fix' }, "unknown strategy 'no-fix'"],
  ])('refuse %s that there is not', async (_what, options, expected) => {
    await expect(explore(options)).rejects.toThrow(expected);
  });
});
