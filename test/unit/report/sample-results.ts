/** Results as a run on two cores gives them, made by hand so that they never change. */
import type { Environment } from '../../../src/stress/host/machine-facts.ts';
import type { ArmResult, CompareResult, RunConfig, StressResult } from '../../../src/stress/result/result.ts';
import type { Comparison } from '../../../src/stress/result/comparison-result.ts';
import type { Rate } from '../../../src/stress/result/rate.ts';

export const environment: Environment = {
  version: '0.1.0',
  commit: '1a2b3c4d5e6f',
  node: '20.20.2',
  v8: '11.3.244.8-node.33',
  platform: 'linux',
  arch: 'x64',
  cpuModel: 'Intel(R) Xeon(R) Processor @ 2.60GHz',
  cpuCount: 2,
  coreCount: 2,
  pinnedTo: null,
  jit: { tier: 'TurboFan', flags: [] },
  roundTripNs: 118.4,
  load: { othersBusy: 0.043, steal: 0.0021, preemptionsPerSecond: 13.4 },
};

export const config: RunConfig = {
  scenario: 'readahead-vs-releasepage',
  start: 'primed',
  strategies: ['none', 'early-check', 'locked-io-pages', 'upstream'],
  actors: 'finder=1,reclaim=1',
  pages: 4,
  worlds: 256,
  stride: 64,
  seed: 3_735_928_559,
  durationMs: 10_000,
  trials: null,
  until: null,
  fold: 1000,
  trylockFail: 0,
  readFail: 0,
  delays: {},
  waits: null,
  amplification: [],
  memoryBytes: 180_224,
};

const grades = {
  bug: 'FORBIDDEN',
  rescued: 'INTERESTING',
  stripped: 'INTERESTING',
  'read-failed': 'ACCEPTABLE',
  reread: 'ACCEPTABLE',
  read: 'ACCEPTABLE',
  released: 'ACCEPTABLE',
  skipped: 'ACCEPTABLE',
  idle: 'ACCEPTABLE',
} as const;

/** What differs between arms. */
interface ArmParts {
  readonly strategy: string;
  readonly isControl?: boolean;
  readonly trials: number;
  readonly byInvariant?: Readonly<Record<string, number>>;
  /** Outcomes but for `bug` and `read`, which take what is left. */
  readonly outcomes?: Partial<Record<keyof typeof grades, number>>;
  readonly rescues?: number;
  readonly treeRefStripped?: number;
  readonly rate: Pick<Rate, 'perMillion' | 'low' | 'high'>;
  readonly trialsPerSecond: number;
  readonly verdict: ArmResult['verdict'];
  readonly rejected?: ArmResult['rejected'];
}

function arm(parts: ArmParts): ArmResult {
  const total = Object.values(parts.byInvariant ?? {}).reduce((sum, count) => sum + count, 0);
  const others = Object.values(parts.outcomes ?? {}).reduce((sum, count) => sum + count, 0);
  const counts = { ...parts.outcomes, bug: total, read: parts.trials - total - others };
  const treeRefStripped = parts.treeRefStripped ?? 0;
  return {
    strategy: parts.strategy,
    expectation: ['none', 'early-check', 'locked-io-pages'].includes(parts.strategy) ? 'violates' : 'holds',
    isControl: parts.isControl ?? false,
    trials: parts.trials,
    violations: { total, byInvariant: parts.byInvariant ?? {} },
    nearMisses: {
      total: treeRefStripped + 41,
      byKind: { dyingFound: 41, treeRefStripped, readUnverified: 0 },
    },
    rescues: parts.rescues ?? 0,
    treeRefStripped,
    outcomes: Object.fromEntries(
      Object.entries(grades).map(([name, grade]) => [
        name,
        { count: counts[name as keyof typeof grades] ?? 0, grade },
      ]),
    ),
    rate: {
      ...parts.rate,
      confidence: 0.95,
      designEffect: 19.5,
      blocks: parts.trials === 0 ? 0 : 13,
      starts: parts.trials === 0 ? 0 : 8,
      blockQuantiles:
        parts.trials === 0
          ? null
          : {
              low: 0.8 * parts.rate.perMillion,
              median: parts.rate.perMillion,
              high: 1.3 * parts.rate.perMillion,
            },
    },
    trialsPerSecond: parts.trialsPerSecond,
    verdict: parts.verdict,
    rejected: parts.rejected ?? {
      blocks: { 'warm-up': parts.trials === 0 ? 0 : 1, apart: 0, busy: 0, stolen: 0, short: 0 },
      trials: 0,
      violations: 0,
    },
    blockResults: [],
  };
}

