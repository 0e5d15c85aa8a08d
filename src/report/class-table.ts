/**
 * A run whose starts had several placements: what every arm did in each of them. A table of its own, as rates of different placements
 * are those of different races.
 */
import type { ClassResult } from '../stress/result/class-result.ts';
import type { ClassPlan } from '../stress/topology/placement-plan.ts';
import { armLabels } from './arm-label.ts';
import { intervalText, millions, pointText } from './arm-table.ts';
import { counted, percent, short } from './number.ts';
import { plain } from './paint.ts';
import type { RunResult } from './run-header.ts';
import { placeText } from './places-text.ts';
import { type Row, textTable } from './text-table.ts';

/** The rows of each class; nothing of one class alone, which the table of arms says all of. */
export function classTable({ arms, classes = [], places = [] }: RunResult): string[] {
  if (classes.length < 2) return [];
  const labels = armLabels(arms);
  const played = classes.flatMap((each) => each.arms.flatMap((arm) => arm ?? []));
  const rates = played.map(({ rate }) => rate);
  const rateColumns = Math.max(
    0,
    ...played.map(({ rate, violations }) => pointText(rate, violations).length),
  );
  const rows = classes.flatMap((each): Row[] => [
    { kind: 'heading', text: headingOf(each, places) },
    ...each.arms.flatMap((arm, index): Row[] => {
      if (arm === null) return [];
      const { trials, violations, rate, trialsPerSecond, violationsPerSecond } = arm;
      return [
        {
          kind: 'cells',
          label: labels[index] ?? '',
          cells: [
            short(trials),
            millions(trialsPerSecond),
            short(violations),
            short(violationsPerSecond),
            `${pointText(rate, violations).padStart(rateColumns)}${intervalText(rate)}`,
          ],
        },
      ];
    }),
  ]);
  const confidence = rates[0] === undefined ? '' : ` [${percent(rates[0].confidence)}]`;
  return textTable(
    {
      columns: [
        { header: 'count', align: 'right', group: 'trials' },
        { header: 'M/s', align: 'right', group: 'trials' },
        { header: 'count', align: 'right', group: 'violations' },
        { header: 'per s', align: 'right', group: 'violations' },
        { header: `per million${confidence}`, align: 'left', group: 'violations' },
      ],
      rows,
    },
    plain,
  );
}

function headingOf({ placement, starts, roundTripNs }: ClassResult, places: readonly ClassPlan[]): string {
  const place = places.find((each) => each.placement === placement);
  const parts = [
    ...(place === undefined ? [placement] : [placeText(place), counted(place.instances.length, 'instance')]),
    counted(starts, 'start'),
    ...(roundTripNs === null ? [] : [`round trip ${short(roundTripNs)} ns`]),
  ];
  return parts.join(', ');
}
