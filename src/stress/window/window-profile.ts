import { laidOut, type MeasureWords, type WindowMeasured } from '../../scenario/measure.ts';
import { areaInterval, UNITS_MIN } from '../../stats/area-interval.ts';
import {
  curveArea,
  curvePeak,
  type CurvePoint,
  halfWidth,
  plateauRate,
  pooledByOffset,
  standsOut,
} from '../../stats/curve.ts';
import { type Placement as Met, placementAt, placementsOf } from '../../stats/placement.ts';
import { Prng } from '../../stats/prng.ts';
import { rateInterval } from '../../stats/rate-interval.ts';
import { visitsTogether } from './visits-together.ts';
import type { WindowHead } from './window-head.ts';
import type { Placement, WidthInterval, WindowCurve, WindowPoint, WindowProfile } from './window-result.ts';
import type { Visit } from './window-visit.ts';

/** Of every interval that a profile reports. */
const CONFIDENCE = 0.95;
/** A profile with visits at fewer of the offsets than this share of them has holes, and is no curve. */
const COVERAGE_MIN = 0.9;
/** A profile with fewer visits per offset than this, on the average, says nothing about how they vary. */
const VISITS_MIN = 3;
/** Starts of the threads from which on they are what an interval rests on; with fewer it rests on sweeps. */
const STARTS_MIN = 4;

/** What is counted of a visit. */
type Hits = (visit: Visit) => number;

/** What profiles are made of. */
export interface ProfileParts {
  readonly visits: readonly Visit[];
  readonly head: Pick<WindowHead, 'arms' | 'actors' | 'measures'>;
  readonly seed: number;
}

/** The profiles of a run, and how many visits belong to none. */
export interface Profiles {
  readonly profiles: readonly WindowProfile[];
  readonly notSideBySide: number;
  readonly stray: number;
}

/** Sorts visits by placement, arm and last toucher, and makes a profile of each that has enough of them. */
export function profilesOf(parts: ProfileParts): Profiles {
  const { visits, head, seed } = parts;
  const { arms, actors, measures } = head;
  const measured = visits.filter(({ roundTripNs, trials }) => roundTripNs !== null && trials > 0);
  const offsets = new Set(visits.map(({ offsetNs }) => offsetNs)).size;
  const prng = new Prng(seed);
  const shown = metIn(measured).flatMap(({ name, met, visits: here }) => {
    const lastTouchers = [...new Set(here.map((visit) => visit.lastToucher))].toSorted((a, b) => a - b);
    const samples = [...arms.keys()].flatMap((arm) =>
      lastTouchers.flatMap((lastToucher) => {
        const own = visitsTogether(
          here.filter((visit) => visit.arm === arm && visit.lastToucher === lastToucher),
        );
        const covered = new Set(own.map(({ offsetNs }) => offsetNs)).size;
        const isEnough = covered >= COVERAGE_MIN * offsets && own.length >= VISITS_MIN * offsets;
        return isEnough ? [{ arm, lastToucher, own }] : [];
      }),
    );
    return samples.length === 0 ? [] : [{ name, met, visits: here.length, samples }];
  });
  const profiles = shown.flatMap(({ name, met, samples }) => {
    const ofClass = shown.filter((each) => each.name === name);
    const index = ofClass.findIndex((each) => each.met === met);
    const placement = placementOf(met, { name, index, count: ofClass.length, visits: measured.length });
    return samples.map(({ arm, lastToucher, own }): WindowProfile => ({
      strategy: arms[arm]?.strategy ?? '',
      isControl: arm > 0,
      placement,
      lastToucher: actors[lastToucher] ?? '',
      ...profileOf(own, measures, prng),
    }));
  });
  return {
    profiles,
    notSideBySide: visits.length - measured.length,
    stray: measured.length - shown.reduce((sum, each) => sum + each.visits, 0),
  };
}

/** The placements of a class that visits were made in, and those visits. */
interface MetVisits {
  /** The class; undefined where the system placed the actors. */
  readonly name: string | undefined;
  readonly met: Met;
  readonly visits: readonly Visit[];
}

/** Placements by class, and in each by the distance that was measured. */
function metIn(measured: readonly Visit[]): MetVisits[] {
  const classes = groupsOf(measured, ({ placement }) => placement);
  return [...classes].flatMap(([name, own]) => {
    const found = placementsOf(own.flatMap(({ roundTripNs }) => roundTripNs ?? []));
    return found.map((met, index): MetVisits => ({
      name,
      met,
      visits: own.filter(
        ({ roundTripNs }) => roundTripNs !== null && placementAt(found, roundTripNs) === index,
      ),
    }));
  });
}

