/** The text of `merge` of runs: every arm on every machine by itself, and one verdict over all of them. */
import type { MergedArm, MergedPart, MergedRunResult, Stratum } from '../study/merge/merged-run-result.ts';
import { shardText } from '../stats/shard.ts';
import { intervalText, millions, pointText } from './arm-table.ts';
import { comparisonSentences, probability, referenceControl, vacuitySentences } from './findings.ts';
import { counted, elapsed, listed, percent, plural, short } from './number.ts';
import { orderingSuffix } from './ordering-text.ts';
import type { Paint, Tone } from './paint.ts';
import { ledByVerdict } from './report-text.ts';
import { rerunCommand } from './rerun-command.ts';
import { ratesText } from './run-header.ts';
import { scenarioText } from './scenario-text.ts';
import { shardsText } from './shards-text.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import type { VerdictText } from './verdict-text.ts';
import { wrapped } from './wrap.ts';

/** Adjusted p-values up to it are told from chance. */
const SIGNIFICANT = 0.05;

/** Renders a result. */
export function mergeReport(result: MergedRunResult, paint: Paint): string {
  const judged = verdictLines(result, paint);
  return ledByVerdict(judged, [
    headerLines(result),
    strataLines(result),
    tableLines(result, paint),
    wrapped(
      'Rates are those of one machine each, with intervals of 95 % each; violations of several machines are never added up. What is claimed ' +
        'below holds for all of them together (95 %).',
    ),
    ...result.strata.map((stratum) => stratumLines(stratum, result)),
    holmSentences(result).flatMap((sentence) => wrapped(sentence)),
    result.strata.flatMap((stratum) => groundLines(stratum)),
    noticesOf(result).flatMap((notice) => wrapped(notice, { prefix: 'note: ' })),
    judged,
    ['One such run:', ...mergedRerun(result)],
  ]);
}

/** The verdict in words, with a sentence for each machine that has one of its own. */
export function mergeVerdict(result: MergedRunResult): VerdictText {
  const { verdict, strata } = result;
  const contradictions = contradictionsIn(result);
  if (contradictions.length > 0)
    return { word: 'CONTRADICTED', tone: 'bad', reasons: contradictions.map((text) => `${text}.`) };
  const WORDS: Readonly<Record<typeof verdict, Pick<VerdictText, 'word' | 'tone'>>> = {
    'as-declared': { word: 'AS DECLARED', tone: 'good' },
    'not-as-declared': { word: 'NOT AS DECLARED', tone: 'bad' },
    clean: { word: 'CLEAN', tone: 'good' },
    violated: { word: 'VIOLATED', tone: 'bad' },
    inconclusive: { word: 'INCONCLUSIVE', tone: 'unsure' },
  };
  const same = strata.filter((stratum) => stratum.result.verdict === verdict);
  const reasons =
    same.length === strata.length
      ? [`It is so on ${strata.length === 1 ? '' : 'each of '}${listed(strata.map(({ name }) => name))}.`]
      : strata.map((stratum) => `On ${stratum.name}: ${stratum.result.verdict.replaceAll('-', ' ')}.`);
  return {
    ...WORDS[verdict],
    reasons: [...reasons, ...violatedSentences(result), ...silentSentences(result)],
  };
}

/** Sentences of all strata on what the two engines say against each other. */
export function contradictionsIn({ strata }: MergedRunResult): string[] {
  return strata.flatMap(({ name, result }) =>
    'contradictions' in result && result.contradictions !== undefined
      ? result.contradictions.map((text) => `on ${name}, ${text}`)
      : [],
  );
}

/** Of the fixes: a violation that the trials of other machines would hide. */
function violatedSentences({ arms, strata }: MergedRunResult): string[] {
  return arms.flatMap(({ strategy, expectation }, index) => {
    if (expectation !== 'holds') return [];
    const seen = strata.flatMap(({ name, result }) => {
      const arm = result.arms[index];
      return arm === undefined || arm.violations.total === 0
        ? []
        : [
            `${counted(arm.violations.total, 'violation')} in ${counted(arm.trials, 'trial', short)} on ${name}`,
          ];
    });
    return seen.length === 0 ? [] : [`${strategy} is declared to hold, and has ${listed(seen)}.`];
  });
}

