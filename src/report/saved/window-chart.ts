import { phrasesOf, valueOf } from '../../scenario/measure.ts';
import type { WindowPoint, WindowProfile, WindowResult } from '../../stress/window/window-result.ts';
import { tickStep } from '../curve-plot.ts';
import { share, short } from '../number.ts';
import { isSamePlacement, placementName } from '../window-placement.ts';
import { drawnAt, shownSpan, windowCurves, type WindowCurves } from '../window-plots.ts';
import { CHART_WIDTH, figure, label, line } from './chart.ts';
import { element } from './markup.ts';

const LEFT = 64;
const RIGHT = 20;
const TOP = 12;
const HEIGHT = 180;
const AXIS = 36;

/** The profile of the race window in every placement, for every last toucher: shares of the trials by offset of the start. */
export function windowCharts(result: WindowResult): string[] {
  const curves = windowCurves(result);
  const { profiles } = curves;
  return profiles.map((profile) => {
    const here = profiles.filter(({ placement }) => isSamePlacement(placement, profile.placement));
    return profileChart(profile, { ...curves, span: shownSpan(here, result) ?? result.config.rangeNs });
  });
}

interface ChartParts extends Pick<WindowCurves, 'mended' | 'met'> {
  readonly span: readonly [number, number];
}

function profileChart(profile: WindowProfile, { mended, met, span: [from, to] }: ChartParts): string {
  const { placement, lastToucher, points, violations } = profile;
  const isFix = mended !== undefined;
  const where = placement.placement === undefined ? '' : `${placementName(placement)}, `;
  const shown = points
    .filter(({ trials, offsetNs }) => trials > 0 && offsetNs >= from && offsetNs <= to)
    .toSorted((one, other) => one.offsetNs - other.offsetNs);
  const drawnOf = (point: WindowPoint): number =>
    isFix ? drawnAt(point, { mended, met }).count / point.trials : point.rate;
  const metOf = (point: WindowPoint): number => drawnAt(point, { mended, met }).behind / point.trials;
  const measured = shown.filter(({ hits }) => hits > 0);
  const heights = [
    ...shown.flatMap((point) => [drawnOf(point), metOf(point)]),
    ...measured.map(({ high }) => high),
  ];
  const top = heights.reduce((most, height) => Math.max(most, height), 1e-9);
  const xAt = (offset: number): number =>
    LEFT + ((offset - from) / (to - from)) * (CHART_WIDTH - LEFT - RIGHT);
  const yAt = (value: number): number => TOP + HEIGHT - (Math.min(value, top) / top) * HEIGHT;
  const curveOf = (classes: string, heightOf: (point: WindowPoint) => number): string => {
    const path = shown.map((point) => `${xAt(point.offsetNs).toFixed(2)},${yAt(heightOf(point)).toFixed(2)}`);
    return element('polyline', { class: classes, points: path.join(' ') });
  };
  const bottom = TOP + HEIGHT;
  const { widthNs, widthInterval } = (isFix ? valueOf(profile, 'window', mended) : undefined) ?? violations;
  const width =
    widthInterval === null
      ? ''
      : `; the window is ${short(widthNs)} ns [${short(widthInterval.low)}, ${short(widthInterval.high)}] wide`;
  return figure(
    `Share of the trials that ${isFix ? `the fix ${phrasesOf(mended).share}` : 'violated'}` +
      `${met === undefined ? '' : `, and thin ${phrasesOf(met).share}`}, by start ` +
      `offset in ns: ${where}round trip ${short(placement.roundTripNs)} ns, ${lastToucher} last${width}.`,
    bottom + AXIS,
    [
      ...[0, 0.5, 1].flatMap((part) => [
        line('grid', [LEFT, yAt(part * top)], [CHART_WIDTH - RIGHT, yAt(part * top)]),
        label(share(part * top, 1), { x: LEFT - 8, y: yAt(part * top) + 4, anchor: 'end' }),
      ]),
      ...ticksOf(from, to).map((offset) =>
        label(String(offset), { x: xAt(offset), y: bottom + 18, anchor: 'middle' }),
      ),
      ...(met === undefined ? [] : [curveOf('strips', metOf)]),
      ...(isFix
        ? []
        : measured.map(({ offsetNs, low, high }) =>
            line('whisker', [xAt(offsetNs), yAt(low)], [xAt(offsetNs), yAt(high)]),
          )),
      curveOf(isFix ? 'fix' : 'control', drawnOf),
    ],
  );
}

/** Round offsets. */
function ticksOf(from: number, to: number): number[] {
  const step = tickStep(to - from);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step + 0);
}
