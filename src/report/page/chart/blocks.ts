/**
 * Every block of a run in its order, one lane per arm: how often it violated, and the round trip that it met, so that one sees what
 * the host did, and what a new start of the threads did. What is left out of the rates has another shape.
 */
import * as Plot from '@observablehq/plot';
import type { BlockResult, Rejection } from '../../../stress/plan/block-result.ts';
import type { ArmResult } from '../../../stress/result/result.ts';
import { armLabels } from '../../arm-label.ts';
import { counted, short } from '../../number.ts';
import { tableMarkup } from '../table.ts';
import { AXIS, drawn, type Format } from './drawing.ts';
import { type LogAxis, logAxis, tickText } from './log-axis.ts';

/** With fewer blocks there is nothing to see. */
const BLOCKS_MIN = 8;
/** Of more blocks, those of evenly spaced rounds are drawn. */
const DRAWN_MAX = 2_000;
const LANE: Readonly<Record<Format, number>> = { wide: 74, narrow: 78 };
const LABELS_WIDTH = 165;
const TICK_WIDTH = 40;
/** Blocks without a violation lie under the lowest power of ten by this factor, a power of ten itself: others have no label. */
const ZERO_BELOW = 10;
/** From here on a power of ten is less high than a label. */
const CROWDED = 1e4;
const TRIPS_HEIGHT = 120;
const AXIS_LABEL = 'blocks, in the order they ran';

/** Why blocks are left out, in words. */
const REASONS: Readonly<Record<Rejection, string>> = {
  'warm-up': 'warming up',
  apart: 'actors not side by side',
  busy: 'processor busy elsewhere',
  stolen: 'processor given to other machines',
  short: 'ended early',
};

interface Shown {
  readonly lane: string;
  readonly block: BlockResult;
}

/** The lanes and the round trips; nothing where there are too few blocks to see anything. */
export function blockCharts(arms: readonly ArmResult[]): string[] {
  const labels = armLabels(arms);
  const all = arms.flatMap(({ blockResults }, arm) =>
    blockResults
      .filter(({ trials }) => trials > 0)
      .map((block): Shown => ({ lane: labels[arm] ?? '', block })),
  );
  if (all.length < BLOCKS_MIN) return [];
  const every = Math.ceil(all.length / DRAWN_MAX);
  const shown = all.filter(({ block }) => block.round % every === 0);
  const lanes = labels.filter((label) => shown.some(({ lane }) => lane === label));
  const some = every === 1 ? 'every block' : `the blocks of every ${every}th round`;
  const axis = logAxis(shown.map(perMillion), 3);
  const starts = startsOf(shown);
  const anew = starts.length === 0 ? '' : ' Dashed lines: the threads were started anew.';
  const isOut = all.some(({ block }) => isLeftOut(block));
  return [
    ...(axis === undefined
      ? []
      : [
          drawn({
            caption: `Violations per million trials of ${some}, in the order they ran, one lane per strategy.${anew}`,
            legend: [
              ['circle', 'counts for the rate'],
              ...(isOut ? [['times', 'left out of the rate'] as const] : []),
            ],
            plot: (format) => lanesPlot({ shown, lanes, axis, starts, format }),
            numbers: leftOutTable(arms, labels),
          }),
        ]),
    ...tripsChart(shown, some, starts),
  ];
}

/** One that an instance played alone counts for no rate, either. */
function isLeftOut({ rejected, alone }: BlockResult): boolean {
  return rejected !== null || alone === true;
}

function perMillion({ block }: Shown): number {
  return (1e6 * block.violations) / block.trials;
}

/** The order of the first block of every start but the first. */
function startsOf(shown: readonly Shown[]): number[] {
  const sorted = shown.map(({ block }) => block).toSorted((one, other) => one.order - other.order);
  return sorted
    .filter((block, index) => index > 0 && sorted[index - 1]?.start !== block.start)
    .map(({ order }) => order - 0.5);
}

function orders(shown: readonly Shown[]): [number, number] {
  return [-1, shown.reduce((last, { block }) => Math.max(last, block.order), 0) + 1];
}

