/** The text of `diff`: what differs around the two results, and whether they do. */
import type { DiffFact, DiffFigure, DiffResult, DiffSide } from '../study/diff/diff-result.ts';
import { percent, short, UNKNOWN } from './number.ts';
import { type Paint, plain, type Tone } from './paint.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import { wrapped } from './wrap.ts';

/** How a report says each verdict. */
export const DIFF_WORDS: Readonly<Record<DiffFigure['verdict'], string>> = {
  same: 'same',
  different: 'DIFFERENT',
  'not-told': 'not told',
  'no-events': 'none in either',
};

const TONES: Readonly<Record<DiffFigure['verdict'], Tone>> = {
  same: 'good',
  different: 'bad',
  'not-told': 'unsure',
  'no-events': 'good',
};

const REASONS: Readonly<Record<DiffResult['verdict'], string>> = {
  same: 'Whatever differs is within the margin',
  different: 'The two differ',
  'not-told': 'No difference beyond chance, and room for one beyond the margin',
};

const COLUMNS: readonly Column[] = [
  { header: 'A', align: 'right' },
  { header: 'B', align: 'right' },
  { header: 'B to A', align: 'right' },
  { header: '[95 %]', align: 'left' },
  { header: 'p, Holm', align: 'right' },
  { header: '', align: 'left' },
];

/** Renders a result. */
export function diffReport(result: DiffResult, paint: Paint = plain): string {
  const { command, verdict, margin, a, b, differences, notes } = result;
  return [
    `ebtorture diff: ${command}, B against A`,
    ...wrapped(sentenceOf(result), { prefix: '  ' }).map((line) =>
      line.replace(
        /^ {2}(?:SAME|DIFFERENT|NOT TOLD)(?=[. ])/,
        (word) => `  ${paint(TONES[verdict], word.trim())}`,
      ),
    ),
    ...wrapped(sideText(a), { prefix: '  A        ' }),
    ...wrapped(sideText(b), { prefix: '  B        ' }),
    ...(differences.length === 0
      ? ['  differ   in nothing that they say of their settings and machines']
      : []),
    ...differences.flatMap(({ what, a: before, b: after }) =>
      wrapped(`${what}: ${before} -> ${after}`, { prefix: '  differs  ' }),
    ),
    ...wrapped(`differences below ${percent(margin)} count as none`, { prefix: '  margin   ' }),
    ...factLines(result, paint),
    ...figureLines(result, paint),
    ...reasonLines(result),
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((note) => wrapped(note))]),
    '',
  ].join('\n');
}

/** The verdict, and what it rests on. */
function sentenceOf(result: DiffResult): string {
  const word = DIFF_WORDS[result.verdict].toUpperCase();
  const reason = diffReason(result);
  return reason.startsWith(IN)
    ? `${word} ${reason.toLowerCase().slice(0, IN.length)}${reason.slice(IN.length)}`
    : `${word}. ${reason}`;
}

/** What the verdict rests on: the first that differ by name. */
export function diffReason({ verdict, facts, figures }: DiffResult): string {
  const differing = [...facts, ...figures].filter((each) => each.verdict === 'different');
  const names = differing.map(({ subject, what }) => nameOf({ subject, what }));
  if (names.length === 0) return REASONS[verdict];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return IN + names.slice(0, NAMED).join('; ') + more;
}

const IN = 'In ';
/** Differences that the verdict names. */
const NAMED = 3;

function sideText({ file, startedAt, host, isInterrupted }: DiffSide): string {
  return [
    file,
    ...(startedAt === null ? [] : [startedAt]),
    ...(host === null ? [] : [`on ${host}`]),
    ...(isInterrupted ? ['ended early'] : []),
  ].join(', ');
}

/** Those that are the same are counted: of mutants there are hundreds. */
function factLines({ facts }: DiffResult, paint: Paint): string[] {
  if (facts.length === 0) return [];
  const isShown = ({ verdict, subject }: DiffFact): boolean => verdict !== 'same' || subject === '';
  const shown = facts.filter(isShown);
  const same = facts.length - shown.length;
  return [
    '',
    ...shown.flatMap((each) => {
      const { subject, what, a, b, verdict, reason } = each;
      const change = a === b ? a : `${a} -> ${b}`;
      const why = reason === null ? '' : ` (${reason})`;
      return wrapped(`${nameOf({ subject, what })}: ${change}${why}`, {
        prefix: `  ${DIFF_WORDS[verdict].padEnd(9)}  `,
      }).map((line) => line.replace(DIFF_WORDS[verdict], (word) => paint(TONES[verdict], word)));
    }),
    ...(same === 0 ? [] : [`  ${paint('good', 'same')}       ${same} more that are equal`]),
  ];
}

function nameOf({ subject, what }: Pick<DiffFact, 'subject' | 'what'>): string {
  return subject === '' ? what : `${subject}: ${what}`;
}

function figureLines({ figures }: DiffResult, paint: Paint): string[] {
  if (figures.length === 0) return [];
  const kinds = [...new Set(figures.map(headingOf))];
  const rows = kinds.flatMap((heading) =>
    rowsOf(
      heading,
      figures.filter((figure) => headingOf(figure) === heading),
    ),
  );
  return ['', ...textTable({ columns: COLUMNS, rows, areLabelsWhole: true }, paint)];
}

function rowsOf(heading: string, figures: readonly DiffFigure[]): Row[] {
  const rows = figures.map((figure): Row => ({
    kind: 'cells',
    label: figure.subject === '' ? 'all' : figure.subject,
    cells: [
      estimateText(figure.a),
      estimateText(figure.b),
      changeText(figure),
      intervalText(figure),
      figure.pValueHolm === null ? UNKNOWN : probability(figure.pValueHolm),
      { text: DIFF_WORDS[figure.verdict], tone: TONES[figure.verdict] },
    ],
  }));
  return [{ kind: 'heading', text: heading }, ...rows];
}

function headingOf({ what, unit }: DiffFigure): string {
  return unit === 'ns' ? `${what}, ${unit}` : `${what} ${unit}`;
}

/** A zero is the bound of what it may be. */
export function estimateText({ value, to }: DiffFigure['a']): string {
  return value !== 0 || to === 0 || to === null ? short(value) : `< ${short(to)}`;
}

/** Such as 1.07, `> 12` where there was none before, `+40`. */
export function changeText({ change }: DiffFigure): string {
  if (change === null) return UNKNOWN;
  const { kind, value, from, to } = change;
  if (kind === 'shift') return value === null ? UNKNOWN : `${value > 0 ? '+' : ''}${short(value)}`;
  if (value !== null) return short(value);
  if (to !== null) return `< ${short(to)}`;
  return from === null || from === 0 ? UNKNOWN : `> ${short(from)}`;
}

/** The interval; nothing where there is a bound alone, which stands for it. */
export function intervalText({ change }: DiffFigure): string {
  if (change === null || change.value === null) return UNKNOWN;
  return `[${endText(change.from)}, ${endText(change.to)}]`;
}

function endText(end: number | null): string {
  return end === null ? UNKNOWN : short(end);
}

/** A probability as tables have it. */
function probability(value: number): string {
  return value < 1e-4 ? '<0.0001' : value.toFixed(4);
}

/** Why figures are not told: each reason once. */
function reasonLines({ figures }: DiffResult): string[] {
  const reasons = [...new Set(figures.flatMap(({ reason }) => reason ?? []))];
  return reasons.length === 0
    ? []
    : ['', ...reasons.flatMap((reason) => wrapped(`not told: ${reason}`, { prefix: '  ' }))];
}
