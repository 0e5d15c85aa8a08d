/**
 * The verdict of a run in words, and what to do where there is none.
 */
import { wordsIn } from '../catalog/words.ts';
import type { ArmResult, CompareResult, StressResult } from '../stress/result/result.ts';
import { groundsObjection } from './calibration-text.ts';
import { silentClasses } from './class-findings.ts';
import { runLength } from './findings.ts';
import { litmusVerdict } from './litmus-verdict.ts';
import { byActor, vacuityReasons } from './never-reached-text.ts';
import { counted, grouped, listed, plural, short } from './number.ts';
import type { Tone } from './paint.ts';
import { durationOption, trialsOption } from './rerun-command.ts';
import type { RunResult } from './run-header.ts';

/** How much longer a run that showed nothing should be. */
const LONGER = 10;
const DURATION_MS_MAX = 30 * 24 * 3_600_000;
const TRYLOCK_FAIL = 0.1;

/** A word with a tone, and the sentences behind it. */
export interface VerdictText {
  readonly word: string;
  readonly tone: Tone;
  readonly reasons: readonly string[];
}

/** The verdict of a comparison. */
export function compareVerdict(result: CompareResult): VerdictText {
  const { arms, verdict, contradictions } = result;
  if (contradictions !== undefined) return contradicted(contradictions);
  if (verdict === 'inconclusive') return inconclusive(result);
  return verdict === 'as-declared'
    ? { word: 'AS DECLARED', tone: 'good', reasons: [asDeclared(arms), ...silentPlacements(result)] }
    : { word: 'NOT AS DECLARED', tone: 'bad', reasons: arms.flatMap(deviation) };
}

/** The verdict of a stress run. */
export function stressVerdict(result: StressResult): VerdictText {
  const { arms, verdict, litmus } = result;
  if (litmus !== undefined) return litmusVerdict(result, litmus);
  if (verdict === 'inconclusive') return inconclusive(result);
  const arm = arms.find(({ isControl }) => !isControl);
  const reasons = arm === undefined ? [] : [`${arm.strategy}: ${seenIn(arm)}.`];
  return verdict === 'clean'
    ? { word: 'CLEAN', tone: 'good', reasons: [...reasons, ...silentPlacements(result)] }
    : { word: 'VIOLATED', tone: 'bad', reasons };
}

/** A zero counts only where a control has violated, and each placement is a race of its own. */
function silentPlacements({ arms, classes = [] }: RunResult): string[] {
  const silent = classes.length < 2 ? [] : silentClasses(arms, classes);
  return silent.length === 0
    ? []
    : [
        `In the ${plural('placement', silent.length)} ${listed(silent)} no control violated, so that a zero there says nothing.`,
      ];
}

/** Louder than anything else: what either engine says is worth nothing then. */
function contradicted(sentences: readonly string[]): VerdictText {
  const so =
    'One of the engines is wrong, or a strategy is not the same in both: trust neither, and report this.';
  return { word: 'CONTRADICTED', tone: 'bad', reasons: [...sentences.map((text) => `${text}.`), so] };
}

function inconclusive(result: RunResult): VerdictText {
  return { word: 'INCONCLUSIVE', tone: 'unsure', reasons: [whyInconclusive(result)] };
}

function seenIn({ violations, trials }: ArmResult): string {
  return `${counted(violations.total, 'violation')} in ${counted(trials, 'trial', short)}`;
}

function asDeclared(arms: readonly ArmResult[]): string {
  const controls = arms.filter(
    ({ verdict, expectation }) => expectation === 'violates' && verdict === 'violated',
  );
  const fixes = arms.filter(({ expectation }) => expectation === 'holds');
  const held = fixes.length === 0 ? '' : `, the ${fixes.length === 1 ? 'fix' : 'fixes'} ${names(fixes)} held`;
  const mute = arms.filter(({ verdict, cannotViolate }) => verdict !== 'violated' && cannotViolate === true);
  const but =
    mute.length === 0
      ? ''
      : `; ${names(mute)}, declared to violate, cannot in this setting, as explore proves`;
  return `The ${plural('control', controls.length)} ${names(controls)} violated${held}${but}.`;
}

function deviation(arm: ArmResult): string[] {
  if (arm.expectation === 'holds' && arm.verdict === 'violated') {
    return [`${arm.strategy} is declared to hold, and has ${seenIn(arm)}.`];
  }
  if (arm.expectation === 'holds' && arm.proof?.verdict === 'violated') {
    return [`${arm.strategy} is declared to hold, and explore has a schedule that violates it.`];
  }
  if (arm.expectation === 'violates' && arm.verdict === 'clean') {
    return [`${arm.strategy} is declared to violate, and has ${seenIn(arm)}.`];
  }
  return [];
}

