/**
 * The choice between strategies on one page: what explore says, what each costs, which of them another one makes
 * superfluous. And the sentences under it, in which the words of the table are explained.
 */
import { countIn, measureOf, phrasesOf } from '../scenario/measure.ts';
import { wordsIn } from '../catalog/words.ts';
import type { ArmProof, ArmResult, Choice, CompareResult, OperationCost } from '../stress/result/result.ts';
import { armLabels } from './arm-label.ts';
import { vacuityReasons } from './never-reached-text.ts';
import { counted, grouped, listed, plural, share, short, UNKNOWN } from './number.ts';
import type { Paint, Tone } from './paint.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import { orderingColumns, orderingNotes, otherCalibrationLines } from './ordering-columns.ts';
import { orderingSuffix } from './ordering-text.ts';
import { pageCount } from './pages-text.ts';
import { wrapped } from './wrap.ts';

export const SAFETY: Readonly<Record<Choice['safety'], string>> = {
  proved: 'proved here, and held',
  held: 'held, not proved',
  vacuous: 'not put to the test here',
  unsafe: 'violated, or declared to be',
};

const EXPLORE: Column = { header: 'explore', align: 'left' };

/** The table, where operations were measured; nothing otherwise. */
function decisionTable(result: CompareResult, paint: Paint): string[] {
  const { arms, comparisons, decision = [] } = result;
  const { measures, costs } = wordsIn(result);
  if (!isMeasured(result)) return [];
  const labels = armLabels(arms);
  const met = measureOf(measures, 'met');
  const timed = costs.filter(({ timeColumn }) => timeColumn !== undefined);
  const inOrderings = orderingColumns(arms);
  const columns: readonly Column[] = [
    ...(inOrderings.length > 0 ? inOrderings.map(({ column }) => column) : [EXPLORE]),
    ...(met === undefined ? [] : [{ header: phrasesOf(met).column, align: 'right' } as const]),
    ...costs.map(({ column }) => ({ header: column, align: 'right', group: 'locks+atomics' }) as const),
    ...timed.map(({ timeColumn = '' }) => ({ header: timeColumn, align: 'right', group: 'ns' }) as const),
    { header: 'speed', align: 'right' },
  ];
  const rows: Row[] = [];
  const reference = referenceOf(result);
  let heading: string | undefined;
  for (const { arm: index, safety, dominatedBy } of decision) {
    const arm = arms[index];
    if (arm === undefined) continue;
    if (SAFETY[safety] !== heading) rows.push({ kind: 'heading', text: (heading = SAFETY[safety]) });
    const ratio = comparisons.find(
      ({ control, strategy }) => control === reference && strategy === arm.strategy,
    )?.throughputRatio;
    rows.push({
      kind: 'cells',
      label: `${labels[index] ?? ''}${dominatedBy === null ? '' : ' *'}`,
      cells: [
        ...(inOrderings.length > 0
          ? inOrderings.map(({ cellOf }) => cellOf(arm))
          : [{ text: proofText(arm.proof), tone: toneOf(arm) }]),
        ...(met === undefined ? [] : [share(countIn(arm, met), arm.trials)]),
        ...costs.map(({ name }) => countsText(arm.cost?.[name])),
        ...timed.map(({ name }) => nsText(arm.cost?.[name])),
        ratio === undefined || ratio === null ? UNKNOWN : `${ratio.median.toFixed(2)}x`,
      ],
    });
  }
  return textTable({ columns, rows, areLabelsWhole: inOrderings.length > 0 }, paint);
}

/** Under the table: what explore searched and found, what the columns are, who is dominated. A paragraph each. */
export function decisionSentences(result: CompareResult): string[] {
  const { arms, decision = [] } = result;
  const dominated = decision.flatMap(({ arm, dominatedBy }) =>
    dominatedBy === null ? [] : [`${arms[arm]?.strategy ?? ''} by ${dominatedBy}`],
  );
  const met = measureOf(wordsIn(result).measures, 'met');
  const avoided = met === undefined ? '' : ` ${phrasesOf(met).avoided},`;
  return [
    ...proofSentence(result),
    ...orderingNotes(arms),
    ...silentControlSentence(arms),
    ...(isMeasured(result) ? [columnsSentence(result)] : []),
    ...(dominated.length === 0
      ? []
      : [
          `* dominated by one that is as safe,${avoided} is higher in no ` +
            `count of locks, atomics and accesses, and lower in one: ${listed(dominated)}.`,
        ]),
  ];
}

/** Whether there is a page: costs were measured, or would have been, had the scenario any. */
export function isMeasured(result: CompareResult): boolean {
  const { arms, config } = result;
  if (arms.some(({ cost, orderings }) => cost !== undefined || orderings !== undefined)) return true;
  return config.measuresCost === true && wordsIn(result).costs.length === 0;
}

