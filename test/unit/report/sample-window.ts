/** A profile as the engine makes it, from visits with known curves. */
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { profiled } from '../../../src/scenario/measure.ts';
import { resolveSetting, type Setting } from '../../../src/scenario/setting.ts';
import { type ProfileParts, profilesOf } from '../../../src/stress/window/window-profile.ts';
import type { WindowResult } from '../../../src/stress/window/window-result.ts';
import type { Visit } from '../../../src/stress/window/window-visit.ts';
import { placesOfFour } from './sample-places.ts';
import { asDeclared } from './sample-results.ts';

const setting = resolveSetting({ scenario: readaheadVsReleasepage });
const OFFSETS = Array.from({ length: 41 }, (_, index) => -400 + 20 * index);
const TRIALS = 2_000;

/** Rates in a triangle about `center`; 120 ns high at half, so that its area in ns is 120 times its height. */
const triangle = (offset: number, center: number): number => Math.max(0, 1 - Math.abs(offset - center) / 120);

/** What profiles need to know of a run of these strategies, the first of which is its own. */
export function headOf(
  { scenario, actors }: Setting,
  strategies: readonly Pick<Strategy, 'name' | 'expectation'>[],
): ProfileParts['head'] {
  return {
    arms: strategies.map(({ name, expectation }, arm) => ({
      strategy: name,
      expectation,
      isControl: arm > 0,
    })),
    actors: actors.map(({ label }) => label),
    measures: profiled(scenario.measures ?? []),
  };
}

interface SampleOptions {
  readonly strategies: readonly Strategy[];
  readonly roundTripNs?: (start: number) => number;
  /** The class of a start. */
  readonly placementOf?: (start: number) => string | undefined;
}

/** Visits without noise: 6 starts of 3 sweeps. */
export function sampleVisits({
  strategies,
  roundTripNs = () => 107,
  placementOf = () => undefined,
}: SampleOptions): Visit[] {
  const visits: Visit[] = [];
  for (let start = 0; start < 6; start++) {
    for (let sweep = 0; sweep < 3; sweep++) {
      for (const [arm, strategy] of strategies.entries()) {
        for (const lastToucher of [0, 1]) {
          for (const offsetNs of OFFSETS) {
            const height = triangle(offsetNs, 60 - 20 * lastToucher) * (0.9 + 0.04 * start);
            const isFix = strategy.expectation === 'holds';
            visits.push({
              arm,
              offsetNs,
              lastToucher,
              start,
              sweep,
              roundTripNs: roundTripNs(start),
              placement: placementOf(start),
              spins: [1.2, 1.21],
              trials: TRIALS,
              violations: isFix ? 0 : Math.round(TRIALS * 0.2 * height),
              noted: [isFix ? Math.round(TRIALS * 0.2 * height) : 0, Math.round(TRIALS * 0.5 * height)],
            });
          }
        }
      }
    }
  }
  return visits;
}

function resultOf(strategies: readonly Strategy[], options: Omit<SampleOptions, 'strategies'>): WindowResult {
  const visits = sampleVisits({ strategies, ...options });
  const head = headOf(setting, strategies);
  const { profiles, notSideBySide, stray } = profilesOf({ visits, head, seed: 1 });
  const main = profiles[0];
  const [{ name: strategy, expectation } = none] = strategies;
  return {
    schema: 'ebtorture.window/1',
    environment: asDeclared.environment,
    config: {
      scenario: 'readahead-vs-releasepage',
      start: 'primed',
      strategy,
      actors: 'finder=1,reclaim=1',
      pages: 4,
      points: 48,
      trialsPerPoint: null,
      durationMs: 12_000,
      rangeNs: [-400, 400],
      seed: 7,
    },
    strategy,
    expectation,
    verdict: 'measured',
    points: main?.points ?? [],
    peak: main?.violations.peak ?? null,
    widthNs: main?.violations.widthNs ?? 0,
    widthInterval: main?.violations.widthInterval ?? null,
    placement: main?.placement ?? null,
    lastToucher: main?.lastToucher ?? null,
    calibration: {
      shifted: ['finder'],
      spins: [
        { actor: 'finder', nsPerRound: 1.2, low: 1.2, high: 1.2 },
        { actor: 'reclaim', nsPerRound: 1.21, low: 1.21, high: 1.21 },
      ],
      coarse: { fromNs: -400, toNs: 400, stepNs: 13 },
      finestStepNs: 20,
    },
    profiles,
    visits: { total: visits.length, notSideBySide, stray },
    starts: 6,
    elapsedMs: 12_050,
    isInterrupted: false,
    notices: [],
  };
}

/** The control in two placements. */
export const windowOfNone: WindowResult = resultOf([none], {
  roundTripNs: (start) => (start < 4 ? 107 : 420),
});

/** The fix beside the control, in one placement. */
export const windowOfUpstream: WindowResult = resultOf([upstream, none], {});

/** The same in two placements that were asked for, in one of which the host moved the cores. */
export const windowPlaced: WindowResult = {
  ...resultOf([upstream, none], {
    placementOf: (start) => (start < 3 ? 'sibling' : 'l3'),
    roundTripNs: (start) => (start < 3 ? 22 : start < 5 ? 60 : 107),
  }),
  environment: { ...asDeclared.environment, cpuCount: 8, coreCount: 4, pinnedTo: [0, 1] },
  places: placesOfFour,
};

/** A profile that shows nothing. */
export const windowFlat: WindowResult = {
  ...windowOfNone,
  verdict: 'flat',
  profiles: [],
  points: [],
  peak: null,
  placement: null,
  lastToucher: null,
  visits: { total: 100, notSideBySide: 100, stray: 0 },
};