/** Why nothing can be said, and what to do about it. */
function whyInconclusive(result: RunResult): string {
  const { arms, isInterrupted } = result;
  const controls = arms.filter(({ expectation }) => expectation === 'violates');
  const silent = controls.filter(({ violations }) => violations.total === 0);
  const untried = arms.filter(({ trials }) => trials === 0);
  const unclear = arms.filter((arm) => arm.verdict === 'inconclusive');
  const groundless = groundsObjection(result.calibration);
  const unused = arms.filter(({ trials, rate }) => trials > 0 && rate.blocks === 0);
  if (isInterrupted && (untried.length > 0 || arms.length === 0)) {
    return 'It was interrupted before every arm had run: let it run to its end.';
  }
  if (untried.length > 0) return `No trials of ${names(untried)}: run longer${longer(result)}.`;
  if (groundless !== undefined) return groundless;
  const vacuous = vacuity(unclear);
  if (vacuous !== undefined) return vacuous;
  if (unclear.length === 0 && result.stopping.isDecided === false) return undecided(result);
  if (unused.length > 0) {
    return `No block of ${names(unused)} counts, see the note: run on a machine with less to do, or longer${longer(result)}.`;
  }
  if (controls.length === 0) {
    return 'No control ran beside it, and a zero without one says nothing: run without --no-control.';
  }
  const mute = silent.filter(({ cannotViolate }) => cannotViolate === true);
  if (mute.length > 0 && silent.length === controls.length) {
    return (
      `The ${plural('control', mute.length)} ${names(mute)} cannot violate in this setting, as explore proves, so that a ` +
      'zero says nothing: take another start or other actors, or name a control that violates here.'
    );
  }
  if (silent.length > 0) {
    const stayed = `The ${plural('control', silent.length)} ${names(silent)} stayed silent`;
    const so =
      silent.length === controls.length ? 'so that a zero says nothing' : 'though declared to violate';
    return `${stayed}, ${so}: ${advice(result)}.`;
  }
  const arm = unclear.length === 0 ? '' : ` on ${names(unclear)}`;
  return `There is too little to judge${arm}: ${advice(result)}.`;
}

/** What was never put to the test, however long it ran; undefined where all was. */
function vacuity(unclear: readonly ArmResult[]): string | undefined {
  const so = 'take another start, other actors, or more pages';
  const fixes = unclear.filter(({ expectation }) => expectation === 'holds');
  for (const { strategy, proof, coverage } of fixes) {
    if (proof?.verdict === 'vacuous') {
      return `Nothing puts ${strategy} to the test here, since ${vacuityReasons(proof).join('; ')}: ${so}.`;
    }
    const idle = coverage?.idle ?? [];
    if (idle.length > 0)
      return `Nothing put ${strategy} to the test: no actor took a step in ${byActor(idle)}: ${so}.`;
  }
  const idle = fixes.filter(({ coverage }) => coverage?.own?.taken === 0);
  return idle.length === 0 ? undefined : `No actor came to a step of ${names(idle)}: ${so}.`;
}

/** The time of `--until decided` was over first. */
function undecided(result: RunResult): string {
  const { config, comparisons, isInterrupted } = result;
  const lengths = comparisons.flatMap(({ silence }) =>
    silence === null ? [] : [silence.lengthMs ?? Infinity],
  );
  const wanted =
    `a ${grouped(config.fold)}-fold reduction was shown for every fix` +
    ((result.places?.length ?? 0) > 1 ? ' in every placement' : '');
  if (isInterrupted) return `It was interrupted before ${wanted}.`;
  const length = Math.max(...lengths, (config.durationMs ?? 0) * 2);
  const starts = Math.max(...comparisons.map(({ silence }) => silence?.starts ?? 0));
  return (
    `The time was over before ${wanted}: give --duration ${runLength(Math.min(length, DURATION_MS_MAX))} ` +
    `${starts === 0 ? '' : `--starts ${starts} `}or longer.`
  );
}

function names(arms: readonly ArmResult[]): string {
  return listed(arms.map(({ strategy }) => strategy));
}

function advice(result: RunResult): string {
  const { trylockFail, delays } = result.config;
  const run = `run longer${longer(result)}`;
  if (trylockFail < TRYLOCK_FAIL) return `${run}, or raise the rate with --trylock-fail ${TRYLOCK_FAIL}`;
  const { widening } = wordsIn(result);
  if (Object.keys(delays).length > 0 || widening === undefined) return run;
  return `${run}, or widen the window with --delay ${widening.point}=${widening.ns}`;
}

function longer({ config: { durationMs, trials } }: RunResult): string {
  if (trials !== null) return ` (--trials ${trialsOption(trials * LONGER)})`;
  if (durationMs === null) return '';
  return ` (--duration ${durationOption(Math.min(durationMs * LONGER, DURATION_MS_MAX))})`;
}