function lanesPlot({
  shown,
  lanes,
  axis,
  starts,
  format,
}: {
  readonly shown: readonly Shown[];
  readonly lanes: readonly string[];
  readonly axis: LogAxis;
  readonly starts: readonly number[];
  readonly format: Format;
}): Plot.PlotOptions {
  const isWide = format === 'wide';
  const zero = axis.low / ZERO_BELOW;
  // The lowest label would stand on that of zero.
  const isCrowded = axis.high / zero > CROWDED;
  const ticks = [zero, ...axis.ticks.slice(isCrowded ? 1 : 0)];
  const text = (tick: number): string => (tick === zero ? '0' : tickText(tick));
  const dots = (isOut: boolean): Plot.Markish =>
    Plot.dot(
      shown.filter(({ block }) => isLeftOut(block) === isOut),
      {
        fy: 'lane',
        x: ({ block }: Shown) => block.order,
        y: (each: Shown) => Math.max(zero, perMillion(each)),
        r: isOut ? 3.6 : 2.8,
        symbol: isOut ? 'times' : 'circle',
        ariaLabel: ({ block }: Shown) => `block ${block.order}`,
        className: isOut ? 'block out' : 'block filled',
      },
    );
  return {
    height: 46 + lanes.length * LANE[format],
    marginTop: 10,
    marginBottom: 36,
    marginLeft: isWide ? LABELS_WIDTH + TICK_WIDTH : TICK_WIDTH,
    marginRight: 10,
    symbol: { type: 'identity' },
    r: { type: 'identity' },
    fy: { domain: [...lanes], axis: null, padding: isWide ? 0.28 : 0.36 },
    x: { type: 'linear', domain: orders(shown) },
    y: { type: 'log', domain: [zero, axis.high], axis: null },
    marks: [
      Plot.gridY(ticks, { className: 'grid' }),
      Plot.axisY(ticks, { className: 'axis', tickFormat: text, tickSize: 0, label: null }),
      Plot.axisX({ ...AXIS, ticks: isWide ? 8 : 4, label: AXIS_LABEL }),
      Plot.ruleX([...starts], { className: 'start' }),
      Plot.text(lanes, {
        fy: (lane: string) => lane,
        text: (lane: string) => lane,
        frameAnchor: isWide ? 'left' : 'top-left',
        textAnchor: isWide ? 'end' : 'start',
        dx: isWide ? -TICK_WIDTH : 0,
        dy: isWide ? 0 : -12,
        className: 'label',
      }),
      dots(false),
      dots(true),
    ],
  };
}

function tripsChart(shown: readonly Shown[], some: string, starts: readonly number[]): string[] {
  const met = shown.filter(({ block }) => block.roundTripNs !== null);
  const top = met.reduce((most, { block }) => Math.max(most, block.roundTripNs ?? 0), 0);
  if (top === 0) return [];
  return [
    drawn({
      caption: `Core-to-core round trip at the start of ${some}: where the host had put the two cores.`,
      plot: (format) => ({
        height: TRIPS_HEIGHT,
        marginTop: 10,
        marginBottom: 36,
        marginLeft: format === 'wide' ? LABELS_WIDTH + TICK_WIDTH : TICK_WIDTH,
        marginRight: 10,
        r: { type: 'identity' },
        x: { type: 'linear', domain: orders(shown) },
        y: { type: 'linear', domain: [0, top * 1.1], axis: null },
        marks: [
          Plot.gridY([0, top / 2, top], { className: 'grid' }),
          Plot.axisY([0, top / 2, top], {
            className: 'axis',
            tickSize: 0,
            label: null,
            tickFormat: (ns: number) => (ns === 0 ? '0' : `${short(Math.round(ns))} ns`),
          }),
          Plot.axisX({ ...AXIS, ticks: format === 'wide' ? 8 : 4, label: AXIS_LABEL }),
          Plot.ruleX([...starts], { className: 'start' }),
          Plot.dot(met, {
            x: ({ block }: Shown) => block.order,
            y: ({ block }: Shown) => block.roundTripNs ?? 0,
            r: 2,
            ariaLabel: ({ block }: Shown) => `round trip ${block.order}`,
            className: 'met filled',
          }),
        ],
      }),
    }),
  ];
}

function leftOutTable(arms: readonly ArmResult[], labels: readonly string[]): string {
  const reasons = (['warm-up', 'apart', 'busy', 'stolen', 'short'] as const).filter((reason) =>
    arms.some(({ rejected }) => rejected.blocks[reason] > 0),
  );
  const isAlone = arms.some(({ blockResults }) => blockResults.some(isOfOne));
  const table = tableMarkup({
    caption: 'Blocks, and those left out of the rates; violations in them are counted all the same',
    columns: [
      { header: 'strategy' },
      { header: 'blocks', isNumber: true },
      ...reasons.map((reason) => ({ header: REASONS[reason], isNumber: true })),
      ...(isAlone ? [{ header: 'one instance alone', isNumber: true }] : []),
      { header: 'violations in those', isNumber: true },
      { header: 'middle 80 % of the others, per million' },
    ],
    rows: arms.map(({ blockResults, rejected, rate: { blockQuantiles } }, arm) => ({
      cells: [
        labels[arm] ?? '',
        String(blockResults.length),
        ...reasons.map((reason) => String(rejected.blocks[reason])),
        ...(isAlone ? [String(blockResults.filter(isOfOne).length)] : []),
        counted(rejected.violations, 'violation').split(' ')[0] ?? '',
        blockQuantiles === null
          ? '-'
          : `${short(blockQuantiles.low)} to ${short(blockQuantiles.high)}, median ${short(blockQuantiles.median)}`,
      ],
    })),
  });
  return `<details><summary>The numbers</summary>${table}</details>`;
}

function isOfOne({ alone, rejected }: BlockResult): boolean {
  return alone === true && rejected === null;
}
