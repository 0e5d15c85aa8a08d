/** What two runs of interleaved blocks give to be compared, arm by arm. */
import { blockTotals } from '../../stats/block.ts';
import { median } from '../../stats/quantile.ts';
import { rateInterval } from '../../stats/rate-interval.ts';
import { STARTS_MIN, startTotals } from '../../stats/start-totals.ts';
import { welchRatio } from '../../stats/welch-ratio.ts';
import { isUsed, samples } from '../../stress/result/block-samples.ts';
import type { ArmProof, ArmResult, CompareResult, StressResult } from '../../stress/result/result.ts';
import type { ExplainResult } from '../explain-result.ts';
import type { DiffFact } from './diff-result.ts';
import { type Compared, fact, matched, type Measured, onlyIn, type Parts } from './parts.ts';
import { searchFacts } from './search-facts.ts';

const PER_MILLION = 1e6;

type Run = CompareResult | StressResult | ExplainResult;

/** That of two of the same command. */
export function runParts(a: Run, b: Run): Parts {
  const { both, onlyA, onlyB } = armsOf(a, b);
  return {
    facts: [
      verdictFact(a, b),
      ...both.flatMap(([before, after]) => [armFact(before, after), ...proofFacts(before, after)]),
    ],
    figures: both.flatMap(([before, after]) => figuresOf([a, before], [b, after])),
    notes: [
      ...onlyIn('A', onlyA.map(nameOf)),
      ...onlyIn('B', onlyB.map(nameOf)),
      'Rates and times are those of two runs: what the host did meanwhile, and where it had its cores, is in their difference. To compare two builds, measure both in one run: npm run bench:compare.',
    ],
  };
}

/** By strategy; what was tried in `stress` or `explain` is compared even if it has another name. */
function armsOf(a: Run, b: Run): ReturnType<typeof matched<ArmResult>> {
  if (a.schema === 'ebtorture.compare/1') return matched(a.arms, b.arms, ({ strategy }) => strategy);
  return matched(a.arms, b.arms, ({ strategy, isControl }) => (isControl ? strategy : ''));
}

function nameOf({ strategy }: ArmResult): string {
  return strategy;
}

function verdictFact(a: Run, b: Run): DiffFact {
  const isOpen = [a, b].some(({ verdict }) => OPEN.has(verdict));
  const isEarly = [a, b].some(({ isInterrupted }) => isInterrupted);
  // That threads came to a violation to explain is chance, as it is that they did not.
  const isChance =
    a.schema === 'ebtorture.explain/1' && ![a, b].some(({ verdict }) => verdict === 'contradicted');
  return fact(
    { subject: '', what: 'verdict', a: a.verdict, b: b.verdict },
    {
      anyway: isOpen ? 'a run that shows nothing' : null,
      ifDifferent: isChance ? 'chance leads to a violation, or not' : isEarly ? 'one was ended early' : null,
    },
  );
}

/** Verdicts that say nothing. */
const OPEN: ReadonlySet<string> = new Set(['inconclusive', 'unexplained']);

/** A violation of what should hold is one, however rare; that a control stays silent is a matter of its rate. */
function armFact(a: ArmResult, b: ArmResult): DiffFact {
  const isOpen = [a, b].some(({ verdict }) => OPEN.has(verdict));
  return fact(
    { subject: b.strategy, what: 'verdict', a: a.verdict, b: b.verdict },
    { anyway: isOpen ? 'an arm that shows nothing' : null },
  );
}

function proofFacts(a: ArmResult, b: ArmResult): DiffFact[] {
  if (a.proof === undefined || b.proof === undefined) return [];
  return searchFacts(b.strategy, proofOf(a.proof), proofOf(b.proof));
}

function proofOf({ verdict, complete, states, invariants }: ArmProof): Parameters<typeof searchFacts>[1] {
  return { verdict, isComplete: complete, states, invariants };
}

