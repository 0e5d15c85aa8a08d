/**
 * Whether figures have changed. Within the margin as a whole interval: the same. Beyond chance over all figures of the two results (Holm):
 * different. Else nothing is told: that no difference was found is not that there is none.
 */
import { holmAdjusted } from '../../stats/holm.ts';
import { type Estimate, independentRatio, smallestAlpha } from '../../stats/independent-ratio.ts';
import type { DiffEstimate, DiffFigure } from './diff-result.ts';
import type { Compared, ComparedRatio, ComparedShift } from './parts.ts';

/** Of each interval. */
export const CONFIDENCE = 0.95;

/** A figure before it is known what others there are. */
type Judged = Omit<DiffFigure, 'pValueHolm' | 'verdict'> & {
  readonly isWithin: boolean;
  readonly hasEvents: boolean;
};

/** Judges all figures of two results together; `margin` as in `DiffResult`. */
export function judged(figures: readonly Compared[], margin: number): DiffFigure[] {
  const all = figures.map((figure) =>
    figure.kind === 'ratio' ? ratioOf(figure, margin) : shiftOf(figure, margin),
  );
  const adjusted = [...holmAdjusted(all.flatMap(({ pValue }) => pValue ?? []))];
  return all.map((each) => settled(each, each.pValue === null ? null : (adjusted.shift() ?? null)));
}

function settled({ isWithin, hasEvents, ...figure }: Judged, pValueHolm: number | null): DiffFigure {
  const isBeyondChance = pValueHolm !== null && pValueHolm <= 1 - CONFIDENCE;
  const told = isWithin ? 'same' : isBeyondChance ? 'different' : 'not-told';
  const verdict = hasEvents ? told : 'no-events';
  const reason = figure.reason ?? 'the interval reaches beyond the margin, and no change is beyond chance';
  return { ...figure, pValueHolm, verdict, reason: verdict === 'not-told' ? reason : null };
}

function ratioOf(figure: ComparedRatio, margin: number): Judged {
  const { subject, what, unit, a, b, ratioAt } = figure;
  const objection = a.objection ?? b.objection;
  const [before, after] = [a.at(CONFIDENCE), b.at(CONFIDENCE)];
  const hasEvents = before.value > 0 || after.value > 0 || a.isSeen === true || b.isSeen === true;
  const common = {
    subject,
    what,
    unit,
    a: estimateOf(before),
    b: estimateOf(after),
    margin: 1 + margin,
    hasEvents,
  };
  const found =
    ratioAt === undefined ? independentRatio({ a: a.at, b: b.at, confidence: CONFIDENCE }) : toldOf(ratioAt);
  if (found === undefined || objection !== null) {
    return { ...common, change: null, pValue: null, isWithin: false, reason: objection };
  }
  const { ratio, low, high, pValue } = found;
  return {
    ...common,
    change: { kind: 'ratio', value: ratio, from: finite(low), to: finite(high) },
    pValue,
    isWithin: low >= 1 / (1 + margin) && high <= 1 + margin,
    reason: null,
  };
}

function toldOf(ratioAt: NonNullable<ComparedRatio['ratioAt']>): ReturnType<typeof independentRatio> {
  return {
    ...ratioAt(CONFIDENCE),
    pValue: smallestAlpha((alpha) => {
      const { low, high } = ratioAt(1 - alpha);
      return low > 1 || high < 1;
    }),
  };
}

/** Both positions lie anywhere in their intervals, so that their distance reaches from one's end to the other's. */
function shiftOf(figure: ComparedShift, margin: number): Judged {
  const { subject, what, unit, a, b, scale } = figure;
  const at = (confidence: number): { readonly low: number; readonly high: number } => {
    const [before, after] = [a.at(confidence), b.at(confidence)];
    return { low: after.low - before.high, high: after.high - before.low };
  };
  const [before, after] = [a.at(CONFIDENCE), b.at(CONFIDENCE)];
  const objection = a.objection ?? b.objection;
  const { low, high } = at(CONFIDENCE);
  const room = margin * scale;
  return {
    subject,
    what,
    unit,
    a: estimateOf(before),
    b: estimateOf(after),
    margin: room,
    hasEvents: true,
    change:
      objection === null
        ? { kind: 'shift', value: after.value - before.value, from: finite(low), to: finite(high) }
        : null,
    pValue:
      objection === null
        ? smallestAlpha((alpha) => {
            const wider = at(1 - alpha);
            return wider.low > 0 || wider.high < 0;
          })
        : null,
    isWithin: objection === null && low >= -room && high <= room,
    reason: objection,
  };
}

function estimateOf({ value, low, high }: Estimate): DiffEstimate {
  return { value, from: finite(low), to: finite(high) };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