/** A control that is silent on a machine is none there, whatever it did on others. */
function silentSentences({ arms, strata }: MergedRunResult): string[] {
  if (strata.length < 2) return [];
  return arms.flatMap(({ strategy, expectation, verdict, inconclusiveIn }) =>
    expectation === 'violates' && verdict === 'violated' && inconclusiveIn.length > 0
      ? [
          `The control ${strategy} stayed silent on ${listed(inconclusiveIn)}, where a zero beside it says nothing, though it violated elsewhere.`,
        ]
      : [],
  );
}

function headerLines(result: MergedRunResult): string[] {
  const { config, command, strata, shards, elapsedMs } = result;
  const runs = strata.reduce((sum, { parts }) => sum + parts.length, 0);
  const facts: readonly (readonly [string, string])[] = [
    ['scenario', `${scenarioText(config)}, start ${config.start}, ${config.actors}`],
    [
      'runs',
      `${counted(runs, 'run')} of ${command} on ${counted(strata.length, 'machine')}, ${elapsed(elapsedMs)} together`,
    ],
    ...(shards === null ? [] : [['shards', `${shardsText(shards)}, of seed ${config.seed}`] as const]),
    ['rates', ratesText(config)],
  ];
  return [
    'ebtorture merge',
    ...facts.flatMap(([key, text]) => wrapped(text, { prefix: `  ${key}`.padEnd(13) })),
  ];
}

function strataLines({ strata }: MergedRunResult): string[] {
  return strata.flatMap((stratum) => wrapped(stratumText(stratum), { prefix: '  ' }));
}

/** A machine, and the runs on it. */
export function stratumText({ name, parts, result }: Stratum): string {
  const { cpuModel, cpuCount, kernelRelease, node } = result.environment;
  const classes = [...new Set((result.places ?? []).map(({ placement }) => placement))];
  const place = classes.length === 0 ? '' : `, placement ${classes.join(', ')}`;
  const kernel = kernelRelease === undefined ? '' : `, kernel ${kernelRelease}`;
  return (
    `${name}: ${cpuModel}, ${counted(cpuCount, 'CPU')}${kernel}, Node ${node}${place}: ` +
    `${plural('run', parts.length)} ${listed(parts.map(partText))}, ${counted(result.starts, 'start')}`
  );
}

function partText({ seed, shard, isWhole }: MergedPart): string {
  return (shard === null ? `with seed ${seed}` : shardText(shard)) + (isWhole ? '' : ' (CUT)');
}

function tableLines({ arms, strata }: MergedRunResult, paint: Paint): string[] {
  const all = strata.flatMap(({ result }) => result.arms);
  const confidence = all[0] === undefined ? '' : ` [${percent(all[0].rate.confidence)}]`;
  const columns: readonly Column[] = [
    { header: 'count', align: 'right', group: 'trials' },
    { header: 'M/s', align: 'right', group: 'trials' },
    { header: 'count', align: 'right', group: 'violations' },
    { header: `per million${confidence}`, align: 'left', group: 'violations' },
    { header: 'verdict', align: 'left' },
  ];
  const width = Math.max(...all.map(({ rate, violations }) => pointText(rate, violations.total).length), 0);
  const rows = arms.flatMap((merged, index): Row[] => [
    {
      kind: 'heading',
      text: `${merged.strategy}, expected to ${merged.expectation === 'holds' ? 'hold' : 'violate'}: ${merged.verdict}`,
    },
    ...strata.flatMap(({ name, result }): Row[] => {
      const arm = result.arms[index];
      if (arm === undefined) return [];
      const { trials, trialsPerSecond, violations, rate, verdict } = arm;
      const cells = [
        short(trials),
        millions(trialsPerSecond),
        short(violations.total),
        `${pointText(rate, violations.total).padStart(width)}${intervalText(rate)}`,
        { text: verdict, tone: toneOf(merged, verdict) },
      ];
      return [{ kind: 'cells', label: `  ${name}`, cells }];
    }),
  ]);
  return textTable({ columns, rows }, paint);
}

