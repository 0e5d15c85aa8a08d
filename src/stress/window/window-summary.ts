import { kernelIn } from '../../scenario/kernels.ts';
import { actorsText } from '../../scenario/role-count.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { type MeasureWords, profiled, valueOf } from '../../scenario/measure.ts';
import { carriedWords } from '../../catalog/words.ts';
import { quantile } from '../../stats/quantile.ts';
import { cpuCount, describeEnvironment } from '../host/environment.ts';
import { shiftedActors } from '../actor/launched-trials.ts';
import { placesConfig } from '../plan/places-config.ts';
import { pinningNotice, placeNotices } from '../result/place-notices.ts';
import type { WindowRun } from './window-run.ts';
import type { WindowOptions } from './window-options.ts';
import { profilesOf } from './window-profile.ts';
import type {
  WindowCalibration,
  WindowConfig,
  WindowProfile,
  WindowResult,
  WindowVerdict,
} from './window-result.ts';

/** What was run; its own strategy first, a control behind it. */
interface Counted {
  readonly strategies: readonly Pick<Strategy, 'name' | 'expectation'>[];
  readonly run: WindowRun;
}

/** Turns visits into a result. */
export async function summarizeWindow(options: WindowOptions, counted: Counted): Promise<WindowResult> {
  const { run, strategies } = counted;
  const { setting, visits } = run;
  const { profiles, notSideBySide, stray } = profilesOf({ visits, strategies, setting, seed: options.seed });
  const { name: strategy = '', expectation = 'holds' } = strategies[0] ?? {};
  const own = profiles.filter(({ isControl }) => !isControl);
  const measures = profiled(setting.scenario.measures ?? []);
  const highest = own.toSorted((a, b) => heightOf(b, measures) - heightOf(a, measures))[0];
  return {
    schema: 'ebtorture.window/1',
    environment: await describeEnvironment(run.blocks, run.pinned.processors),
    config: configOf(options, run),
    ...carriedWords(setting.scenario),
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
    calibration: calibrationOf(run),
    profiles,
    visits: { total: visits.length, notSideBySide, stray },
    ...(run.placement !== undefined && { places: run.placement.classes }),
    starts: run.starts,
    elapsedMs: run.elapsedMs,
    isInterrupted: options.signal?.aborted === true,
    notices: notices(run),
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
  expectation: Strategy['expectation'],
): WindowVerdict {
  if (expectation === 'holds' && hasViolated) return 'violated';
  const isSeen = profiles.some(
    ({ isControl, violations }) => (isControl || expectation === 'violates') && violations.peak !== null,
  );
  return isSeen ? 'measured' : 'flat';
}

function configOf(options: WindowOptions, { parts, setting }: WindowRun): WindowConfig {
  const { budget } = options;
  return {
    scenario: parts.scenario,
    ...kernelIn(setting.scenario),
    start: parts.start,
    strategy: options.strategy,
    actors: actorsText(parts.actors),
    pages: parts.pages,
    points: options.points,
    trialsPerPoint: budget.kind === 'trials' ? budget.count : null,
    durationMs: budget.kind === 'duration' ? budget.ms : null,
    rangeNs: options.rangeNs,
    seed: options.seed,
    ...placesConfig(options),
  };
}

function calibrationOf({ setting, visits, coarse }: WindowRun): WindowCalibration {
  const isShifted = shiftedActors(setting);
  const offsets = [...new Set(visits.map(({ offsetNs }) => offsetNs))].toSorted((a, b) => a - b);
  const steps = offsets.slice(1).map((offset, index) => offset - (offsets[index] ?? offset));
  return {
    shifted: setting.actors.filter((_, actor) => isShifted[actor]).map(({ label }) => label),
    spins: setting.actors.map(({ label }, actor) => {
      const spins = visits.map((visit) => visit.spins[actor] ?? 0);
      const at = (p: number): number => (spins.length === 0 ? 0 : quantile(spins, p));
      return { actor: label, nsPerRound: at(0.5), low: at(0.025), high: at(0.975) };
    }),
    coarse: {
      fromNs: coarse[0] ?? 0,
      toNs: coarse.at(-1) ?? 0,
      stepNs: (coarse[1] ?? 0) - (coarse[0] ?? 0),
    },
    finestStepNs: steps.length === 0 ? 0 : Math.min(...steps),
  };
}

function notices({ setting, visits, blocks, placement, pinned, starts }: WindowRun): string[] {
  const processors = cpuCount();
  const actors = setting.actors.length;
  const found: string[] = [];
  if (placement !== undefined) {
    found.push(...placeNotices(placement, { met: blocks, starts }));
  } else if (processors === 1) {
    found.push('One processor: the actors never run side by side, so that no offset means anything.');
  } else if (actors > processors) {
    found.push(
      `${actors} actors on ${processors} processors: they take turns, so that most trials start at no set offset.`,
    );
  }
  const apart = visits.filter(({ roundTripNs }) => roundTripNs === null).length;
  if (actors <= processors && apart > visits.length / 10) {
    found.push(
      `In ${apart} of ${visits.length} visits the actors did not run side by side: something else keeps a processor ` +
        'busy. They are left out.',
    );
  }
  return [...found, ...pinningNotice(pinned.failed)];
}
