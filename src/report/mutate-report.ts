/** The text of `mutate`: what becomes of each changed step, witnesses of those that matter, and the score. */
import type { MutantResult, MutateResult } from '../study/mutate-result.ts';
import { counted, elapsed, grouped, listed, percent, plural } from './number.ts';
import type { Paint, Tone } from './paint.ts';
import { actorsText } from '../scenario/role-count.ts';
import { shardLines, shardsText } from './shards-text.ts';
import { areWhole } from '../stats/shard.ts';
import { type Row, textTable } from './text-table.ts';
import { orderingLines, orderingSuffix } from './ordering-text.ts';
import { pageCount } from './pages-text.ts';
import { wrapped } from './wrap.ts';

type Rung = MutateResult['config']['ladder'][number];

/** Renders a result. */
export function mutateReport(result: MutateResult, paint: Paint): string {
  const { config, strategy, mutants } = result;
  const what = config.isModel ? 'every step of the model' : 'every step that the strategy touches';
  return [
    `ebtorture mutate: ${what}, changed one at a time`,
    `  strategy   ${strategy}`,
    ...orderingLines(orderingOf(result)),
    `  mutants    ${grouped(mutants.length)}`,
    `  hardware   ${config.stressMs === 0 ? 'not asked' : `${elapsed(config.stressMs)} per attempt, seed ${config.seed}`}`,
    ...shardLines(result).map((text) => `  shards     ${text}`),
    `  time       ${elapsed(result.elapsedMs)}`,
    ...settingLines(result, paint),
    '',
    ...textTable(
      {
        columns: [
          { header: 'change', align: 'left' },
          { header: 'explore', align: 'left' },
          { header: 'setting', align: 'right' },
          { header: 'hardware', align: 'left' },
        ],
        rows: rowsOf(mutants),
        areLabelsWhole: true,
      },
      paint,
    ),
    '',
    ...witnessLines(mutants),
    ...fixedLines(result),
    ...scoreLines(result),
    ...verdictLines(result, paint),
    '',
  ].join('\n');
}

/** That of all its searches. */
function orderingOf({ config }: MutateResult): Rung['ordering'] {
  return config.ladder[0]?.ordering;
}

function settingLines({ baseline }: MutateResult, paint: Paint): string[] {
  const tones: ReadonlyMap<string, Tone> = new Map<string, Tone>([
    ['holds', 'good'],
    ['violated', 'bad'],
    ['vacuous', 'unsure'],
    ['bounded', 'unsure'],
  ]);
  return [
    '  settings   cheapest first, with the verdict on the unchanged strategy',
    ...baseline.map(
      ({ rung, verdict }, index) =>
        `    ${String(index + 1).padStart(2)}  ${paint(tones.get(verdict) ?? 'unsure', verdict.padEnd(8))}  ${rungText(rung)}`,
    ),
  ];
}

function rungText({ start, actors, pages, pagesAre, readsFail }: Rung): string {
  return `${start} ${actorsText(actors)}${pageCount(pages, pagesAre)}${readsFail ? ', reads fail' : ''}`;
}

function rowsOf(mutants: readonly MutantResult[]): Row[] {
  const rows: Row[] = [];
  let last: MutantResult | undefined;
  for (const mutant of mutants) {
    const isNewFunction = mutant.function !== last?.function;
    if (isNewFunction) rows.push({ kind: 'heading', text: mutant.function });
    const label = isNewFunction || mutant.step !== last?.step ? mutant.step : '';
    rows.push({
      kind: 'cells',
      label,
      cells: [mutant.change, exploreCell(mutant), settingCell(mutant), hardwareText(mutant)],
    });
    last = mutant;
  }
  return rows;
}

function exploreCell({ explore }: MutantResult): string | { text: string; tone: Tone } {
  switch (explore?.verdict) {
    case 'killed':
      return explore.invariants.length > 3
        ? `${explore.invariants.slice(0, 3).join(' ')} ...`
        : explore.invariants.join(' ');
    case 'equivalent':
      return { text: 'equivalent', tone: 'good' };
    case 'vacuous':
    case 'bounded':
      return { text: explore.verdict, tone: 'unsure' };
    case undefined:
      return '-';
  }
}

function settingCell({ explore }: MutantResult): string {
  return explore === null || explore.rung === null ? '' : String(explore.rung + 1);
}

function hardwareText(mutant: MutantResult): string {
  const { explore, stress } = mutant;
  if (stress === null) return '-';
  if (!stress.killed && stress.changes === 0) return 'not reached';
  if (!stress.killed) return explore?.verdict === 'killed' ? 'missed' : 'silent';
  const how = isDelayed(mutant) ? ', delayed' : '';
  return `${stress.by[0] ?? ''} in ${elapsed(stress.timeToKillMs ?? 0)}${how}`;
}

