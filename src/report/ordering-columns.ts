/** One column per ordering on the page of a decision: what explore says in each, and what threads have shown where they have it. */
import { type Ordering, ORDERINGS } from '../memory/ordering.ts';
import type { ArmBound, ArmOrdering, ArmResult, CompareResult } from '../stress/result/result.ts';
import { isSeenOnly } from './arm-table.ts';
import { calibrationLines } from './calibration-text.ts';
import { listed, short, UNKNOWN } from './number.ts';
import { orderingText } from './ordering-text.ts';
import type { Tone } from './paint.ts';
import type { Column } from './text-table.ts';

/** A column with what stands in it. */
export interface OrderingColumn {
  readonly column: Column & { readonly group: string };
  readonly cellOf: (arm: ArmResult) => { readonly text: string; readonly tone: Tone };
}

/** Those of a result whose arms have orderings: of explore, then of threads; none of another one. */
export function orderingColumns(arms: readonly ArmResult[]): readonly OrderingColumn[] {
  if (arms.every(({ orderings }) => orderings === undefined)) return [];
  const played = ORDERINGS.filter((ordering) =>
    arms.some((arm) => inOrdering(arm, ordering)?.hardware !== undefined),
  );
  return [
    ...ORDERINGS.map((ordering): OrderingColumn => ({
      column: { header: SHORT[ordering], align: 'left', group: 'explore' },
      cellOf: (arm) => proofCell(arm, inOrdering(arm, ordering)),
    })),
    ...played.map((ordering): OrderingColumn => ({
      column: { header: SHORT[ordering], align: 'right', group: 'threads, /M' },
      cellOf: (arm) => hardwareCell(arm, inOrdering(arm, ordering)?.hardware),
    })),
  ];
}

/** As a column is headed. */
const SHORT: Readonly<Record<Ordering, string>> = { sc: 'sc', x86: 'x86', 'lkmm-stores': 'lkmm' };

function inOrdering({ orderings = [] }: ArmResult, ordering: Ordering): ArmOrdering | undefined {
  return orderings.find((each) => each.ordering === ordering);
}

function proofCell({ expectation }: ArmResult, found: ArmOrdering | undefined): { text: string; tone: Tone } {
  const proof = found?.proof;
  if (proof === undefined) return { text: UNKNOWN, tone: 'unsure' };
  const isViolated = proof.verdict === 'violated';
  const text = isViolated ? proof.invariants.join(',') : proof.verdict;
  if (!isViolated && proof.verdict !== 'holds') return { text, tone: 'unsure' };
  return { text, tone: isViolated === (expectation === 'violates') ? 'good' : 'bad' };
}

/** A rate, or the bound of a zero that says something. */
function hardwareCell({ expectation }: ArmResult, bound: ArmBound | undefined): { text: string; tone: Tone } {
  if (bound === undefined) return { text: UNKNOWN, tone: 'unsure' };
  const { verdict, violations, rate } = bound;
  if (verdict === 'inconclusive') return { text: `${violations.total}?`, tone: 'unsure' };
  const isViolated = violations.total > 0;
  const counted = isSeenOnly(rate, violations.total) ? 'seen' : short(rate.perMillion);
  const text = isViolated ? counted : `<${short(rate.high)}`;
  return { text, tone: isViolated === (expectation === 'violates') ? 'good' : 'bad' };
}

/** What the columns are, and which strategy does not keep in one ordering what it promises. A paragraph each. */
export function orderingNotes(arms: readonly ArmResult[]): string[] {
  const columns = orderingColumns(arms);
  if (columns.length === 0) return [];
  return [
    'explore: sc, every store is visible at once; x86, a proof under x86-TSO; lkmm, with stores delayed as the Linux memory model ' +
      'allows, where holds is no violation from delayed stores: the order of two loads is not searched. threads: violations per ' +
      'million trials, or the bound of none; a ? is a count that is inconclusive. No column is added to another.',
    ...orderingViolations(arms),
  ];
}

/** What threads showed before they ran in another ordering than that of the run; nothing where none did. */
export function otherCalibrationLines({ arms, config }: CompareResult): string[] {
  const own = config.ordering ?? 'sc';
  const others = arms[0]?.orderings?.filter(({ ordering }) => ordering !== own) ?? [];
  return calibrationLines(
    others.find(({ hardware }) => hardware?.calibration !== undefined)?.hardware?.calibration,
  );
}

/** The sentences that say which strategy does not keep in one ordering what it promises. */
export function orderingViolations(arms: readonly ArmResult[]): string[] {
  return ORDERINGS.flatMap((ordering) => {
    const broken = arms.flatMap((arm) => {
      const found = inOrdering(arm, ordering);
      const { byInvariant = {} } = found?.hardware?.verdict === 'violated' ? found.hardware.violations : {};
      const ids = [...new Set([...(found?.proof?.invariants ?? []), ...Object.keys(byInvariant)])];
      return arm.expectation === 'holds' && ids.length > 0 ? [`${arm.strategy} (${ids.join(', ')})`] : [];
    });
    return broken.length === 0
      ? []
      : [`Declared to hold, and violated ${orderingPhrase(ordering)}: ${listed(broken)}.`];
  });
}

/** In which ordering, of any of them. */
export function orderingPhrase(ordering: Ordering): string {
  return ordering === 'sc' ? 'with every store visible at once' : orderingText(ordering);
}
