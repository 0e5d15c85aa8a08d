/**
 * The race window: shares of the trials by start offset, what a fix put right over what the control violated at the same offsets.
 * Scaled by the curves: an interval that reaches beyond them is cut off.
 */
import * as Plot from '@observablehq/plot';
import { labelOf, type MeasureWords, phrasesOf, valueOf } from '../../../scenario/measure.ts';
import type { WindowPoint, WindowProfile, WindowResult } from '../../../stress/window/window-result.ts';
import { listed, share, short } from '../../number.ts';
import { isSamePlacement, placementName } from '../../window-placement.ts';
import { shownSpan, type WindowCurves, windowCurves } from '../../window-plots.ts';
import { tableMarkup } from '../table.ts';
import { AXIS, drawn, type Format } from './drawing.ts';

const HEIGHT: Readonly<Record<Format, number>> = { wide: 260, narrow: 220 };
const TICKS: Readonly<Record<Format, number>> = { wide: 9, narrow: 5 };
/** Above the highest point of a curve. */
const HEADROOM = 1.06;
const FLAT = 1e-9;

/** One line of a chart. */
interface Curve {
  readonly name: string;
  /** Its class: `control`, `fix` or `met`. */
  readonly kind: 'control' | 'fix' | 'met';
  readonly points: readonly CurvePoint[];
}

interface CurvePoint {
  readonly offsetNs: number;
  readonly trials: number;
  readonly count: number;
  readonly rate: number;
  readonly interval: readonly [number, number] | null;
}

/** A chart for each placement and last toucher. */
export function windowCharts(result: WindowResult): string[] {
  const of = windowCurves(result);
  return of.profiles.map((profile) => {
    const here = of.profiles.filter(({ placement }) => isSamePlacement(placement, profile.placement));
    const span = shownSpan(here, result) ?? result.config.rangeNs;
    return profileChart(result, { profile, curves: curvesOf(result, profile, of), span });
  });
}

/** What is drawn of a profile, with the control that ran at the same offsets. */
function curvesOf(
  { profiles }: WindowResult,
  profile: WindowProfile,
  { mended, met }: WindowCurves,
): Curve[] {
  const control = profiles.find(
    ({ isControl, placement, lastToucher }) =>
      isControl && isSamePlacement(placement, profile.placement) && lastToucher === profile.lastToucher,
  );
  const broken = mended === undefined ? profile : control;
  return [
    ...(met === undefined ? [] : [measured(profile, met, 'met')]),
    ...(broken === undefined
      ? []
      : [
          {
            name: `${broken.strategy} violated`,
            kind: 'control' as const,
            points: pointsOf(broken, ({ hits }) => hits, true),
          },
        ]),
    ...(mended === undefined ? [] : [measured(profile, mended, 'fix')]),
  ];
}

function measured(profile: WindowProfile, measure: MeasureWords, kind: 'fix' | 'met'): Curve {
  const { strategy } = profile;
  const what = kind === 'fix' ? phrasesOf(measure).share : labelOf(measure);
  return {
    name: `${strategy}: ${what}`,
    kind,
    points: pointsOf(profile, (point) => valueOf(point, 'window', measure) ?? 0, false),
  };
}

function pointsOf(
  { points }: WindowProfile,
  countOf: (point: WindowPoint) => number,
  hasInterval: boolean,
): CurvePoint[] {
  return points
    .filter(({ trials }) => trials > 0)
    .map((point) => {
      const { offsetNs, trials, low, high } = point;
      const count = countOf(point);
      return {
        offsetNs,
        trials,
        count,
        rate: count / trials,
        interval: hasInterval && count > 0 ? ([low, high] as const) : null,
      };
    })
    .toSorted((one, other) => one.offsetNs - other.offsetNs);
}

interface ChartParts {
  readonly profile: WindowProfile;
  readonly curves: readonly Curve[];
  readonly span: readonly [number, number];
}

