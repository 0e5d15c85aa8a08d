import type { ArmResult } from '../../stress/result/result.ts';
import type { BlockResult } from '../../stress/plan/block-result.ts';
import { CHART_WIDTH, figure, label, line, logScale, tickText } from './chart.ts';
import { element } from './markup.ts';

/** With fewer blocks there is nothing to see. */
const DOTS_MIN = 8;
/** Of more blocks, those of evenly spaced rounds are drawn. */
const DOTS_MAX = 2_000;
const LEFT = 64;
const RIGHT = 20;
const RATES_HEIGHT = 170;
const ZERO_GAP = 14;
/** From the line of zeros to the round trips. */
const TRIPS_GAP = 30;
const TRIPS_HEIGHT = 60;
const LEGEND_STEP = 155;
const LEGEND_COLUMNS = 4;
const LEGEND_ROW = 18;
/** Colors that the page has for arms. */
const SERIES = 10;

interface Dot {
  readonly arm: number;
  readonly block: BlockResult;
}

/**
 * Every block of a run in its order: how often it violated, and the round trip it met, so that one sees what the host did and what a
 * new start of the threads did. Nothing where there are too few blocks to see anything.
 */
export function blockChart(arms: readonly ArmResult[]): string[] {
  const all = arms.flatMap(({ blockResults }, arm) =>
    blockResults.filter(({ trials }) => trials > 0).map((block): Dot => ({ arm, block })),
  );
  const every = Math.ceil(all.length / DOTS_MAX);
  const dots = all.filter(({ block }) => block.round % every === 0);
  const last = all.reduce((latest, { block }) => Math.max(latest, block.order), 1);
  const ratesTop = LEGEND_ROW * Math.ceil(arms.length / LEGEND_COLUMNS) + 8;
  const zeroY = ratesTop + RATES_HEIGHT + ZERO_GAP;
  const tripsTop = zeroY + TRIPS_GAP;
  const perMillion = ({ block }: Dot): number => (1e6 * block.violations) / block.trials;
  const rates = logScale(dots.map(perMillion), ratesTop + RATES_HEIGHT, ratesTop);
  const trips = logScale(
    dots.flatMap(({ block }) => block.roundTripNs ?? []),
    tripsTop + TRIPS_HEIGHT,
    tripsTop,
  );
  if (dots.length < DOTS_MIN || rates === undefined) return [];
  const xOf = ({ block }: Dot): number =>
    LEFT + ((block.order + 0.5) / (last + 1)) * (CHART_WIDTH - LEFT - RIGHT);
  const right = CHART_WIDTH - RIGHT;
  const bottom = trips === undefined ? zeroY : tripsTop + TRIPS_HEIGHT;
  return [
    figure(
      `Violations per million trials of ${every === 1 ? 'every block' : `the blocks of every ${every}th round`}, logarithmic, in ` +
        'the order they ran; hollow: left out of the rates. ' +
        'Below: the core-to-core round trip in ns at its start. Vertical lines: the threads were started anew.',
      bottom + 20,
      [
        ...startsOf(dots).map((dot) => line('start', [xOf(dot), ratesTop], [xOf(dot), bottom])),
        ...rates.ticks.flatMap((tick) => rowOf(tickText(tick), rates.at(tick), right)),
        ...rowOf('0', zeroY, right),
        ...(trips?.ticks ?? []).flatMap((tick) => rowOf(`${tickText(tick)} ns`, trips?.at(tick) ?? 0, right)),
        ...dots.map((dot) => {
          const rate = perMillion(dot);
          return dotMarkup(dot, [xOf(dot), rate === 0 ? zeroY : rates.at(rate)]);
        }),
        ...dots.flatMap(({ block, arm }) =>
          block.roundTripNs === null || trips === undefined
            ? []
            : [
                element('circle', {
                  class: 'trip',
                  cx: xOf({ block, arm }),
                  cy: trips.at(block.roundTripNs),
                  r: 1.8,
                }),
              ],
        ),
        ...arms.map(({ strategy }, arm) => legendOf(strategy, arm)),
      ],
    ),
  ];
}

function rowOf(text: string, y: number, right: number): string[] {
  return [line('grid', [LEFT, y], [right, y]), label(text, { x: LEFT - 8, y: y + 4, anchor: 'end' })];
}

function dotMarkup({ arm, block }: Dot, [cx, cy]: readonly [number, number]): string {
  const classes = `s${arm % SERIES}${block.rejected === null && block.alone === undefined ? '' : ' out'}`;
  return element('circle', { class: classes, cx, cy, r: 3 });
}

/** The first block of every start but the first. */
function startsOf(dots: readonly Dot[]): Dot[] {
  const sorted = dots.toSorted((one, other) => one.block.order - other.block.order);
  return sorted.filter(({ block }, index) => index > 0 && sorted[index - 1]?.block.start !== block.start);
}

function legendOf(strategy: string, arm: number): string {
  const x = LEFT + (arm % LEGEND_COLUMNS) * LEGEND_STEP;
  const y = 10 + LEGEND_ROW * Math.floor(arm / LEGEND_COLUMNS);
  return [
    element('circle', { class: `s${arm % SERIES}`, cx: x + 4, cy: y, r: 4 }),
    label(strategy, { x: x + 14, y: y + 4 }),
  ].join('');
}
