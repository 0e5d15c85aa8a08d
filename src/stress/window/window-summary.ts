/** The result of a profile: a pure function of its head and of what it has put down, in the run itself and wherever that is read. */
import type { Expectation } from '../../fix/strategy.ts';
import { type MeasureWords, valueOf } from '../../scenario/measure.ts';
import { quantile } from '../../stats/quantile.ts';
import { environmentWith } from '../host/environment.ts';
import { loadIn } from '../host/host-load.ts';
import type { Machine } from '../host/machine-facts.ts';
import { pinningNotice, placeNotices } from '../result/place-notices.ts';
import type { RunEnd } from '../run/run-result.ts';
import type { WindowHead } from './window-head.ts';
import type { WindowLog } from './window-log.ts';
import { profilesOf } from './window-profile.ts';
import type { WindowCalibration, WindowProfile, WindowResult, WindowVerdict } from './window-result.ts';
import { coarseOffsets } from './window-offsets.ts';

/** What a profile has shown. */
export function windowResultOf(
  head: WindowHead,
  machine: Machine,
  log: WindowLog,
  { isInterrupted }: RunEnd,
): WindowResult {
  const { config, arms, measures, placement } = head;
  const { visits, starts, pinned } = log;
  const { profiles, notSideBySide, stray } = profilesOf({ visits, head, seed: config.seed });
  const { strategy = '', expectation = 'holds' } = arms[0] ?? {};
  const own = profiles.filter(({ isControl }) => !isControl);
  const highest = own.toSorted((a, b) => heightOf(b, measures) - heightOf(a, measures))[0];
  return {
    schema: 'ebtorture.window/1',
    environment: environmentWith(machine, {
      roundTrips: visits.map(({ roundTripNs }) => roundTripNs),
      load: loadIn(log.host),
      pinnedTo: pinned.processors,
    }),
    config,
    ...(head.words !== undefined && { words: head.words }),
    strategy,
    expectation,
    verdict: verdictOf(
      profiles,
      visits.some(({ arm, violations }) => arm === 0 && violations > 0),
      expectation,
    ),
    points: highest?.points ?? [],
    peak: highest?.violations.peak ?? null,
    widthNs: highest?.violations.widthNs ?? 0,
    widthInterval: highest?.violations.widthInterval ?? null,
    placement: highest?.placement ?? null,
    lastToucher: highest?.lastToucher ?? null,
    calibration: calibrationOf(head, log),
    profiles,
    visits: { total: visits.length, notSideBySide, stray },
    ...(placement !== undefined && { places: placement.classes }),
    starts,
    elapsedMs: log.elapsedMs,
    isInterrupted,
    notices: notices(head, machine, log),
  };
}

/** Violations come first: they are what a profile of a control is read for; a fix has none. */
function heightOf(profile: WindowProfile, measures: readonly MeasureWords[]): number {
  const curves = [profile.violations, ...measures.map((measure) => valueOf(profile, 'window', measure))];
  return curves.reduce((height, curve) => height * 1e3 + (curve?.peak?.rate ?? 0), 0);
}

/** A fix whose zero stands beside a control that stayed silent too has shown nothing. */
function verdictOf(
  profiles: readonly WindowProfile[],
  hasViolated: boolean,
  expectation: Expectation,
): WindowVerdict {
  if (expectation === 'holds' && hasViolated) return 'violated';
  const isSeen = profiles.some(
    ({ isControl, violations }) => (isControl || expectation === 'violates') && violations.peak !== null,
  );
  return isSeen ? 'measured' : 'flat';
}

function calibrationOf({ config, actors, shifted }: WindowHead, { visits }: WindowLog): WindowCalibration {
  const offsets = [...new Set(visits.map(({ offsetNs }) => offsetNs))].toSorted((a, b) => a - b);
  const steps = offsets.slice(1).map((offset, index) => offset - (offsets[index] ?? offset));
  const coarse = coarseOffsets(config.rangeNs);
  return {
    shifted,
    spins: actors.map((label, actor) => {
      const spins = visits.map((visit) => visit.spins[actor] ?? 0);
      const at = (p: number): number => (spins.length === 0 ? 0 : quantile(spins, p));
      return { actor: label, nsPerRound: at(0.5), low: at(0.025), high: at(0.975) };
    }),
    coarse: {
      fromNs: coarse[0] ?? 0,
      toNs: coarse.at(-1) ?? 0,
      stepNs: (coarse[1] ?? 0) - (coarse[0] ?? 0),
    },
    finestStepNs: steps.reduce((least, step) => Math.min(least, step), steps[0] ?? 0),
  };
}

function notices(
  { actors, placement }: WindowHead,
  { cpuCount }: Machine,
  { visits, placements, pinned, starts }: WindowLog,
): string[] {
  const found: string[] = [];
  if (placement !== undefined) {
    found.push(...placeNotices(placement, { met: placements, starts }));
  } else if (cpuCount === 1) {
    found.push('One processor: the actors never run side by side, so that no offset means anything.');
  } else if (actors.length > cpuCount) {
    found.push(
      `${actors.length} actors on ${cpuCount} processors: they take turns, so that most trials start at no set offset.`,
    );
  }
  const apart = visits.filter(({ roundTripNs }) => roundTripNs === null).length;
  if (actors.length <= cpuCount && apart > visits.length / 10) {
    found.push(
      `In ${apart} of ${visits.length} visits the actors did not run side by side: something else keeps a processor ` +
        'busy. They are left out.',
    );
  }
  return [...found, ...pinningNotice(pinned.failed)];
}