function profileChart(result: WindowResult, { profile, curves, span: [from, to] }: ChartParts): string {
  const shown = curves.map((curve) => ({
    ...curve,
    points: curve.points.filter(({ offsetNs }) => offsetNs >= from && offsetNs <= to),
  }));
  const top = shown
    .flatMap(({ points }) => points.map(({ rate }) => rate))
    .reduce((most, rate) => Math.max(most, rate), FLAT);
  return drawn({
    caption: captionOf(result, profile),
    legend: shown.map(({ kind, name }) => [`line ${kind}`, name] as const),
    plot: (format) =>
      windowPlot({ curves: shown, span: [from, to], top, who: result.calibration.shifted, format }),
    numbers: numbersTable(shown),
  });
}

function captionOf(
  { expectation }: WindowResult,
  { placement, lastToucher, violations, strategy }: WindowProfile,
): string {
  const { widthNs, widthInterval } = violations;
  const width =
    expectation === 'holds' || widthInterval === null
      ? ''
      : `; the window of ${strategy} is ${short(widthNs)} ns [${short(widthInterval.low)}, ${short(widthInterval.high)}] wide`;
  const name = placementName(placement);
  const where = name === '' ? '' : `${name}, `;
  return `Share of the trials by start offset: ${where}round trip ${short(placement.roundTripNs)} ns, ${lastToucher} last${width}.`;
}

function windowPlot({
  curves,
  span,
  top,
  who,
  format,
}: Pick<ChartParts, 'curves' | 'span'> & {
  readonly top: number;
  readonly who: readonly string[];
  readonly format: Format;
}): Plot.PlotOptions {
  const high = top * HEADROOM;
  const within = (value: number): number => Math.min(high, Math.max(0, value));
  return {
    height: HEIGHT[format],
    marginTop: 22,
    marginBottom: 40,
    marginLeft: 58,
    marginRight: 14,
    x: { type: 'linear', domain: [...span] },
    y: { type: 'linear', domain: [0, high] },
    marks: [
      Plot.gridY([0, top / 2, top], { className: 'grid' }),
      Plot.axisX({
        ...AXIS,
        ticks: TICKS[format],
        tickFormat: (offset: number) => String(offset),
        label: `${listed([...who])} starts later by, in ns`,
      }),
      Plot.axisY([0, top / 2, top], {
        className: 'axis',
        label: 'share of the trials',
        labelArrow: 'none',
        tickFormat: (rate: number) => (rate === 0 ? '0' : share(rate, 1)),
      }),
      Plot.ruleX([0], { className: 'zero' }),
      ...curves.flatMap(({ kind, name, points }): Plot.Markish[] => [
        Plot.ruleX(
          points.filter(({ interval }) => interval !== null),
          {
            x: 'offsetNs',
            y1: ({ interval }: CurvePoint) => within(interval?.[0] ?? 0),
            y2: ({ interval }: CurvePoint) => within(interval?.[1] ?? 0),
            className: `band ${kind}`,
          },
        ),
        Plot.line([...points], { x: 'offsetNs', y: 'rate', className: `curve ${kind}`, strokeWidth: 2 }),
        Plot.dot([...points], {
          x: 'offsetNs',
          y: 'rate',
          r: kind === 'met' ? 0.8 : 1.8,
          ariaLabel: ({ offsetNs }: CurvePoint) => `${name}|${offsetNs}`,
          className: `${kind} filled`,
        }),
      ]),
    ],
  };
}

function numbersTable(curves: readonly Curve[]): string {
  const offsets = [
    ...new Set(curves.flatMap(({ points }) => points.map(({ offsetNs }) => offsetNs))),
  ].toSorted((one, other) => one - other);
  const table = tableMarkup({
    caption: 'Counts of the trials by start offset',
    columns: [
      { header: 'offset in ns', isNumber: true },
      ...curves.map(({ name }) => ({ header: name, isNumber: true })),
    ],
    rows: offsets.map((offset) => ({
      cells: [
        String(offset),
        ...curves.map(({ points }) => {
          const point = points.find(({ offsetNs }) => offsetNs === offset);
          return point === undefined ? '-' : `${point.count} of ${point.trials}`;
        }),
      ],
    })),
  });
  return `<details><summary>The numbers</summary>${table}</details>`;
}
