/** Runs whose starts had several placements: what every arm did in each of them, as those are different races. */
import { classSentences, disturbanceSentences, silentClasses } from '../../class-findings.ts';
import { armLabels } from '../../arm-label.ts';
import { referenceControl } from '../../findings.ts';
import { listed, short, UNKNOWN } from '../../number.ts';
import { placeText } from '../../places-text.ts';
import type { RunResult } from '../../run-header.ts';
import { rateText } from '../chart/rates.ts';
import { type TableRow, tableMarkup } from '../table.ts';
import { block, sentences } from './block.ts';

/** The table and what is to be said of it; nothing where the system placed one instance. */
export function placementSection(result: RunResult): string {
  const { arms, classes = [] } = result;
  if (classes.length < 2 && arms.every(({ instances }) => instances === undefined)) return '';
  const silent = classes.length < 2 ? [] : silentClasses(arms, classes);
  return block(
    'Placements and instances',
    classTable(result),
    sentences([
      ...classSentences(arms, classes, referenceControl(result)),
      ...(silent.length === 0
        ? []
        : [`No control violated in ${listed(silent)}: a zero says nothing there.`]),
      ...disturbanceSentences(arms),
    ]),
  );
}

function classTable({ arms, classes = [], places = [] }: RunResult): string {
  if (classes.length === 0) return '';
  const labels = armLabels(arms);
  const rows = classes.flatMap((each) => {
    const place = places.find(({ placement }) => placement === each.placement);
    const where = place === undefined ? each.placement : placeText(place);
    return each.arms.flatMap((arm, index): TableRow[] => {
      if (arm === null) return [];
      const { trials, violations, rate, trialsPerSecond, violationsPerSecond } = arm;
      return [
        {
          cells: [
            where,
            labels[index] ?? '',
            place === undefined ? UNKNOWN : String(place.instances.length),
            String(each.starts),
            each.roundTripNs === null ? UNKNOWN : short(each.roundTripNs),
            short(trials),
            short(trialsPerSecond),
            short(violations),
            short(violationsPerSecond),
            rateText(rate),
          ],
        },
      ];
    });
  });
  return tableMarkup({
    caption: 'Each placement of the actors by itself; speeds are those of all instances together',
    columns: [
      { header: 'placement' },
      { header: 'strategy' },
      { header: 'instances', isNumber: true },
      { header: 'starts', isNumber: true },
      { header: 'round trip, ns', isNumber: true },
      { header: 'trials', isNumber: true },
      { header: 'trials/s', isNumber: true },
      { header: 'violations', isNumber: true },
      { header: 'violations/s', isNumber: true },
      { header: 'per million [95 %]', isNumber: true },
    ],
    rows,
  });
}
