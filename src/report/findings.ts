/**
 * Sentences about a run: what each fix is worth against a control, why the run is not vacuous, what it does not show.
 */
import { countIn, measureOf, type MeasureWords, phrasesOf } from '../scenario/measure.ts';
import { invariantIdsIn, wordsIn } from '../catalog/words.ts';
import type { ArmResult, RunConfig, Stopping } from '../stress/result/result.ts';
import type { Comparison } from '../stress/result/comparison-result.ts';
import { coverageSentences } from './coverage-text.ts';
import { lockOrderSentences } from './lock-order-text.ts';
import { counted, grouped, listed, plural, short } from './number.ts';
import { durationOption } from './rerun-command.ts';
import { isMixed, type RunResult } from './run-header.ts';

/** What `--duration` takes. */
const LENGTH_MS_MAX = 30 * 24 * 3_600_000;
const TOO_LONG = 'over 30 days';
/** A p-value below this says nothing more. */
const P_MIN = 1e-6;
const P_MIN_TEXT = '1e-6';

/** What each fix is worth: against the scenario's control, or against the first control where that did not run. */
export function comparisonSentences(result: RunResult): string[] {
  const { arms, comparisons } = result;
  const reference = referenceControl(result);
  const shown = comparisons.filter(({ control }) => control === reference);
  const mixed = isMixed(result) ? ', over all placements as this run mixed them' : '';
  return shown.flatMap((comparison) => {
    const arm = arms.find(({ strategy }) => strategy === comparison.strategy);
    const control = arms.find(({ strategy }) => strategy === comparison.control);
    if (arm === undefined || control === undefined || arm.expectation !== 'holds') return [];
    const before = `${grouped(control.violations.total)} in ${short(control.trials)}`;
    const seen = `${seenIn(arm)} while ${control.strategy} had ${before}`;
    const sentences = [
      `${arm.strategy}${mixed}: ${seen}: ${reduction(comparison, shown.length)}.`,
      ...silenceSentences(comparison),
      ...throughput(comparison),
    ];
    return sentences.join(' ');
  });
}

/** The scenario's control, or the first one where that did not run; of those that can violate, as far as there are any. */
export function referenceControl(result: RunResult): string | undefined {
  const { arms, comparisons } = result;
  const mute = arms.filter(({ cannotViolate }) => cannotViolate === true);
  const silent = new Set(mute.map(({ strategy }) => strategy));
  const speaking = comparisons.filter(({ control }) => !silent.has(control));
  // Where none can speak the counts are shown all the same.
  const measured = speaking.length > 0 ? speaking : comparisons;
  const controls = new Set(measured.map(({ control }) => control));
  const words = wordsIn(result);
  return controls.has(words.control) ? words.control : [...controls][0];
}

function seenIn({ violations, trials }: ArmResult): string {
  return `${counted(violations.total, 'violation')} in ${counted(trials, 'trial', short)}`;
}

/** The claim with the assumption that it rests on, and what is left of it under the other one. */
function reduction(comparison: Comparison, fixes: number): string {
  const { reductionAtLeast, reductionAtLeastInBursts, pValueHolm, control } = comparison;
  if (reductionAtLeast === null || !(reductionAtLeast > 1)) return 'no reduction is shown';
  const p =
    pValueHolm === null ? '' : `, p ${pValueHolm < P_MIN ? `< ${P_MIN_TEXT}` : `= ${short(pValueHolm)}`}`;
  const family = fixes > 1 ? ` for all ${fixes} fixes together` : '';
  const inBursts =
    reductionAtLeastInBursts === null || !(reductionAtLeastInBursts > 1)
      ? 'none is shown'
      : `${fold(reductionAtLeastInBursts)}-fold`;
  return (
    `at least ${fold(reductionAtLeast)}-fold fewer (95 %${family}${p}) if what is left is spread as the violations of ` +
    `${control} are, ${inBursts} if it came in bursts as large as theirs`
  );
}

function silenceSentences({ silence, control }: Comparison): string[] {
  if (silence === null) return [];
  const { power, powerInBursts, lengthMs, starts, lengthInBurstsMs, startsInBursts } = silence;
  const times = `${grouped(silence.fold)}-fold`;
  return [
    `Had it left 1/${grouped(silence.fold)} of the rate of ${control}, this run would have shown it with probability ` +
      `${probability(power)} (in bursts ${probability(powerInBursts)}).`,
    `A ${times} claim takes a run of ${runText(lengthMs, starts)} (in bursts ${runText(lengthInBurstsMs, startsInBursts)}).`,
  ];
}

/** Never 0 or 1. */
export function probability(value: number): string {
  if (value > 0.999) return '>0.999';
  if (value < 0.001) return '<0.001';
  return value.toFixed(value < 0.0995 || value >= 0.995 ? 3 : 2);
}

function runText(ms: number | null, starts: number | undefined): string {
  const length = runLength(ms);
  return starts === undefined || length === TOO_LONG ? length : `${length} with --starts ${starts}`;
}

/** As `--duration` takes it, rounded up to what one would type. */
export function runLength(ms: number | null): string {
  if (ms === null || ms > LENGTH_MS_MAX) return TOO_LONG;
  const unit = ms > 2 * 3_600_000 ? 3_600_000 : ms > 2 * 60_000 ? 60_000 : 1000;
  return durationOption(Math.ceil(ms / unit) * unit);
}

