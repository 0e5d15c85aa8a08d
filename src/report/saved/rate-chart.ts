import type { CompareResult } from '../../stress/result/result.ts';
import type { Rate } from '../../stress/result/rate.ts';
import { short } from '../number.ts';
import { CHART_WIDTH, figure, label, line, logScale, type LogScale, tickText } from './chart.ts';
import { element } from './markup.ts';

const LABEL_WIDTH = 190;
const ROW = 20;
/** Above each strategy. */
const GAP = 8;
const TOP = 8;
const AXIS = 34;
const RIGHT = 20;
/** An interval that reaches further down than this share of its rate is cut off there. */
const TAIL = 0.03;

interface Row {
  readonly text: string;
  readonly rate: Rate;
  readonly isControl: boolean;
  /** A rate of one placement of the cores. */
  readonly isPart: boolean;
}

/** What the chart takes of a run. */
export type RatesDrawn = Pick<CompareResult, 'arms' | 'placements' | 'classes'>;

/** The rate of every arm with its interval, on one logarithmic axis; below it, those of each placement of the cores. */
export function rateChart({ arms, placements, classes = [] }: RatesDrawn): string {
  const isMixed = classes.length > 1;
  const rows = arms.flatMap(({ strategy, rate, expectation }, arm): Row[] => {
    const isControl = expectation === 'violates';
    return [
      { text: isMixed ? `${strategy}, mixed` : strategy, rate, isControl, isPart: false },
      ...partsOf({ placements, classes }, arm).map((part): Row =>
        Object.assign(part, { isControl, isPart: true }),
      ),
    ].filter((row) => row.rate.blocks > 0);
  });
  const scale = logScale(
    rows.flatMap(({ rate }) => extentOf(rate)),
    LABEL_WIDTH,
    CHART_WIDTH - RIGHT,
  );
  if (scale === undefined) return '';
  const isNext = rows.map(({ isPart }) => !isPart);
  const yOf = (index: number): number =>
    TOP + (index + 0.5) * ROW + GAP * isNext.slice(0, index + 1).filter(Boolean).length;
  const bottom = yOf(rows.length - 1) + ROW / 2 + GAP;
  return figure(
    'Violations per million trials with their 95 % intervals, logarithmic; a line without a dot is the bound of a zero. ' +
      `Below each strategy the same by ${isMixed ? 'placement of the actors' : 'core-to-core round trip'}.`,
    bottom + AXIS,
    [
      ...scale.ticks.map((tick) => line('grid', [scale.at(tick), TOP], [scale.at(tick), bottom])),
      ...scale.ticks.map((tick) =>
        label(tickText(tick), { x: scale.at(tick), y: bottom + 16, anchor: 'middle' }),
      ),
      ...rows.map((row, index) => rowMarkup(row, yOf(index), scale)),
    ],
  );
}

/** The rates that an arm's is made of: of several placements of the actors, or of the cores that the host moved. */
function partsOf(
  { placements, classes }: Required<Pick<RatesDrawn, 'placements' | 'classes'>>,
  arm: number,
): Pick<Row, 'text' | 'rate'>[] {
  if (classes.length > 1) {
    return classes.flatMap(({ placement, arms }) => {
      const rate = arms[arm]?.rate;
      return rate === undefined ? [] : [{ text: placement, rate }];
    });
  }
  return (placements.length < 2 ? [] : placements).flatMap(({ roundTripNs, rates }) => {
    const rate = rates[arm] ?? undefined;
    return rate === undefined ? [] : [{ text: `${short(roundTripNs)} ns`, rate }];
  });
}

function extentOf({ perMillion, low, high, designEffect }: Rate): number[] {
  if (designEffect === null && perMillion > 0) return [perMillion];
  return perMillion === 0 ? [high] : [Math.max(low, perMillion * TAIL), perMillion, high];
}

function rowMarkup({ text, rate, isControl, isPart }: Row, y: number, scale: LogScale): string {
  const { perMillion, low, high, designEffect } = rate;
  const classes = `${isControl ? 'control' : 'fix'}${isPart ? ' part' : ''}`;
  const from = scale.at(perMillion === 0 ? scale.low : low);
  const to = scale.at(high);
  return [
    label(text, { x: LABEL_WIDTH - 12, y: y + 4, anchor: 'end', classes: isPart ? 'tick' : 'name' }),
    // Too few blocks do not tell how they vary.
    ...(designEffect === null && perMillion > 0 ? [] : [line(classes, [from, y], [to, y])]),
    ...(perMillion === 0
      ? [line(classes, [to, y - 5], [to, y + 5])]
      : [element('circle', { class: classes, cx: scale.at(perMillion), cy: y, r: isPart ? 3 : 4.5 })]),
  ].join('');
}
