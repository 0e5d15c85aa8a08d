/**
 * Sentences about a run: what each fix is worth against a control, why the run is not vacuous, what it does not show.
 */
import type { ArmResult, Comparison } from '../stress/result.ts';
import { counted, grouped, listed, percent, plural, short } from './number.ts';
import { CONTROL } from './run-defaults.ts';
import type { RunResult } from './run-header.ts';

/** A p-value below this says nothing more. */
const P_MIN = 1e-6;
const P_MIN_TEXT = '1e-6';

/** One sentence per fix: against the kernel before the fix, or against the first control where that did not run. */
export function comparisonSentences({ arms, comparisons }: RunResult): string[] {
  const controls = new Set(comparisons.map(({ control }) => control));
  const reference = controls.has(CONTROL) ? CONTROL : [...controls][0];
  const shown = comparisons.filter(({ control }) => control === reference);
  return shown.flatMap((comparison) => {
    const arm = arms.find(({ strategy }) => strategy === comparison.strategy);
    const control = arms.find(({ strategy }) => strategy === comparison.control);
    if (arm === undefined || control === undefined || arm.expectation !== 'holds') return [];
    const before = `${grouped(control.violations.total)} in ${short(control.trials)}`;
    const seen = `${seenIn(arm)} while ${control.strategy} had ${before}`;
    return `${arm.strategy}: ${seen}: ${reduction(comparison, arm)}${throughput(comparison)}.`;
  });
}

function seenIn({ violations, trials }: ArmResult): string {
  return `${counted(violations.total, 'violation')} in ${counted(trials, 'trial', short)}`;
}

function reduction({ reductionAtLeast, pValue }: Comparison, { rate }: ArmResult): string {
  if (reductionAtLeast === null || !(reductionAtLeast > 1)) return 'no reduction is shown';
  const p = pValue === null ? '' : `, p ${pValue < P_MIN ? `< ${P_MIN_TEXT}` : `= ${short(pValue)}`}`;
  return `at least ${fold(reductionAtLeast)}-fold fewer (${percent(rate.confidence)}${p})`;
}

/** Rounded down: a bound must not be raised by rounding. */
function fold(factor: number): string {
  if (!Number.isFinite(factor)) return 'infinitely';
  const step = 10 ** Math.max(Math.floor(Math.log10(factor)) - 2, -1);
  const floor = Math.floor(factor / step) * step;
  return factor < 100 ? floor.toFixed(1).replace(/\.0$/, '') : grouped(floor);
}

function throughput({ throughputRatio, control }: Comparison): string {
  if (throughputRatio === null) return '';
  const { median, low, high } = throughputRatio;
  return `, throughput ${short(median)}x of ${control} [${short(low)}, ${short(high)}]`;
}

/** Why a zero in this run means something, or why it does not; and whether the counts agree with each other. */
export function vacuitySentences({ schema, arms }: RunResult): string[] {
  const controls = arms.filter(({ expectation }) => expectation === 'violates');
  const fixes = arms.filter(({ expectation, trials }) => expectation === 'holds' && trials > 0);
  // A stress run of a control alone has no zero to defend.
  const isControlOnly = schema === 'ebtorture.stress/1' && controls.length === arms.length;
  return [
    ...(isControlOnly ? [] : [controlSentence(controls)]),
    ...fixes.map(raceSentence),
    outcomeSentence(arms),
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
  if (violated.length === 0) return `Vacuous: ${names(silent)} never violated, so that a zero means nothing.`;
  const but = silent.length === 0 ? '' : `, but ${names(silent)} never did`;
  return `Not vacuous: the ${plural('control', violated.length)} violated (${times.join(', ')})${but}.`;
}

function raceSentence({ strategy, treeRefStripped, rescues }: ArmResult): string {
  if (treeRefStripped === 0 && rescues === 0) {
    return `${strategy} never met the race: no TREE_REF was stripped from a live user.`;
  }
  return (
    `${strategy} met the race: TREE_REF was stripped from a live user ` +
    `${counted(treeRefStripped, 'time')}, and put back before the read ${counted(rescues, 'time')}.`
  );
}

function names(arms: readonly ArmResult[]): string {
  const noun = plural('control', arms.length);
  return `the ${noun} ${listed(arms.map(({ strategy }) => strategy))}`;
}

function outcomeSentence(arms: readonly ArmResult[]): string {
  const off = arms.filter(
    ({ outcomes, trials }) => Object.values(outcomes).reduce((sum, { count }) => sum + count, 0) !== trials,
  );
  if (off.length === 0) return 'The outcomes of every arm add up to its trials.';
  return `The outcomes of ${listed(off.map(({ strategy }) => strategy))} DO NOT add up to the trials: do not trust this run.`;
}

/** What must not be read into a zero; nothing if there is none. */
export function zeroCaveat({ arms }: RunResult): string[] {
  const isZero = arms.some(({ trials, violations }) => trials > 0 && violations.total === 0);
  if (!isZero) return [];
  return ['A zero bounds the rate on this machine in this setting; it is not a proof.'];
}
