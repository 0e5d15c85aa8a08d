import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { allOr } from '../helpers/full.ts';
import { StrategyError } from '../../src/fix/plug-in/load.ts';
import { HarnessError } from '../../src/stress/plan/harness-error.ts';
import type { StressOptions } from '../../src/stress/plan/options.ts';
import type { ArmResult } from '../../src/stress/result/result.ts';
import { runCompare, runStress } from '../../src/stress/run/run.ts';
import { runWindow } from '../../src/stress/window/window.ts';
import { runOptions } from '../helpers/run-options.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`strategies/${name}.mjs`, import.meta.url));

const base = runOptions({
  pages: 4,
  budget: { kind: 'trials', count: 20_000 },
});

const stressOf = (strategy: string, options: Partial<StressOptions> = {}): ReturnType<typeof runStress> =>
  runStress({ ...base, strategy, hasControl: false, ...options });

function outcomeSum(arm: ArmResult | undefined): number {
  return Object.values(arm?.outcomes ?? {}).reduce((sum, { count }) => sum + count, 0);
}

describe('runStress on real threads', () => {
  it('runs exactly the trials asked for, and their outcomes add up to them', async () => {
    // 20,001 is no multiple of the stride: the last stride is shorter.
    const result = await stressOf('none', { budget: { kind: 'trials', count: 20_001 } });

    expect(result.arms[0]?.trials).toBe(20_001);
    expect(outcomeSum(result.arms[0])).toBe(20_001);
    expect(result.arms[0]?.blockResults.reduce((sum, { trials }) => sum + trials, 0)).toBe(20_001);
  });

  it('divides its trials among the starts of the threads that are asked for', async () => {
    const result = await stressOf('upstream', { starts: 2, hasControl: true });

    expect(result.starts).toBe(2);
    for (const arm of result.arms) {
      expect(arm.trials).toBe(20_000);
      expect(outcomeSum(arm)).toBe(20_000);
      const byStart = [0, 1].map((start) =>
        arm.blockResults.reduce((sum, block) => sum + (block.start === start ? block.trials : 0), 0),
      );
      expect(byStart).toEqual([10_000, 10_000]);
    }
  });

  it('starts its threads anew several times in a longer run, each time with a block to warm up', async () => {
    const budget = { kind: 'duration', ms: 1_500 } as const;
    const { starts, arms, startup } = await stressOf('none', { budget, starts: 3 });

    expect(starts).toBe(3);
    const blocks = arms[0]?.blockResults ?? [];
    const startsOf = (isWarmUp: boolean): number[] => [
      ...new Set(
        blocks.filter(({ rejected }) => (rejected === 'warm-up') === isWarmUp).map(({ start }) => start),
      ),
    ];
    expect(startsOf(true)).toEqual([0, 1, 2]);
    expect(startsOf(false)).toEqual([0, 1, 2]);
    expect(startup.firstTrialMs).not.toBeNull();
    await expect(stressOf('none', { budget, starts: 50 })).rejects.toThrow(/--starts: expected at most/);
  });

  it('counts as violations exactly the trials whose outcome is the bug', async () => {
    const { arms } = await stressOf('none', { trylockFail: 0.1 });

    const counted = Object.values(arms[0]?.violations.byInvariant ?? {}).reduce(
      (sum, count) => sum + count,
      0,
    );
    expect(arms[0]?.violations.total).toBe(counted);
    expect(arms[0]?.outcomes['bug']?.count).toBe(counted);
  });

  it('completes and fails reads with end-io actors, and at rest nothing is left over', async () => {
    const { arms } = await stressOf('upstream', {
      actors: [
        { role: 'finder', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      readFail: 0.5,
      budget: { kind: 'trials', count: 5_000 },
    });

    expect(arms[0]?.violations.total).toBe(0);
    // Without reclaim every trial reads, and half of the reads fail: none of 5,000 does with probability 2^-5000.
    const ends = arms[0]?.outcomes;
    expect(ends?.['read-failed']?.count).toBeGreaterThan(0);
    expect((ends?.['read-failed']?.count ?? 0) + (ends?.['read']?.count ?? 0)).toBe(5_000);
  });

  it.each([{ setupFail: 0.5 }, {}])('fails the setup of reads where it is asked to: %j', async (options) => {
    const { arms, config } = await stressOf('upstream', {
      actors: [
        { role: 'finder', count: 1 },
        { role: 'end-io', count: 1 },
      ],
      pages: 1,
      budget: { kind: 'trials', count: 5_000 },
      ...options,
    });

    const ends = arms[0]?.outcomes;
    const failed = ends?.['read-failed']?.count ?? 0;
    expect(arms[0]?.violations.total).toBe(0);
    expect(failed + (ends?.['read']?.count ?? 0)).toBe(5_000);
    // As above: with every second setup failing, none of 5,000 does with probability 2^-5000.
    expect(failed > 0).toBe('setupFail' in options);
    expect(config.setupFail).toBe(options.setupFail);
  });

  it('calls a zero without a control inconclusive', async () => {
    const { verdict, arms } = await stressOf('upstream');

    expect(arms).toHaveLength(1);
    expect(verdict).toBe('inconclusive');
  });

  it('returns what was measured when it is interrupted', async () => {
    const controller = new AbortController();
    const result = await stressOf('none', {
      budget: { kind: 'duration', ms: 600_000 },
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });

    expect(result.isInterrupted).toBe(true);
    expect(outcomeSum(result.arms[0])).toBe(result.arms[0]?.trials);
  });

  it('holds actors at a delay point for the time asked for', async () => {
    const slow = await stressOf('none', {
      delays: { 'find:ref': 50_000 },
      budget: { kind: 'trials', count: 500 },
    });

    // Each finder that finds its buffer waits 50 us, and most do: 500 trials cannot take less than 5 ms.
    const seconds = slow.arms[0]?.blockResults.reduce((sum, block) => sum + block.seconds, 0);
    expect(seconds).toBeGreaterThan(0.005);
    expect(slow.config.amplification).toEqual(['delayed']);
  });
});

describe('the fix of upstream', () => {
  const [control, fixed] = [fixture('holds-the-window'), fixture('holds-the-window-fixed')];
  const settings = [
    { start: 'primed', actors: { finder: 2, reclaim: 2 }, pages: 2, trylockFail: 0, first: 2_000 },
    // From cold somebody must leave the buffer unread for the race to come up: whose trylock failed.
    { start: 'cold', actors: { readahead: 2, reclaim: 1 }, pages: 1, trylockFail: 0.5, first: 4_000 },
    {
      start: 'cold',
      actors: { readahead: 2, reclaim: 1, 'end-io': 1 },
      pages: 4,
      trylockFail: 0.2,
      first: 4_000,
    },
  ];
  /** Without the fix, the same number of violations is expected of the fixed arm: none comes up once in 3,000 times. */
  const VIOLATIONS = 8;
  /** From a tenth of a percent to a third of the trials of the control violate beside ten busy threads. */
  const RUNS_MAX = 100;

  it.each(settings.filter(({ start }) => allOr(true, start === 'primed')))(
    'never violates where the same kernel without it does: $start, $pages pages',
    async ({ actors, first, ...setting }) => {
      const seen = { control: 0, fixed: 0, upstream: 0 };
      for (let run = 1; run <= RUNS_MAX && seen.control < VIOLATIONS; run++) {
        // To start the threads takes longer than the trials: twice as many each time.
        const trials = Math.min(first * 2 ** (run - 1), 16_000);
        const { arms } = await runCompare({
          ...base,
          ...setting,
          actors: Object.entries(actors).map(([role, count]) => ({ role, count })),
          strategies: [control, fixed, 'upstream'],
          seed: run,
          budget: { kind: 'trials', count: trials },
        });
        expect(arms.map(outcomeSum)).toEqual([trials, trials, trials]);
        const [before, after, upstream] = arms.map(({ violations }) => violations.total);
        seen.control += before ?? 0;
        seen.fixed += after ?? NaN;
        seen.upstream += upstream ?? NaN;
      }

      expect(seen.control).toBeGreaterThanOrEqual(VIOLATIONS);
      expect(seen).toMatchObject({ fixed: 0, upstream: 0 });
    },
  );
});

describe('random waits', () => {
  it('keep every actor waiting before each trial and at points, and label the rates', async () => {
    const waits = { jitterNs: 100_000, stall: 0.01, stallMaxNs: 1_000_000 };
    const { arms, config } = await stressOf('upstream', { waits, budget: { kind: 'trials', count: 500 } });

    // Uniform up to 100 us, twice 500 times: 10 ms would be 25 standard deviations below the mean of either actor.
    const seconds = arms[0]?.blockResults.reduce((sum, block) => sum + block.seconds, 0);
    expect(seconds).toBeGreaterThan(0.01);
    expect(config).toMatchObject({ waits, amplification: ['jittered', 'stalled'] });
    expect(arms[0]?.violations.total).toBe(0);
    expect(outcomeSum(arms[0])).toBe(500);
  });
});

describe('runCompare on real threads', () => {
  let arms: readonly ArmResult[] = [];
  beforeAll(async () => {
    const strategies = ['none', 'upstream', fixture('works'), fixture('with-helpers')];
    ({ arms } = await runCompare({ ...base, strategies }));
  });

  it('interleaves all arms and gives each the trials asked for', () => {
    expect(arms.map(({ strategy, trials }) => ({ strategy, trials }))).toEqual(
      ['none', 'upstream', 'works', 'with-helpers'].map((strategy) => ({ strategy, trials: 20_000 })),
    );
    const orders = arms.flatMap(({ blockResults }) => blockResults.map(({ order }) => order));
    expect(orders.toSorted((a, b) => a - b)).toEqual(orders.map((_, index) => index));
  });

  it('accepts plug-ins by their paths and expects a fix to hold; helpers start with # or _', () => {
    expect(arms).toHaveLength(4);
    for (const { expectation, violations } of arms.slice(1)) {
      expect({ expectation, violations: violations.total }).toEqual({ expectation: 'holds', violations: 0 });
    }
  });
});

describe('broken strategies', () => {
  const failure = async (
    name: string,
    run: Promise<unknown> = stressOf(fixture(name), { budget: { kind: 'duration', ms: 20_000 } }),
  ): Promise<HarnessError> => {
    const error: unknown = await run.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(HarnessError);
    return error as HarnessError;
  };

  it('names the actor that threw, its operation and the error', async () => {
    const { code, message } = await failure('throws');

    expect(code).toBe('ERR_ACTOR_CRASHED');
    expect(message).toMatch(
      /^actor finder of strategy .*throws\.mjs \(setIoPages\), in read_extent_buffer_pages, threw TypeError: planted: no such page, in setIoPages \(throws\.mjs:7\)$/,
    );
  });

  it('names the actor whose thread ended', async () => {
    const { code, message } = await failure('exits');

    expect(code).toBe('ERR_ACTOR_CRASHED');
    expect(message).toMatch(
      /actor reclaim of strategy .*exits\.mjs \(tryReleaseExtentBuffer\), in btree_releasepage, exited with code 7/,
    );
  });

  it('says that an actor ran out of memory', async () => {
    const { code, message } = await failure('exhausts-memory');

    expect(code).toBe('ERR_ACTOR_OUT_OF_MEMORY');
    expect(message).toMatch(/actor finder .*exhausts-memory\.mjs \(setIoPages\).* ran out of memory/);
  });

  it('says which actor spins without waiting for anything', async () => {
    const { code, message } = await failure('spins');

    expect(code).toBe('ERR_ACTOR_HUNG');
    expect(message).toMatch(/strategy .*spins\.mjs \(setIoPages\): no actor/);
    expect(message).toMatch(/finder: in read_extent_buffer_pages, waiting for nothing/);
    expect(message).toMatch(/does not come back from setIoPages \(spins\.mjs:7\)/);
    expect(message).toMatch(/reclaim: at the rendezvous, waiting for finder/);
  });

  // A hang is told by the time that the threads were given, and these say no more than where they end in any case: side by side.
  it.concurrent('says where each actor stands and who holds the lock that is never released', async () => {
    const { code, message } = await failure('never-unlocks');

    expect(code).toBe('ERR_ACTOR_HUNG');
    expect(message).toMatch(/strategy .*never-unlocks\.mjs \(setIoPages\): no actor/);
    expect(message).toMatch(/waiting for refs_lock of extent_buffer 0 of world \d+, which finder holds/);
  });

  it.runIf(allOr(true, false)).concurrent('says who spins while a window is profiled', async () => {
    const window = runWindow({ ...base, strategy: fixture('spins'), points: 12, rangeNs: [-300, 300] });
    const { code, message } = await failure('spins', window);

    expect(code).toBe('ERR_ACTOR_HUNG');
    expect(message).toMatch(
      /(finder|reclaim): in \w+, waiting for nothing: it spins or computes\n.*setIoPages \(spins\.mjs:/s,
    );
  });

  // One that spins while it is loaded takes 5 s: plug-ins.test.ts has it.
  it.concurrent.each([
    ['no-default', /no default export/],
    ['no-subclass', /no subclass/],
    ['does-not-exist', /cannot be loaded/],
    ['throws-while-loading', /cannot be loaded: planted: no config/],
    ['mistyped', /setIoPage is no method of the model; did you mean setIoPages\?/],
    ['next-version', /version 1 of the strategy interface, got 2/],
    ['awaits-for-ever', /a top-level await that never settles/],
    ['exits-while-loading', /its thread ended while it was loaded/],
    ['allocates-while-loading', /ran out of memory \(64 MB\) while it was loaded/],
  ])('refuses the module %s before an actor is started', async (name, message) => {
    const refusal: unknown = await stressOf(fixture(name)).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(StrategyError);
    expect(String(refusal)).toContain(`${name}.mjs: `);
    expect(String(refusal)).toMatch(message);
  });
});
