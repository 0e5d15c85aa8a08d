/** Results of runs with several instances and placements, made by hand. */
import type { ClassArm, ClassResult } from '../../../src/stress/result/class-result.ts';
import type { Disturbance } from '../../../src/stress/result/disturbance.ts';
import type { Rate } from '../../../src/stress/result/rate.ts';
import type { ArmResult, CompareResult, StressResult } from '../../../src/stress/result/result.ts';
import { place, placesOfThirtyTwo as places } from './sample-places.ts';
import { asDeclared, none, stressClean, upstream, upstreamAgainstNone } from './sample-results.ts';

const environment = { ...asDeclared.environment, cpuCount: 32, coreCount: 16, pinnedTo: [0, 1, 2, 3] };

/** A rate and its interval per million; a zero with its bound. */
function classArm(
  [perMillion, low, high]: readonly [number, number, number],
  parts: Omit<ClassArm, 'rate'>,
  starts = 5,
): ClassArm {
  const rate: Rate = { ...none.rate, perMillion, low, high, starts, blocks: 11 };
  return { ...parts, rate };
}

const measured = { trials: 31_200_000, trialsPerSecond: 94_100_000 };
const silent = { ...measured, violations: 0, violationsPerSecond: 0 };

function claim(fold: number | null, inBursts: number | null): ClassResult['claims'][number] {
  return {
    control: 'none',
    strategy: 'upstream',
    reductionAtLeast: fold,
    reductionAtLeastInBursts: inBursts,
  };
}

/** In the order of `stress`: the fix, then its control. */
const classes: readonly ClassResult[] = [
  {
    placement: 'sibling',
    starts: 5,
    roundTripNs: 22.41,
    arms: [
      classArm([0, 0, 0.513], silent),
      classArm([52.1, 39.9, 67.2], { ...measured, violations: 1626, violationsPerSecond: 4903 }),
    ],
    claims: [claim(96.4, 10.2)],
  },
  {
    placement: 'l3',
    starts: 5,
    roundTripNs: 61.9,
    arms: [
      classArm([0, 0, 2.91], silent),
      classArm([4120, 3310, 5080], { ...measured, violations: 128_544, violationsPerSecond: 387_700 }),
    ],
    claims: [claim(8403, 310.4)],
  },
  {
    placement: 'far',
    starts: 4,
    roundTripNs: 301.7,
    arms: [
      classArm([0, 0, 31.4], { ...silent, trials: 9_120_000, trialsPerSecond: 22_400_000 }, 0),
      classArm(
        [18_400, 9010, 33_200],
        {
          trials: 2_204_000,
          violations: 40_553,
          trialsPerSecond: 21_900_000,
          violationsPerSecond: 403_000,
        },
        0,
      ),
    ],
    claims: [claim(512.9, 0.8)],
  },
];

const disturbance: Disturbance = {
  pairs: 14,
  starts: 14,
  throughput: { median: 0.812, low: 0.779, high: 0.846 },
  rate: { ratio: 1.31, low: 1.12, high: 1.57 },
};
/** The counts of an arm in equal parts, what is left in those of the first. */
function inParts(arm: ArmResult, count: number): Pick<ArmResult, 'instances'> {
  const part = (whole: number, index: number): number => {
    const each = Math.floor(whole / count);
    return index === 0 ? whole - (count - 1) * each : each;
  };
  const instances = Array.from({ length: count }, (_, index) => ({
    trials: part(arm.trials, index),
    violations: part(arm.violations.total, index),
    outcomes: Object.fromEntries(
      Object.entries(arm.outcomes).map(([name, outcome]) => [name, part(outcome.count, index)]),
    ),
  }));
  return { instances };
}

function mixed(arm: ArmResult, count: number): ArmResult {
  return { ...arm, ...inParts(arm, count), rate: { ...arm.rate, placements: 3 } };
}

/** `stress --placement all` of a fix on 32 processors. */
export const placed: StressResult = {
  ...stressClean,
  environment,
  config: { ...stressClean.config, placement: 'all' },
  arms: [
    { ...mixed(upstream, 15), disturbance: { ...disturbance, rate: null } },
    { ...mixed(none, 15), disturbance, isControl: true },
  ],
  comparisons: [upstreamAgainstNone],
  classes,
  places,
  starts: 14,
  notices: [
    'The starts had 3 placements in turn (sibling, l3, far): what is said of all of them together is a mean, and holds for none.',
  ],
};

const [sibling] = classes;
const quiet = classArm([0, 0, 1.02], silent);

/** In the order of `compare`, and with a control that is silent in the first. */
function asCompared(each: ClassResult): ClassResult {
  const isSilent = each.placement === 'sibling';
  const [fix = null, control = null] = each.arms;
  return {
    ...each,
    arms: [isSilent ? quiet : control, fix],
    claims: isSilent ? [claim(null, null)] : each.claims,
  };
}

/** `compare --placement all` whose control stayed silent in one placement. */
export const placedSilently: CompareResult = {
  ...asDeclared,
  environment,
  config: { ...asDeclared.config, strategies: ['none', 'upstream'], placement: 'all', instances: 7 },
  arms: [mixed(none, 7), mixed(upstream, 7)],
  comparisons: [upstreamAgainstNone],
  classes: classes.map(asCompared),
  places,
};

/** `stress --instances 8 --placement sibling` on two cores that are no threads of one core. */
export const oversubscribed: StressResult = {
  ...stressClean,
  environment: { ...stressClean.environment, pinnedTo: [0, 1] },
  config: { ...stressClean.config, instances: 8, placement: 'sibling' },
  arms: [
    { ...upstream, ...inParts(upstream, 8) },
    { ...none, ...inParts(none, 8), isControl: true },
  ],
  classes: sibling === undefined ? [] : [{ ...sibling, roundTripNs: null }],
  places: [
    place(
      'sibling',
      Array.from({ length: 8 }, () => ({ processors: [0, 1], distance: 'l3' as const })),
      {
        actorsPerProcessor: 8,
        isMet: 'no',
        unmet:
          '--placement sibling: there are no threads of one core; the actors are on cores that share a third-level cache.',
      },
    ),
  ],
  notices: [
    '--placement sibling: there are no threads of one core; the actors are on cores that share a third-level cache.',
    'More actors than places (8 to a processor): those of an instance race only while the system happens to run them at the same time.',
  ],
};