function placementOf(
  { roundTripNs, rangeNs, count: own }: Met,
  {
    name,
    index,
    count,
    visits,
  }: {
    readonly name: string | undefined;
    readonly index: number;
    readonly count: number;
    readonly visits: number;
  },
): Placement {
  return {
    ...(name !== undefined && { placement: name }),
    name: count === 1 ? 'only' : index === 0 ? 'near' : index === count - 1 ? 'far' : 'middle',
    roundTripNs,
    roundTripRangeNs: rangeNs,
    share: own / visits,
  };
}

function profileOf(
  visits: readonly Visit[],
  measures: readonly MeasureWords[],
  prng: Prng,
): Pick<WindowProfile, 'trials' | 'points' | 'violations'> & WindowMeasured<WindowCurve> {
  const byOffset = groupsOf(visits, ({ offsetNs }) => offsetNs);
  return {
    trials: visits.reduce((sum, { trials }) => sum + trials, 0),
    points: [...byOffset]
      .map(([offsetNs, own]) => pointOf(offsetNs, own, measures))
      .toSorted((a, b) => a.offsetNs - b.offsetNs),
    violations: curveOf(visits, ({ violations }) => violations, prng),
    ...laidOut(measures, 'window', (_, index) => curveOf(visits, notedOf(index), prng)),
  };
}

/** How often the profiled measure of an index was noted. */
function notedOf(index: number): Hits {
  return ({ noted }) => noted[index] ?? 0;
}

function pointOf(offsetNs: number, visits: readonly Visit[], measures: readonly MeasureWords[]): WindowPoint {
  const { rate, low, high } = rateInterval({
    blocks: visits.map(({ trials, violations }) => ({ trials, hits: violations })),
    confidence: CONFIDENCE,
  });
  const sum = (of: Hits): number => visits.reduce((total, visit) => total + of(visit), 0);
  return {
    offsetNs,
    trials: sum(({ trials }) => trials),
    hits: sum(({ violations }) => violations),
    rate,
    low,
    high,
    ...laidOut(measures, 'window', (_, index) => sum(notedOf(index))),
  };
}

function curveOf(visits: readonly Visit[], hitsOf: Hits, prng: Prng): WindowCurve {
  const samples = visits.map((visit) => curvePoint(visit, hitsOf));
  const points = pooledByOffset(samples);
  const highest = curvePeak(points);
  const isPeak = highest !== undefined && standsOut({ samples, confidence: CONFIDENCE });
  const zero = points.toSorted((a, b) => Math.abs(a.offset) - Math.abs(b.offset))[0];
  return {
    total: points.reduce((sum, { hits }) => sum + hits, 0),
    peak: isPeak ? { offsetNs: highest.offset, rate: highest.rate } : null,
    plateauRate: plateauRate(points),
    zeroRate: zero === undefined || zero.trials === 0 ? 0 : zero.hits / zero.trials,
    halfWidthNs: isPeak ? (halfWidth(points) ?? null) : null,
    widthNs: curveArea(points),
    widthInterval: widthInterval(visits, hitsOf, prng),
  };
}

/**
 * Code that the compiler makes anew at each start of the threads moves a whole curve by more than anything within a
 * start does, so that starts are the units; where there are too few, sweeps.
 */
function widthInterval(visits: readonly Visit[], hitsOf: Hits, prng: Prng): WidthInterval | null {
  const starts = unitsOf(visits, hitsOf, ({ start }) => start);
  const isByStart = starts.length >= STARTS_MIN;
  const units = isByStart ? starts : unitsOf(visits, hitsOf, ({ start, sweep }) => start * 1e6 + sweep);
  if (units.length < UNITS_MIN) return null;
  const interval = areaInterval({ units, confidence: CONFIDENCE, prng });
  if (interval === undefined) return null;
  return {
    low: interval.low,
    high: interval.high,
    confidence: CONFIDENCE,
    units: isByStart ? 'starts' : 'sweeps',
    count: units.length,
  };
}

function unitsOf(visits: readonly Visit[], hitsOf: Hits, unitOf: (visit: Visit) => number): CurvePoint[][] {
  return [...groupsOf(visits, unitOf).values()].map((own) => own.map((visit) => curvePoint(visit, hitsOf)));
}

function curvePoint(visit: Visit, hitsOf: Hits): CurvePoint {
  return { offset: visit.offsetNs, trials: visit.trials, hits: hitsOf(visit) };
}

function groupsOf<Key>(visits: readonly Visit[], keyOf: (visit: Visit) => Key): Map<Key, Visit[]> {
  const groups = new Map<Key, Visit[]>();
  for (const visit of visits) {
    const group = groups.get(keyOf(visit));
    if (group === undefined) groups.set(keyOf(visit), [visit]);
    else group.push(visit);
  }
  return groups;
}