/** What the columns are. */
function columnsSentence(result: CompareResult): string {
  const { measures, costs, control } = wordsIn(result);
  const met = measureOf(measures, 'met');
  const parts = [
    ...(met === undefined ? [] : [`${phrasesOf(met).column}: ${phrasesOf(met).trials}`]),
    ...(costs.length === 0
      ? []
      : [
          'locks+atomics: locks taken and atomic read-modify-writes of one operation that meets nobody, counted',
        ]),
    ...(costs.some(({ timeColumn }) => timeColumn !== undefined) ? ['ns: its median time'] : []),
    `speed: trials per second against ${referenceOf(result) ?? control}, all actors running${intervalText(result)}`,
  ];
  return `${parts.join('; ')}.`;
}

export function proofSentence(result: CompareResult): string[] {
  const { arms, config } = result;
  const proofs = arms.flatMap(({ strategy, proof }) => (proof === undefined ? [] : [{ strategy, proof }]));
  if (proofs.length === 0) return [];
  const of = (verdict: ArmProof['verdict']): string[] =>
    proofs.flatMap(({ strategy, proof }) => (proof.verdict === verdict ? [textOf(strategy, proof)] : []));
  const parts = [
    ['no schedule violates', of('holds')],
    ['some do violate', of('violated')],
    ['not finished, which proves nothing:', of('bounded')],
    ['vacuous, which proves nothing:', of('vacuous')],
  ] as const;
  const texts = parts.flatMap(([what, names]) => (names.length === 0 ? [] : [`${what} ${listed(names)}`]));
  const seconds = proofs.reduce((sum, { proof }) => sum + proof.elapsedMs, 0) / 1000;
  const largest = counted(Math.max(...proofs.map(({ proof }) => proof.states)), 'state', grouped);
  const pages = pageCount(config.pages, wordsIn(result).pagesAre);
  const bounds = `${config.actors}${pages}, from ${config.start}, up to ${largest} each, ${short(seconds)} s`;
  return [
    `Explore searched every interleaving of this setting${orderingSuffix(config.ordering)} (${bounds}): ${texts.join('; ')}.`,
  ];
}

function textOf(strategy: string, proof: ArmProof): string {
  const notes = proof.verdict === 'vacuous' ? vacuityReasons(proof) : proof.invariants;
  return notes.length === 0
    ? strategy
    : `${strategy} (${notes.join(proof.verdict === 'vacuous' ? '; ' : ', ')})`;
}

/** Longer runs would not make it violate. */
function silentControlSentence(arms: readonly ArmResult[]): string[] {
  const silent = arms.filter(({ cannotViolate }) => cannotViolate === true).map(({ strategy }) => strategy);
  if (silent.length === 0) return [];
  const noun = plural('control', silent.length);
  return [
    `No schedule of this setting makes the ${noun} ${listed(silent)} violate: ${silent.length === 1 ? 'its' : 'their'} ` +
      'silence says nothing, however long the run.',
  ];
}

/** What others are measured against: the scenario's control, or the first control where that did not run. */
export function referenceOf(result: CompareResult): string | undefined {
  const controls = result.comparisons.map(({ control }) => control);
  const { control } = wordsIn(result);
  return controls.includes(control) ? control : controls[0];
}

/** What shows that a fix is none. */
function refutationLines(arms: readonly ArmResult[]): string[] {
  return arms.flatMap(({ strategy, expectation, proof }) => {
    if (expectation !== 'holds' || proof?.verdict !== 'violated') return [];
    const so = proof.witness === null ? [] : [`  ebtorture replay ${proof.witness}`];
    return [`${strategy} IS DECLARED TO HOLD AND DOES NOT:`, ...so];
  });
}

export function proofText(proof: ArmProof | undefined): string {
  if (proof === undefined) return UNKNOWN;
  return proof.verdict === 'violated' ? proof.invariants.join(',') : proof.verdict;
}

/** A witness against a control is as it should be. */
export function toneOf({ proof, expectation }: ArmResult): Tone {
  if (proof === undefined || proof.verdict === 'bounded' || proof.verdict === 'vacuous') return 'unsure';
  return (proof.verdict === 'violated') === (expectation === 'violates') ? 'good' : 'bad';
}

export function countsText(cost: OperationCost | undefined): string {
  return cost === undefined ? UNKNOWN : `${cost.locks}+${cost.atomics}`;
}

export function nsText(cost: OperationCost | undefined): string {
  return cost === undefined || cost.ns === null ? UNKNOWN : cost.ns.toFixed(0);
}

/** The widest interval speaks for all. */
function intervalText(result: CompareResult): string {
  const { comparisons } = result;
  const reference = referenceOf(result);
  const ratios = comparisons
    .filter(({ control }) => control === reference)
    .flatMap(({ throughputRatio }) => throughputRatio ?? []);
  const widest = Math.max(...ratios.map(({ low, high }) => (high - low) / 2));
  return ratios.length === 0 ? '' : ` (+- ${widest.toFixed(2)} at most; each interval stands below)`;
}

/** The page, section by section. */
export function decisionLines(result: CompareResult, paint: Paint): (readonly string[])[] {
  return [
    decisionTable(result, paint),
    otherCalibrationLines(result),
    ...decisionSentences(result).map((sentence) => wrapped(sentence)),
    refutationLines(result.arms),
  ];
}