function toneOf({ expectation }: MergedArm, verdict: MergedArm['verdict']): Tone {
  if (verdict === 'inconclusive') return 'unsure';
  return (verdict === 'violated') === (expectation === 'violates') ? 'good' : 'bad';
}

function stratumLines({ name, result }: Stratum, { strata }: MergedRunResult): string[] {
  const where = strata.length === 1 ? '' : `On ${name}: `;
  return comparisonSentences(result).flatMap((sentence) => wrapped(where + sentence));
}

/** What a machine's results rest on. */
function groundLines({ name, result }: Stratum): string[] {
  return result.arms.length === 0
    ? []
    : vacuitySentences(result).flatMap((sentence) => wrapped(`On ${name}: ${sentence}`));
}

/** What should be known of the runs together, and of those of each machine. */
function noticesOf({ notices, strata }: MergedRunResult): string[] {
  return [
    ...notices,
    ...strata.flatMap(({ name, result }) => result.notices.map((notice) => `On ${name}: ${notice}`)),
  ];
}

/** Of each fix, on how many machines it is told from the control, adjusted for their number. */
export function holmSentences({ comparisons: all, strata }: MergedRunResult): string[] {
  const [first] = strata;
  if (first === undefined || strata.length < 2) return [];
  const reference = referenceControl(first.result);
  const comparisons = all.filter(({ control }) => control === reference);
  const pairs = new Map<string, (typeof comparisons)[number][]>();
  for (const each of comparisons) {
    const key = `${each.strategy} against ${each.control}`;
    pairs.set(key, [...(pairs.get(key) ?? []), each]);
  }
  return [...pairs].map(([pair, own]) => {
    const told = own.filter(({ pValueHolm }) => pValueHolm !== null && pValueHolm <= SIGNIFICANT);
    const values = own.map(({ stratum, pValueHolm }) =>
      pValueHolm === null
        ? `nothing can be computed on ${stratum}`
        : `p ${probability(pValueHolm)} on ${stratum}`,
    );
    return `${pair}: fewer violations on ${told.length} of ${counted(own.length, 'machine')} (Holm, ${percent(SIGNIFICANT)}): ${values.join(', ')}.`;
  });
}

function verdictLines(result: MergedRunResult, paint: Paint): string[] {
  const { word, tone, reasons } = mergeVerdict(result);
  const { shards, isInterrupted, config } = result;
  const so =
    shards !== null && isInterrupted
      ? [`Shards: ${shardsText(shards)}: this is what was measured so far.`]
      : isInterrupted
        ? ['A run was cut before its end: this is what was measured so far.']
        : [];
  const [first = '', ...rest] = wrapped(
    [`Verdict: ${word}${orderingSuffix(config.ordering)}.`, ...reasons, ...so].join(' '),
  );
  return [first.replace(word, () => paint(tone, word)), ...rest];
}

/** The command whose work the runs have done: with the length of one of them. */
export function mergedRerun({ command, config, arms, words, strata }: MergedRunResult): string[] {
  const named = arms.flatMap(({ isControl }, index) => (isControl ? [] : (config.strategies[index] ?? [])));
  const hasControl = command === 'compare' || arms.some(({ expectation }) => expectation === 'violates');
  // Added by the run itself where stores wait.
  const weakControl = strata[0]?.result.calibration?.control;
  const strategies =
    command === 'compare' ? config.strategies.filter((name) => name !== weakControl) : named.slice(0, 1);
  return rerunCommand({ command, strategies, hasControl, config, words });
}