function figuresOf(
  [a, before]: readonly [Run, ArmResult],
  [b, after]: readonly [Run, ArmResult],
): Compared[] {
  const rates = [rateOf(a, before), rateOf(b, after)] as const;
  const speeds = [speedsOf(before), speedsOf(after)] as const;
  const subject = after.strategy;
  const found: Compared[] = [];
  if (rates[0] !== undefined && rates[1] !== undefined) {
    found.push({
      kind: 'ratio',
      subject,
      what: 'violations',
      unit: 'per million trials',
      a: rates[0],
      b: rates[1],
    });
  }
  const [one, other] = speeds;
  if (one !== undefined && other !== undefined) {
    found.push({
      kind: 'ratio',
      subject,
      what: 'trials',
      unit: 'per second',
      a: one.measured,
      b: other.measured,
      ratioAt:
        one.measured.objection === null && other.measured.objection === null
          ? (confidence) => welchRatio({ a: one.logs, b: other.logs, confidence })
          : undefined,
    });
  }
  return found;
}

/** Violations per million trials of an arm; undefined without a block that counts. */
function rateOf(run: Run, arm: ArmResult): Measured | undefined {
  const blocks = samples(arm.blockResults);
  const { trials, hits } = blockTotals(blocks);
  if (trials === 0) return undefined;
  const starts = startTotals(blocks);
  // An arm of zeros has no design effect of its own: its run has given it one.
  const designEffect = hits === 0 ? (arm.rate.designEffect ?? undefined) : undefined;
  const units = starts.length < STARTS_MIN ? blocks : starts;
  const isLeftOut = hits === 0 && arm.violations.total > 0;
  return {
    at: (confidence) => {
      const { rate, low, high } = rateInterval({ blocks: units, confidence, designEffect });
      return { value: rate * PER_MILLION, low: low * PER_MILLION, high: high * PER_MILLION };
    },
    // Of a zero beside violations in blocks that count for no rate no bound holds.
    objection: endedByViolation(run) ?? (isLeftOut ? LEFT_OUT : tooFew(starts.length)),
    ...(isLeftOut && { isSeen: true }),
  };
}

const LEFT_OUT = 'violations in blocks alone that count for no rate';

/** Such a run stops when it is ahead of its rate. */
function endedByViolation(run: Run): string | null {
  if (run.schema === 'ebtorture.explain/1') return 'a run that ends at its first violation has no rate';
  const { stopping, arms } = run;
  const isEnded =
    stopping.rule === 'violation' &&
    arms.some(({ expectation, violations }) => expectation === 'holds' && violations.total > 0);
  return isEnded ? 'a run that its first violation has ended has no rate' : null;
}

function tooFew(starts: number): string | null {
  return starts >= STARTS_MIN
    ? null
    : `${starts} ${starts === 1 ? 'start' : 'starts'} of the threads with blocks that count, and ${STARTS_MIN} are the least: run longer, or with --starts`;
}

/** Trials per second: the logarithms of the medians over the blocks of each start. */
function speedsOf({
  blockResults,
}: ArmResult): { readonly logs: readonly number[]; readonly measured: Measured } | undefined {
  const byStart = new Map<number, number[]>();
  for (const block of blockResults.filter((each) => isUsed(each) && each.seconds > 0)) {
    const speeds = byStart.get(block.start) ?? [];
    byStart.set(block.start, speeds);
    speeds.push(Math.log(block.trials / block.seconds));
  }
  const logs = [...byStart.values()].map(median);
  if (logs.length === 0) return undefined;
  // Against one that is exact, so that the interval is its own.
  const at = (confidence: number): ReturnType<Measured['at']> => {
    if (logs.length === 1) return { value: Math.exp(logs[0] ?? 0), low: 0, high: Infinity };
    const { ratio, low, high } = welchRatio({ a: [0, 0], b: logs, confidence });
    return { value: ratio, low, high };
  };
  return { logs, measured: { at, objection: tooFew(logs.length) } };
}
