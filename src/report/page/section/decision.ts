/** The choice between strategies: a row each, which one may sort, and why another one makes it superfluous. */
import { countIn, measureOf, phrasesOf } from '../../../scenario/measure.ts';
import { wordsIn } from '../../../catalog/words.ts';
import type { ArmResult, CompareResult } from '../../../stress/result/result.ts';
import { armLabels } from '../../arm-label.ts';
import {
  countsText,
  decisionSentences,
  isMeasured,
  nsText,
  proofText,
  referenceOf,
  SAFETY,
  toneOf,
} from '../../decision-table.ts';
import { type OrderingColumn, orderingColumns } from '../../ordering-columns.ts';
import { grouped, share, UNKNOWN } from '../../number.ts';
import { element, escaped } from '../../saved/markup.ts';
import { rateText } from '../chart/rates.ts';
import { type Cell, type TableRow, tableMarkup } from '../table.ts';
import { block, sentences } from './block.ts';

/** The table with what is to be said of it; of arms alone where nothing was decided. */
export function decisionTable(result: CompareResult): string {
  const { arms, comparisons, decision } = result;
  const labels = armLabels(arms);
  const { measures, costs } = wordsIn(result);
  const isPriced = isMeasured(result);
  const met = isPriced ? measureOf(measures, 'met') : undefined;
  const timed = isPriced ? costs.filter(({ timeColumn }) => timeColumn !== undefined) : [];
  const counts = isPriced ? costs : [];
  const reference = referenceOf(result);
  const order = decision ?? arms.map((_, arm) => ({ arm, safety: null, dominatedBy: null }));
  const inOrderings = orderingColumns(arms);
  const rows = order.flatMap(({ arm: index, safety, dominatedBy }): TableRow[] => {
    const arm = arms[index];
    if (arm === undefined) return [];
    const ratio =
      comparisons.find(({ control, strategy }) => control === reference && strategy === arm.strategy)
        ?.throughputRatio ?? null;
    const cells: Cell[] = [
      { markup: escaped(labels[index] ?? '') + whyDominated(dominatedBy), value: labels[index] ?? '' },
      { markup: escaped(safety === null ? arm.verdict : SAFETY[safety]), classes: 'words' },
      {
        markup: element('span', { class: toneOf(arm) }, [escaped(proofText(arm.proof))]),
        value: proofText(arm.proof),
      },
      ...inOrderings.map((column) => orderingCell(column, arm)),
      { markup: grouped(arm.violations.total), value: arm.violations.total },
      { markup: escaped(rateText(arm.rate, arm.violations.total)), value: arm.rate.perMillion },
      ...(met === undefined
        ? []
        : [
            {
              markup: share(countIn(arm, met), arm.trials),
              value: countIn(arm, met) / Math.max(1, arm.trials),
            },
          ]),
      ...counts.map(({ name }): Cell => {
        const cost = arm.cost?.[name];
        return { markup: countsText(cost), value: cost === undefined ? -1 : cost.locks + cost.atomics };
      }),
      ...timed.map(({ name }): Cell => ({
        markup: nsText(arm.cost?.[name]),
        value: arm.cost?.[name]?.ns ?? -1,
      })),
      {
        markup: ratio === null ? UNKNOWN : `${ratio.median.toFixed(2)}x`,
        value: ratio?.median ?? -1,
      },
    ];
    return [{ cells, classes: dominatedBy === null ? '' : 'dominated' }];
  });
  const table = tableMarkup({
    caption: 'The choice: what explore says, what threads saw, and what it costs',
    columns: [
      { header: 'strategy' },
      { header: 'safety' },
      { header: 'explore' },
      ...inOrderings.map(({ column: { group, header } }) => ({ header: `${group}, ${header}` })),
      { header: 'violations', isNumber: true },
      { header: 'per million [95 %]', isNumber: true },
      ...(met === undefined ? [] : [{ header: phrasesOf(met).column, isNumber: true }]),
      ...counts.map(({ column }) => ({ header: `${column}, locks + atomics`, isNumber: true })),
      ...timed.map(({ timeColumn = '' }) => ({ header: `${timeColumn}, ns`, isNumber: true })),
      { header: `speed, of ${reference ?? 'the control'}`, isNumber: true },
    ],
    rows,
    isSortable: true,
  });
  return block('Decision', table, decisionNotes(result));
}

function orderingCell({ cellOf }: OrderingColumn, arm: ArmResult): Cell {
  const { text, tone } = cellOf(arm);
  return { markup: element('span', { class: tone }, [escaped(text)]), value: text };
}

function whyDominated(by: string | null): string {
  return by === null ? '' : element('span', { class: 'inside' }, [escaped(`dominated by ${by}`)]);
}

/** What the words of the table mean, without the mark that the terminal has for them. */
function decisionNotes(result: CompareResult): string {
  if (result.decision === undefined) return '';
  return sentences(decisionSentences(result).map((text) => text.replace(/^\* /, '')));
}
