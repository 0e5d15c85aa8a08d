/** What two profiles of a race window give to be compared: how wide the window is, and where. */
import { rescaledInterval } from '../../stats/rescaled-interval.ts';
import { STARTS_MIN } from '../../stats/start-totals.ts';
import type { WindowPoint, WindowProfile, WindowResult } from '../../stress/window/window-result.ts';
import { type Compared, fact, matched, type Measured, onlyIn, type Parts } from './parts.ts';

/** Of the intervals of points, and their degrees of freedom: those that ten starts leave a rate (rate-interval.ts). */
const POINT = { confidence: 0.95, degrees: 2 } as const;

export function windowParts(a: WindowResult, b: WindowResult): Parts {
  const isFlat = [a, b].some(({ verdict }) => verdict === 'flat');
  const isEarly = a.isInterrupted || b.isInterrupted;
  const { both, onlyA, onlyB } = matched(a.profiles, b.profiles, keyOf);
  return {
    facts: [
      fact(
        { subject: '', what: 'verdict', a: a.verdict, b: b.verdict },
        {
          anyway: isFlat ? 'a profile in which nothing stands out' : null,
          ifDifferent: isEarly ? 'one was ended early' : null,
        },
      ),
    ],
    figures: both.flatMap(([before, after]) => figuresOf(before, after)),
    notes: [
      ...onlyIn('A', onlyA.map(nameOf)),
      ...onlyIn('B', onlyB.map(nameOf)),
      'A peak lies where the curve is not below its top beyond chance, around the highest point.',
    ],
  };
}

/** The control, or what was asked for, where the cores were alike and the same actor came last. */
function keyOf({ strategy, isControl, placement, lastToucher }: WindowProfile): string {
  return JSON.stringify([isControl ? strategy : '', placement.placement ?? '', placement.name, lastToucher]);
}

function nameOf({ strategy, placement, lastToucher }: WindowProfile): string {
  const where = placement.placement ?? (placement.name === 'only' ? '' : placement.name);
  return `${strategy}, ${where === '' ? '' : `${where}, `}${lastToucher} last`;
}

function figuresOf(a: WindowProfile, b: WindowProfile): Compared[] {
  const subject = nameOf(b);
  return [
    { kind: 'ratio', subject, what: 'width of the window', unit: 'ns', a: widthOf(a), b: widthOf(b) },
    ...(a.violations.peak === null || b.violations.peak === null
      ? []
      : [
          {
            kind: 'shift' as const,
            subject,
            what: 'peak of the window at',
            unit: 'ns',
            a: peakOf(a),
            b: peakOf(b),
            scale: a.violations.halfWidthNs ?? a.violations.widthNs,
          },
        ]),
  ];
}

/** The bound of a window that nothing was seen of is not known: there is an interval for each point, and none for all. */
function widthOf({ violations: { total, widthNs, widthInterval } }: WindowProfile): Measured {
  if (total === 0) return { at: () => ({ value: 0, low: 0, high: Infinity }), objection: null };
  if (widthInterval === null) {
    return {
      at: () => ({ value: widthNs, low: 0, high: Infinity }),
      objection: 'too little for an interval of the width',
    };
  }
  const { low, high, confidence, units, count } = widthInterval;
  return {
    at: rescaledInterval({ value: widthNs, low, high, confidence, degrees: count - 1 }),
    objection: units === 'starts' ? null : `fewer than ${STARTS_MIN} starts of the threads: run longer`,
  };
}

/** Where the top may be: from the highest point to either side, as far as points are not below it beyond chance. */
function peakOf({ points, violations }: WindowProfile): Measured {
  const top = points.findIndex(({ offsetNs }) => offsetNs === violations.peak?.offsetNs);
  const at = (index: number): number => points[index]?.offsetNs ?? 0;
  return {
    at: (confidence) => {
      const estimates = points.map((point) => estimateOf(point)(confidence));
      const least = estimates[top]?.low ?? 0;
      const end = (step: 1 | -1): number => {
        let index = top;
        while ((estimates[index + step]?.high ?? -1) >= least) index += step;
        // Between the last point that may be the top, and the next one.
        return points[index + step] === undefined ? step * Infinity : (at(index) + at(index + step)) / 2;
      };
      return { value: at(top), low: end(-1), high: end(1) };
    },
    objection: top < 0 ? 'its peak is none of its points' : null,
  };
}

function estimateOf({ rate, low, high }: WindowPoint): Measured['at'] {
  return rescaledInterval({ value: rate, low, high, ...POINT });
}
