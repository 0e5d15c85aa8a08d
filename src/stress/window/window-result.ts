import type { Expectation } from '../../fix/strategy.ts';
import type { WindowMeasured } from '../../scenario/measure.ts';
import type { WithWords } from '../../catalog/words.ts';
import type { PlacesConfig } from '../plan/places-config.ts';
import type { ClassPlan } from '../topology/placement-plan.ts';
import type { Environment } from '../host/machine-facts.ts';

/** What `ebtorture window` gives back: plain data, printed as JSON as it stands. */

/** One offset of a profile; with its trials in which each of the profiled measures was noted. */
export interface WindowPoint extends WindowMeasured<number> {
  /** How much later the shifted actors started than the others, in ns; negative: earlier. */
  readonly offsetNs: number;
  readonly trials: number;
  /** Trials that violated. */
  readonly hits: number;
  /** Violations per trial, with its interval; without a hit, `high` is a one-sided bound. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** What a profile shows of one thing that is counted. */
export interface WindowCurve {
  /** Trials that counted, over all points. */
  readonly total: number;
  /** The highest point; null without a hit, or where it does not stand out from the others. */
  readonly peak: { readonly offsetNs: number; readonly rate: number } | null;
  /** Rate at the end of the curve that is lower, far from the peak. */
  readonly plateauRate: number;
  /** Rate at the point next to offset zero. */
  readonly zeroRate: number;
  /** Full width at half maximum in ns; null without a peak, or where the curve is cut off above that. */
  readonly halfWidthNs: number | null;
  /** The width of the window: the area under the curve in ns. */
  readonly widthNs: number;
  /** Its interval; null without a hit, or with too little to take it from. */
  readonly widthInterval: WidthInterval | null;
}

/** An interval of a width, by a bootstrap over `count` starts of the threads, or sweeps over all offsets. */
export interface WidthInterval {
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  readonly units: 'starts' | 'sweeps';
  readonly count: number;
}

/** Where the host had put the two cores. */
export interface Placement {
  /** The class of the starts that it was met in; absent where the system placed the actors. */
  readonly placement?: string;
  /** `near`, `far`, or between them; `only` if the run met no other. */
  readonly name: string;
  /** Core-to-core round trip in ns: median and range over its visits. */
  readonly roundTripNs: number;
  readonly roundTripRangeNs: readonly [number, number];
  /** Share of the visits. */
  readonly share: number;
}

/** One strategy in one placement, with one last toucher; with a curve of each of the profiled measures. */
export interface WindowProfile extends WindowMeasured<WindowCurve> {
  readonly strategy: string;
  /** Whether it is the control that runs beside a fix. */
  readonly isControl: boolean;
  readonly placement: Placement;
  /** Label of the actor that touched the memory of a trial last before it. */
  readonly lastToucher: string;
  readonly trials: number;
  readonly points: readonly WindowPoint[];
  readonly violations: WindowCurve;
}

/** How the offset was made. */
export interface WindowCalibration {
  /** Labels of the actors that a positive offset delays. */
  readonly shifted: readonly string[];
  /** By actor: ns per round of the loop that waits, over all visits. */
  readonly spins: readonly {
    readonly actor: string;
    readonly nsPerRound: number;
    readonly low: number;
    readonly high: number;
  }[];
  /** Offsets of the first look, in ns: first, last and the step between. */
  readonly coarse: { readonly fromNs: number; readonly toNs: number; readonly stepNs: number };
  /** Smallest distance between two offsets of the profiles, in ns. */
  readonly finestStepNs: number;
}

export interface WindowConfig extends PlacesConfig {
  readonly scenario: string;
  /** Of a scenario that is played on several. */
  readonly kernel?: string;
  readonly start: string;
  readonly strategy: string;
  readonly actors: string;
  readonly pages: number;
  readonly points: number;
  /** In each placement met they share these; null where the time is given. */
  readonly trialsPerPoint: number | null;
  readonly durationMs: number | null;
  readonly rangeNs: readonly [number, number];
  readonly seed: number;
}

/** `measured`: a peak was found; `flat`: nothing stands out; `violated`: a strategy that should hold does not. */
export type WindowVerdict = 'measured' | 'flat' | 'violated';

/**
 * `ebtorture window`. What stands in `points` to `lastToucher` is the profile with the highest peak, again.
 */
export interface WindowResult extends WithWords {
  readonly schema: 'ebtorture.window/1';
  readonly environment: Environment;
  readonly config: WindowConfig;
  readonly strategy: string;
  readonly expectation: Expectation;
  readonly verdict: WindowVerdict;
  readonly points: readonly WindowPoint[];
  readonly peak: { readonly offsetNs: number; readonly rate: number } | null;
  readonly widthNs: number;
  readonly widthInterval: WidthInterval | null;
  readonly placement: Placement | null;
  readonly lastToucher: string | null;
  readonly calibration: WindowCalibration;
  readonly profiles: readonly WindowProfile[];
  readonly visits: {
    readonly total: number;
    /** The actors did not answer each other: something else kept a processor busy. */
    readonly notSideBySide: number;
    /** The round trip belongs to no placement, or to one met too rarely. */
    readonly stray: number;
  };
  /** As in `CompareResult`. */
  readonly places?: readonly ClassPlan[];
  /** Times the threads were started. */
  readonly starts: number;
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  readonly notices: readonly string[];
}
