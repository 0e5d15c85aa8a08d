/**
 * The text of a run on hardware, as one would paste it into a mail: 80 columns, ASCII, the command to run it again
 * at the end. A pure function of the result, so that a saved result renders again byte for byte.
 */
import { checksIn, wordsIn } from '../catalog/words.ts';
import type { ArmResult, StressLitmus, StressResult } from '../stress/result/result.ts';
import type { AgreedCompareResult } from '../study/agreement.ts';
import { agreementLines } from './agree-report.ts';
import { invariantLegend, armMatrix } from './arm-matrix.ts';
import { type ArmTone, armTable } from './arm-table.ts';
import { calibrationLines } from './calibration-text.ts';
import { classSentences, disturbanceSentences } from './class-findings.ts';
import { classTable } from './class-table.ts';
import { decisionLines } from './decision-table.ts';
import { comparisonSentences, referenceControl, vacuitySentences, zeroCaveat } from './findings.ts';
import { litmusRunLines } from './litmus-text.ts';
import { orderingPhrase, orderingViolations } from './ordering-columns.ts';
import { orderingSuffix } from './ordering-text.ts';
import type { Paint } from './paint.ts';
import { ledByVerdict, reportText } from './report-text.ts';
import { explainCommand, type Rerun, rerunCommand } from './rerun-command.ts';
import { runHeader, type RunResult } from './run-header.ts';
import { tuningLines } from './tuning-table.ts';
import { compareVerdict, stressVerdict, type VerdictText } from './verdict-text.ts';
import { wrapped } from './wrap.ts';

/** A control that violates is as it should be. */
const declaredTone: ArmTone = ({ verdict, expectation }) => {
  if (verdict === 'inconclusive') return 'unsure';
  return (verdict === 'violated') === (expectation === 'violates') ? 'good' : 'bad';
};

/** A violation is bad news, unless it is that of the control beside. */
const stressTone: ArmTone = ({ verdict, isControl }) => {
  if (verdict === 'inconclusive') return 'unsure';
  return (verdict === 'violated') === isControl ? 'good' : 'bad';
};

/** The report of `ebtorture compare`; a brief one has the verdict, the table and the command that runs it again. */
export function compareReport(result: AgreedCompareResult, paint: Paint, isBrief = false): string {
  const rerun: Rerun = {
    command: 'compare',
    strategies: result.config.strategies.filter((name) => name !== result.calibration?.control),
    hasControl: true,
    agrees: result.agreement !== undefined,
    config: result.config,
    words: result.words,
  };
  return runReport(result, {
    toneOf: declaredTone,
    verdict: compareVerdict(result),
    agreement: result.agreement === undefined ? [] : agreementLines(result.agreement, paint),
    decision: decisionLines(result, paint),
    rerun,
    paint,
    isBrief,
  });
}

/** The report of `ebtorture stress`. */
export function stressReport(result: StressResult, paint: Paint, isBrief = false): string {
  const { arms, config } = result;
  const hasControl = arms.some(({ expectation }) => expectation === 'violates');
  // A plug-in has a name in its arm and a path in the configuration; both lists have the same order.
  const index = Math.max(
    arms.findIndex(({ isControl }) => !isControl),
    0,
  );
  const strategies = config.strategies.slice(index, index + 1);
  const rerun: Rerun = { command: 'stress', strategies, hasControl, config, words: result.words };
  const { litmus } = result;
  if (litmus !== undefined) return litmusReport({ ...result, litmus }, rerun, paint, isBrief);
  return runReport(result, {
    toneOf: stressTone,
    verdict: stressVerdict(result),
    agreement: [],
    rerun,
    paint,
    isBrief,
  });
}

/** Of a litmus test: the histogram in place of the table of arms. */
function litmusReport(
  result: StressResult & { readonly litmus: StressLitmus },
  rerun: Rerun,
  paint: Paint,
  isBrief: boolean,
): string {
  const judged = verdictLines(stressVerdict(result), result, paint);
  const histogram = litmusRunLines(result);
  const again = ['Run it again:', ...rerunCommand(rerun)];
  if (isBrief) return reportText([judged, histogram, again]);
  return ledByVerdict(judged, [
    runHeader(result),
    calibrationLines(result.calibration),
    tuningLines(result.tuning),
    histogram,
    result.notices.flatMap((notice) => wrapped(notice, { prefix: 'note: ' })),
    judged,
    again,
  ]);
}

interface RunReportParts {
  readonly toneOf: ArmTone;
  readonly verdict: VerdictText;
  /** Lines on whether the explore engine agrees, if it was asked. */
  readonly agreement: readonly string[];
  readonly rerun: Rerun;
  readonly decision?: readonly (readonly string[])[];
  readonly paint: Paint;
  readonly isBrief: boolean;
}

function runReport(
  result: RunResult,
  { toneOf, verdict, agreement, rerun, decision = [], paint, isBrief }: RunReportParts,
): string {
  const { arms, classes = [] } = result;
  const words = wordsIn(result);
  const control = referenceControl(result);
  const checks = checksIn(result);
  const judged = verdictLines(verdict, result, paint);
  const table = arms.length === 0 ? ['Nothing was measured.'] : armTable(arms, words, toneOf, paint);
  const again = ['Run it again:', ...rerunCommand(rerun)];
  if (isBrief) return reportText([judged, table, classTable(result), again]);
  return ledByVerdict(judged, [
    runHeader(result),
    calibrationLines(result.calibration),
    tuningLines(result.tuning),
    table,
    classTable(result),
    ...decision,
    armMatrix(arms, result, { measures: words.measures, checks }),
    invariantLegend(arms, checks),
    comparisonSentences(result).flatMap((sentence) => wrapped(sentence)),
    classSentences(arms, classes, control).flatMap((sentence) => wrapped(sentence)),
    disturbanceSentences(arms).flatMap((sentence) => wrapped(sentence)),
    groundsOf(arms, result),
    agreement,
    result.notices.flatMap((notice) => wrapped(notice, { prefix: 'note: ' })),
    [...judged, ...zeroCaveat(result).flatMap((sentence) => wrapped(sentence))],
    explainLines(result),
    again,
  ]);
}

/** What shows a violation of each arm that has one. */
function explainLines(result: RunResult): string[] {
  const { arms, config } = result;
  // A plug-in has a name in its arm and a path in the configuration; both lists have the same order.
  const commands = arms.flatMap(({ violations, strategy }, arm) =>
    violations.total === 0 ? [] : explainCommand(result, config.strategies[arm] ?? strategy),
  );
  return commands.length === 0 ? [] : ['Show what a violation was:', ...commands];
}

function groundsOf(arms: readonly ArmResult[], result: RunResult): string[] {
  return arms.length === 0 ? [] : vacuitySentences(result).flatMap((sentence) => wrapped(sentence));
}

function verdictLines(
  { word, tone, reasons }: VerdictText,
  { isInterrupted, config, arms }: RunResult,
  paint: Paint,
): string[] {
  const isOfAll = config.orderings === true;
  const under = isOfAll ? ` ${orderingPhrase(config.ordering ?? 'sc')}` : orderingSuffix(config.ordering);
  const others = isOfAll ? orderingViolations(arms) : [];
  const so = isInterrupted ? ['Interrupted: this is what was measured so far.'] : [];
  const [first = '', ...rest] = wrapped(
    [`Verdict: ${word}${under}.`, ...reasons, ...others, ...so].join(' '),
  );
  return [first.replace(word, () => paint(tone, word)), ...rest];
}