/** Whether the attempt that killed it held actors at a point: not a natural rate. */
function isDelayed({ stress }: MutantResult): boolean {
  return stress?.killed === true && Object.keys(stress.delays).length > 0;
}

/** One witness for each step that matters: that of the plainest change. */
function witnessLines(mutants: readonly MutantResult[]): string[] {
  const shown = new Set<string>();
  const lines: string[] = [];
  for (const { function: name, step, change, explore } of mutants) {
    const witness = explore?.witness;
    const key = `${name} ${step}`;
    if (witness === undefined || witness === null || shown.has(key)) continue;
    shown.add(key);
    lines.push(
      ...wrapped(
        `${name}: ${step}, ${change}: ${witness.invariant} after ${counted(witness.steps, 'step')} and ` +
          counted(witness.preemptions, 'preemption'),
        { prefix: '  ' },
      ),
      `    ebtorture replay ${witness.schedule}`,
    );
  }
  return lines.length === 0 ? [] : ['Steps that matter, with a schedule that shows it:', ...lines, ''];
}

function fixedLines({ fixed }: MutateResult): string[] {
  const reasons = new Map<string, number>();
  for (const { change, reason } of fixed) {
    const text = `${change === 'any' ? 'not changed' : 'not moved'}: ${reason}`;
    reasons.set(text, (reasons.get(text) ?? 0) + 1);
  }
  return [...reasons].flatMap(([reason, count]) => wrapped(`${counted(count, 'step')} ${reason}.`));
}

function scoreLines({ score, config, mutants }: MutateResult): string[] {
  const equivalent = mutants.filter(({ explore }) => explore?.verdict === 'equivalent').length;
  const text =
    `Explore kills ${score.killedByExplore} of ${counted(mutants.length, 'mutant')}; ${equivalent} ` +
    `${plural('mutant', equivalent)} cannot be told from the original in any of the settings that reach the step.`;
  if (score.share === null) return wrapped(`${text}${vacuousText(mutants)}`);
  const delayed = mutants.filter((mutant) => isDelayed(mutant)).length;
  const how = delayed === 0 ? 'without delays' : `${delayed} of them with delays`;
  return wrapped(
    `${text}${vacuousText(mutants)} Real threads kill ${score.killedByStress} of the ${score.killedByExplore} within ` +
      `${elapsed(config.stressMs)} each, ${how}: ${percent(Math.round(score.share * 1000) / 1000)}.`,
  );
}

/** Neither killed nor survived: the change keeps the race from being run. */
function vacuousText(mutants: readonly MutantResult[]): string {
  const vacuous = mutants.filter(({ explore }) => explore?.verdict === 'vacuous');
  const why = vacuous[0]?.explore?.reason;
  if (why === undefined || why === null) return '';
  const count = vacuous.length;
  return ` ${count} ${plural('mutant', count)} ${count === 1 ? 'is' : 'are'} vacuous: the change keeps part of the race from being run (${why}).`;
}

function verdictLines(result: MutateResult, paint: Paint): string[] {
  const { verdict, baseline, mutants, isInterrupted, config, shards } = result;
  const under = orderingSuffix(orderingOf(result));
  const bounded = mutants.filter(({ explore }) => explore === null || explore.verdict === 'bounded');
  const reasons = [...new Set(bounded.flatMap(({ explore }) => explore?.reason ?? []))];
  const interrupted = isInterrupted ? ['Interrupted: what is known so far.'] : [];
  switch (verdict) {
    case 'complete':
      return [...interrupted, `Verdict: ${paint('good', 'COMPLETE')}${under}: every mutant is decided.`];
    case 'part':
      return [
        ...interrupted,
        ...wrapped(
          `Verdict: ${paint('unsure', 'A PART')}${under}: every mutant of shard ${config.shard?.index ?? 1} of ${config.shard?.of ?? 1} is decided; others have the rest.`,
        ),
      ];
    case 'undecided':
      return [
        ...interrupted,
        ...(shards === undefined || areWhole(shards) ? [] : wrapped(`Shards: ${shardsText(shards)}.`)),
        ...wrapped(
          `Verdict: ${paint('unsure', 'UNDECIDED')}${under}: ${counted(bounded.length, 'mutant')} and ` +
            `${counted(baseline.filter((each) => each.verdict === 'bounded').length, 'setting')} were not searched to the end` +
            `${reasons.length === 0 ? '' : `: ${listed(reasons.slice(0, 3))}`}.`,
        ),
      ];
    case 'not-as-declared':
      return [
        ...interrupted,
        ...wrapped(
          `Verdict: ${paint('bad', 'NOT AS DECLARED')}${under}: look at the unchanged strategy first, with explore.`,
        ),
      ];
    case 'contradicted':
      return [
        ...interrupted,
        ...wrapped(
          `Verdict: ${paint('bad', 'CONTRADICTED')}: real threads violated what was proved for the same setting. ` +
            'That is a defect of ebtorture: please report it.',
        ),
      ];
  }
}