const usual = { released: 9_876_543, skipped: 4_321_000, stripped: 31_402 };

export const none: ArmResult = arm({
  strategy: 'none',
  trials: 31_416_320,
  byInvariant: { B1: 123_456 },
  outcomes: usual,
  treeRefStripped: 154_858,
  rate: { perMillion: 3929.7, low: 3441.2, high: 4467.8 },
  trialsPerSecond: 12_566_528,
  verdict: 'violated',
});
const earlyCheck = arm({
  strategy: 'early-check',
  trials: 30_998_144,
  byInvariant: { B1: 61_002 },
  outcomes: usual,
  treeRefStripped: 92_404,
  rate: { perMillion: 1967.9, low: 1702.1, high: 2263.4 },
  trialsPerSecond: 12_399_257,
  verdict: 'violated',
});
const lockedIoPages = arm({
  strategy: 'locked-io-pages',
  trials: 29_870_080,
  byInvariant: { B1: 117_300 },
  outcomes: usual,
  treeRefStripped: 148_702,
  rate: { perMillion: 3927.0, low: 3436.0, high: 4466.4 },
  trialsPerSecond: 11_948_032,
  verdict: 'violated',
});
export const upstream: ArmResult = arm({
  strategy: 'upstream',
  trials: 30_105_600,
  outcomes: { ...usual, rescued: 118_230 },
  rescues: 118_230,
  treeRefStripped: 149_632,
  rate: { perMillion: 0, low: 0, high: 1.94 },
  trialsPerSecond: 12_042_240,
  verdict: 'clean',
});

export const upstreamAgainstNone: Comparison = {
  control: 'none',
  strategy: 'upstream',
  reductionAtLeast: 36_104.2,
  reductionAtLeastInBursts: 1773.8,
  pValue: 1.2e-9,
  pValueHolm: 1.2e-9,
  silence: { fold: 1000, power: 0.99997, powerInBursts: 0.998, lengthMs: 1834, lengthInBurstsMs: 8211 },
  throughputRatio: { median: 0.962, low: 0.941, high: 0.983 },
};

/** Every arm does what its strategy declares. */
export const asDeclared: CompareResult = {
  schema: 'ebtorture.compare/1',
  environment,
  config,
  arms: [none, earlyCheck, lockedIoPages, upstream],
  comparisons: [
    upstreamAgainstNone,
    {
      control: 'early-check',
      strategy: 'upstream',
      reductionAtLeast: 18_056.3,
      reductionAtLeastInBursts: 887.1,
      pValue: 3.1e-8,
      pValueHolm: 3.1e-8,
      silence: null,
      throughputRatio: { median: 0.974, low: 0.951, high: 0.992 },
    },
    {
      control: 'locked-io-pages',
      strategy: 'upstream',
      reductionAtLeast: 36_050.1,
      reductionAtLeastInBursts: 1771.2,
      pValue: 1.3e-9,
      pValueHolm: 1.3e-9,
      silence: null,
      throughputRatio: { median: 1.007, low: 0.984, high: 1.031 },
    },
  ],
  placements: [],
  isBusyHost: false,
  stopping: { rule: 'fixed', looks: 1, confidence: 0.95, isDecided: null },
  starts: 8,
  elapsedMs: 10_084,
  startup: { firstTrialMs: 121, firstViolationMs: 164 },
  isInterrupted: false,
  notices: [],
  verdict: 'as-declared',
};