/** A factor, rounded down: a bound must not be raised by rounding. */
export function fold(factor: number): string {
  if (!Number.isFinite(factor)) return 'infinitely';
  const step = 10 ** Math.max(Math.floor(Math.log10(factor)) - 2, -1);
  const floor = Math.floor(factor / step) * step;
  return factor < 100 ? floor.toFixed(1).replace(/\.0$/, '') : grouped(floor);
}

function throughput({ throughputRatio, control }: Comparison): string[] {
  if (throughputRatio === null) return [];
  const { median, low, high } = throughputRatio;
  return [`Throughput ${short(median)}x of ${control} [${short(low)}, ${short(high)}].`];
}

/** Why a zero in this run means something, or why it does not; and whether the counts agree with each other. */
export function vacuitySentences(result: RunResult): string[] {
  const { schema, arms, config, stopping } = result;
  const { measures } = wordsIn(result);
  const controls = arms.filter(({ expectation }) => expectation === 'violates');
  const fixes = arms.filter(({ expectation, trials }) => expectation === 'holds' && trials > 0);
  // A stress run of a control alone has no zero to defend.
  const isControlOnly = schema === 'ebtorture.stress/1' && controls.length === arms.length;
  return [
    ...(isControlOnly ? [] : [controlSentence(controls)]),
    ...fixes.flatMap((arm) => raceSentence(arm, measures)),
    ...arms.flatMap(changeSentence),
    ...overlapSentence(arms),
    ...delaySentence(config),
    outcomeSentence(arms),
    ...coverageSentences(arms, invariantIdsIn(result)),
    ...lockOrderSentences(arms),
    ...stoppingSentence(stopping),
  ];
}

function controlSentence(controls: readonly ArmResult[]): string {
  const silent = controls.filter(({ violations }) => violations.total === 0);
  const violated = controls.filter(({ violations }) => violations.total > 0);
  const times = violated.map(
    ({ strategy, violations }) => `${strategy} ${counted(violations.total, 'time')}`,
  );
  if (controls.length === 0)
    return 'Vacuous: no control ran, so nothing shows that the race was there to be hit.';
  if (violated.length === 0) {
    const so = silent.every(({ cannotViolate }) => cannotViolate === true)
      ? 'cannot violate in this setting'
      : 'never violated';
    return `Vacuous: ${names(silent)} ${so}, so that a zero means nothing.`;
  }
  const but = silent.length === 0 ? '' : `, but ${names(silent)} never did`;
  return `Not vacuous: the ${plural('control', violated.length)} violated (${times.join(', ')})${but}.`;
}

/** Whether a fix has met the race, as far as the scenario measures that. */
function raceSentence(arm: ArmResult, measures: readonly MeasureWords[]): string[] {
  const seen = [measureOf(measures, 'met'), measureOf(measures, 'mended')].flatMap((measure) =>
    measure === undefined ? [] : [{ ...phrasesOf(measure), count: countIn(arm, measure) }],
  );
  const [first] = seen;
  if (first === undefined) return [];
  if (seen.every(({ count }) => count === 0)) return [`${arm.strategy} never met the race: ${first.never}.`];
  const times = seen.map(({ happened, count }) => `${happened} ${counted(count, 'time')}`);
  return [`${arm.strategy} met the race: ${times.join(', and ')}.`];
}

/** Whether a mutant was one. */
function changeSentence({ strategy, changes }: ArmResult): string[] {
  if (changes === undefined) return [];
  return [
    changes === 0
      ? `Vacuous: no actor came to the changed step of ${strategy}, which ran as the unchanged strategy.`
      : `Actors came to the changed step of ${strategy} ${counted(changes, 'time')}.`,
  ];
}

/** Whether the actors ran side by side, as far as each block's round trip tells. */
function overlapSentence(arms: readonly ArmResult[]): string[] {
  const blocks = arms.flatMap(({ blockResults }) => blockResults);
  if (blocks.length === 0) return [];
  const met = blocks.filter(({ roundTripNs }) => roundTripNs !== null).length;
  return [`The actors answered each other in ${grouped(met)} of ${counted(blocks.length, 'block')}.`];
}

/** A run that ends on what it sees must pay for every look. */
function stoppingSentence({ rule, looks }: Stopping): string[] {
  if (rule !== 'decided') return [];
  return [
    `The counts were looked at ${counted(looks, 'time')}, at points fixed in advance; every interval and ` +
      'claim is widened so that those of all looks together hold with 95 %.',
  ];
}

/** A delay loop that the compiler removed would hold nobody up. */
function delaySentence({ amplification }: RunConfig): string[] {
  const isTimed = amplification.some((kind) => kind !== 'trylock-failing');
  return isTimed ? ['Every thread timed its delay loop before it used it.'] : [];
}

function names(arms: readonly ArmResult[]): string {
  const noun = plural('control', arms.length);
  return `the ${noun} ${listed(arms.map(({ strategy }) => strategy))}`;
}

function outcomeSentence(arms: readonly ArmResult[]): string {
  const off = arms.filter(
    ({ outcomes, trials }) => Object.values(outcomes).reduce((sum, { count }) => sum + count, 0) !== trials,
  );
  if (off.length === 0) return 'Every trial was judged: the outcomes of every arm add up to its trials.';
  return `The outcomes of ${listed(off.map(({ strategy }) => strategy))} DO NOT add up to the trials: do not trust this run.`;
}

/** What must not be read into a zero; nothing if there is none. */
export function zeroCaveat({ arms }: RunResult): string[] {
  const isZero = arms.some(({ trials, violations }) => trials > 0 && violations.total === 0);
  if (!isZero) return [];
  return ['A zero bounds the rate on this machine in this setting; it is not a proof.'];
}
