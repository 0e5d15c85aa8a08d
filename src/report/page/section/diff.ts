/** The page of `diff`: what differs around two results, and whether they do. */
import type { DiffFigure, DiffResult } from '../../../study/diff/diff-result.ts';
import { changeText, DIFF_WORDS, diffReason, estimateText, intervalText } from '../../diff-report.ts';
import { counted, percent } from '../../number.ts';
import { type Fact, NO_ANSWER, type Part } from '../part.ts';
import { tableMarkup } from '../table.ts';
import { block, sentences } from './block.ts';

/** What the page has of it. */
export function diffPart(result: DiffResult): Part {
  const { command, a, b, margin, differences, facts, figures, notes } = result;
  return {
    question: `Did anything change between two results of ${command}?`,
    facts: [
      ['A', sideText(a)],
      ['B', sideText(b)],
      ['margin', `differences below ${percent(margin)} count as none`],
      ...(differences.length === 0
        ? [['differ', 'in nothing that they say of their settings and machines'] as Fact]
        : differences.map(({ what, a: before, b: after }): Fact => [what, `${before} -> ${after}`])),
    ],
    answer: { ...NO_ANSWER, hardware: [`${diffReason(result)}.`] },
    body: () => [
      block('What was measured', figureTable(figures), sentences(notes)),
      block('Verdicts and counts', factTable(result), sentences(equalText(facts))),
    ],
  };
}

function sideText({ file, startedAt, host }: DiffResult['a']): string {
  return [file, startedAt, host].filter((part) => part !== null).join(', ');
}

function figureTable(figures: readonly DiffFigure[]): string {
  if (figures.length === 0) return '';
  return tableMarkup({
    caption:
      'B against A, with the interval of the change, and its probability by chance over all rows (Holm)',
    columns: [
      { header: 'of' },
      { header: 'figure' },
      { header: 'A', isNumber: true },
      { header: 'B', isNumber: true },
      { header: 'B to A', isNumber: true },
      { header: '[95 %]' },
      { header: 'p', isNumber: true },
      { header: 'verdict' },
    ],
    rows: figures.map((figure) => ({
      cells: [
        figure.subject === '' ? 'all' : figure.subject,
        `${figure.what}, ${figure.unit}`,
        estimateText(figure.a),
        estimateText(figure.b),
        changeText(figure),
        intervalText(figure),
        figure.pValueHolm === null
          ? '-'
          : figure.pValueHolm < 1e-4
            ? '<0.0001'
            : figure.pValueHolm.toFixed(4),
        DIFF_WORDS[figure.verdict] + (figure.reason === null ? '' : `: ${figure.reason}`),
      ],
    })),
  });
}

/** Those that are equal are counted. */
function factTable({ facts }: DiffResult): string {
  const shown = facts.filter(({ verdict, subject }) => verdict !== 'same' || subject === '');
  if (shown.length === 0) return '';
  return tableMarkup({
    caption: 'What is no measurement',
    columns: [{ header: 'of' }, { header: 'what' }, { header: 'A' }, { header: 'B' }, { header: 'verdict' }],
    rows: shown.map(({ subject, what, a, b, verdict, reason }) => ({
      cells: [
        subject === '' ? 'the result' : subject,
        what,
        a,
        b,
        DIFF_WORDS[verdict] + (reason === null ? '' : `: ${reason}`),
      ],
    })),
  });
}

function equalText(facts: DiffResult['facts']): string[] {
  const equal = facts.filter(({ verdict, subject }) => verdict === 'same' && subject !== '').length;
  return equal === 0 ? [] : [`${counted(equal, 'verdict or count')} ${equal === 1 ? 'is' : 'are'} equal.`];
}
