/** Sentences about several instances and several placements: what instances do to each other, and what holds in which placement. */
import type { ArmResult } from '../stress/result/result.ts';
import type { ClassClaim, ClassResult } from '../stress/result/class-result.ts';
import type { Disturbance } from '../stress/result/disturbance.ts';
import type { Rate } from '../stress/result/rate.ts';
import { STARTS_MIN } from '../stats/start-totals.ts';
import { fold } from './findings.ts';
import { counted, listed, short } from './number.ts';

/** What instances do to each other: of every arm that had one of them alone in enough blocks. */
export function disturbanceSentences(arms: readonly ArmResult[]): string[] {
  if (arms.every(({ instances }) => instances === undefined)) return [];
  const found = arms.flatMap(({ strategy, disturbance }) =>
    disturbance === undefined ? [] : [{ strategy, ...disturbance }],
  );
  if (found.length === 0) {
    return [
      'What instances do to each other is not known: too few blocks had one of them alone. Run for longer.',
    ];
  }
  const speeds = found.map(({ strategy, throughput }) => {
    const { median, low, high } = throughput;
    return `${strategy} ${short(median)} [${short(low)}, ${short(high)}]`;
  });
  const rates = found.flatMap(({ strategy, rate }) =>
    rate === null ? [] : [`${strategy} ${rateText(rate)}`],
  );
  const starts = Math.min(...found.map((each) => each.starts));
  const basis = starts === 0 ? 'of these starts alone' : `95 %, ${counted(starts, 'start')} of the threads`;
  const perTrial =
    rates.length === 0 ? '' : `; its rate per trial, over that of the same one alone: ${listed(rates)}`;
  return [
    `What instances do to each other (${basis}): an instance beside all others makes, of its trials per second alone, ` +
      `${listed(speeds)}${perTrial}.`,
  ];
}

/** A ratio of rates with its interval; only one end where nothing was violated on one side. */
function rateText({ ratio, low, high }: NonNullable<Disturbance['rate']>): string {
  if (high === null) return `at least ${short(low)}`;
  return ratio === null || ratio === 0
    ? `at most ${short(high)}`
    : `${short(ratio)} [${short(low)}, ${short(high)}]`;
}

/** What the starts of each placement show of each fix, against the control that is spoken of. */
export function classSentences(
  arms: readonly ArmResult[],
  classes: readonly ClassResult[],
  control: string | undefined,
): string[] {
  if (classes.length < 2) return [];
  const fixes =
    control === undefined
      ? []
      : arms.filter(({ expectation, trials }) => expectation === 'holds' && trials > 0);
  const few = classes.filter((each) => each.arms.some((arm) => arm !== null && isOfFew(arm.rate)));
  const sentences = fixes.map(({ strategy }) => {
    const shown = classes.map((each) => {
      const claim = each.claims.find((one) => one.strategy === strategy && one.control === control);
      return `${each.placement} ${claimText(claim)}`;
    });
    return (
      `${strategy} against ${control} by placement, each from its own starts (95 % for all of them together; in brackets if what is ` +
      `left came in bursts): ${shown.join('; ')}.`
    );
  });
  return few.length === 0 ? sentences : [...sentences, fewSentence(few, classes)];
}

/** Whether the starts of a rate are too few to say how the next one would differ. */
function isOfFew({ blocks, starts }: Rate): boolean {
  return blocks > 0 && starts === 0;
}

function fewSentence(few: readonly ClassResult[], classes: readonly ClassResult[]): string {
  return (
    `What is said of ${listed(few.map(({ placement }) => placement))} holds for ${few.length === 1 ? 'its' : 'their'} starts of the threads alone, which ` +
    `are too few: run for longer, or with --starts ${STARTS_MIN * classes.length}.`
  );
}

function claimText(claim: ClassClaim | undefined): string {
  const { reductionAtLeast = null, reductionAtLeastInBursts = null } = claim ?? {};
  if (reductionAtLeast === null || !(reductionAtLeast > 1)) return 'no reduction is shown';
  const inBursts = reductionAtLeastInBursts ?? 0;
  return `at least ${fold(reductionAtLeast)}-fold fewer (${inBursts > 1 ? fold(inBursts) : 'none'})`;
}

/** Placements in which a zero says nothing, as no control violated there in a block that counts. */
export function silentClasses(arms: readonly ArmResult[], classes: readonly ClassResult[]): string[] {
  const controls = arms.flatMap(({ expectation }, arm) => (expectation === 'violates' ? [arm] : []));
  return classes
    .filter((each) => controls.every((arm) => (each.arms[arm]?.rate.perMillion ?? 0) === 0))
    .map(({ placement }) => placement);
}