/** A plug-in that was meant to hold and does not, under amplification. */
export const fixViolated: CompareResult = {
  ...asDeclared,
  config: {
    ...config,
    strategies: ['none', 'upstream', './strategies/check-before-page-locks.mjs'],
    actors: 'finder=2,reclaim=1,end-io=1',
    durationMs: 90_000,
    trylockFail: 0.1,
    readFail: 0.05,
    delays: { 'find:ref': 200, 'releasepage:checked': 500 },
    waits: { jitterNs: 300, stall: 0.0001, stallMaxNs: 1_000_000 },
    amplification: ['delayed', 'jittered', 'stalled', 'trylock-failing'],
  },
  arms: [
    none,
    upstream,
    arm({
      strategy: 'check-before-page-locks',
      trials: 1_204_992,
      byInvariant: { B1: 12, Q1: 3, UAF: 1 },
      outcomes: { released: 400_000, skipped: 100, 'read-failed': 60_201, rescued: 201 },
      rescues: 201,
      treeRefStripped: 512,
      rate: { perMillion: 13.28, low: 4.1, high: 31.9 },
      trialsPerSecond: 412_000,
      verdict: 'violated',
    }),
  ],
  comparisons: [
    upstreamAgainstNone,
    {
      control: 'none',
      strategy: 'check-before-page-locks',
      reductionAtLeast: 108.2,
      reductionAtLeastInBursts: 0.7,
      pValue: 0.0021,
      pValueHolm: 0.0021,
      silence: null,
      throughputRatio: { median: 0.033, low: 0.029, high: 0.038 },
    },
  ],
  notices: ['4 actors share 2 processors: threads wait for their turn, and rates say little about the race.'],
  verdict: 'not-as-declared',
};

function silent(strategy: string): ArmResult {
  return arm({
    strategy,
    trials: 1_048_576,
    outcomes: { released: 512_000 },
    rate: { perMillion: 0, low: 0, high: 2.86 },
    trialsPerSecond: 1_397_101,
    verdict: 'inconclusive',
  });
}

/** Nothing was violated, not even by the control. */
export const silentControl: CompareResult = {
  ...asDeclared,
  environment: { ...environment, commit: null, cpuCount: 1, roundTripNs: null },
  config: {
    ...config,
    start: 'cold',
    actors: 'readahead=2,reclaim=1',
    strategies: ['none', 'upstream'],
    durationMs: 1500,
  },
  arms: [silent('none'), silent('upstream')],
  comparisons: [
    {
      control: 'none',
      strategy: 'upstream',
      reductionAtLeast: null,
      reductionAtLeastInBursts: null,
      pValue: null,
      pValueHolm: null,
      silence: null,
      throughputRatio: null,
    },
  ],
  elapsedMs: 1511,
  startup: { firstTrialMs: 121, firstViolationMs: 164 },
  notices: ['One processor: the actors do not run side by side.'],
  verdict: 'inconclusive',
};

/** One control did not violate, the others did: the fix is judged all the same. */
export const oneControlSilent: CompareResult = {
  ...asDeclared,
  arms: [none, silent('early-check'), lockedIoPages, upstream],
  verdict: 'inconclusive',
};

/** Ctrl-C before the last arm had a block. */
export const interrupted: CompareResult = {
  ...asDeclared,
  arms: [
    none,
    arm({
      strategy: 'upstream',
      trials: 0,
      rate: { perMillion: Number.NaN, low: 0, high: Number.NaN },
      trialsPerSecond: 0,
      verdict: 'inconclusive',
    }),
  ],
  config: { ...config, strategies: ['none', 'upstream'] },
  comparisons: [],
  elapsedMs: 212,
  startup: { firstTrialMs: 121, firstViolationMs: 164 },
  isInterrupted: true,
  verdict: 'inconclusive',
};

/** `stress` of a strategy that violates. */
export const stressViolated: StressResult = {
  ...asDeclared,
  schema: 'ebtorture.stress/1',
  config: { ...config, strategies: ['none'], durationMs: 2000 },
  arms: [none],
  comparisons: [],
  elapsedMs: 2004,
  startup: { firstTrialMs: 121, firstViolationMs: 164 },
  verdict: 'violated',
};

/** `stress` of a fix, with its control. */
export const stressClean: StressResult = {
  ...stressViolated,
  config: { ...config, strategies: ['upstream', 'none'], durationMs: null, trials: 30_000_000 },
  arms: [upstream, { ...none, isControl: true }],
  comparisons: [upstreamAgainstNone],
  verdict: 'clean',
};

/** `stress --no-control` of a fix. */
export const stressUncontrolled: StressResult = {
  ...stressClean,
  config: { ...config, strategies: ['upstream'] },
  arms: [{ ...upstream, verdict: 'inconclusive' }],
  comparisons: [],
  verdict: 'inconclusive',
};
