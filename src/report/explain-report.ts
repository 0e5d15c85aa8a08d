/**
 * The text of an explanation: the violation that the hardware showed, the interleaving of the model that agrees with
 * everything its actors logged, and the command that replays it.
 */
import { wordsIn } from '../catalog/words.ts';
import type { ExplainedTrial, ExplainResult, Observed } from '../study/explain-result.ts';
import { counted, elapsed, grouped, listed, short } from './number.ts';
import type { Paint } from './paint.ts';
import { replayTable } from './replay-report.ts';
import { calibrationLines, groundsObjection } from './calibration-text.ts';
import { orderingLines, orderingSuffix } from './ordering-text.ts';
import { rerunCommand } from './rerun-command.ts';
import { ratesText } from './run-header.ts';
import { pagesPart } from './pages-text.ts';
import { wrapped } from './wrap.ts';
import { scenarioText } from './scenario-text.ts';

/** Renders a result. */
export function explainReport(result: ExplainResult, paint: Paint): string {
  const { config, observed, explanation } = result;
  const sections: readonly (readonly string[])[] = [
    header(result),
    calibrationLines(result.calibration),
    observed === null
      ? []
      : [`${observed.invariant} ${observed.title}`, ...wrapped(observed.origin, { prefix: '   ' })],
    observed === null || explanation === null ? [] : explanationLines(result, observed, explanation),
    observed === null || result.verdict !== 'contradicted' ? [] : contradictionLines(result, observed),
    result.notices.flatMap((notice) => wrapped(notice, { prefix: 'note: ' })),
    verdictLines(result, paint),
    [
      'Run it again:',
      ...rerunCommand({
        command: 'explain',
        strategies: config.strategies.slice(0, 1),
        hasControl: config.strategies.length > 1 || result.arms[0]?.expectation === 'violates',
        config,
        words: result.words,
      }),
    ],
    explanation === null ? [] : ['Walk through it:', `  ebtorture replay ${explanation.schedule}`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header(result: ExplainResult): string[] {
  const { config, environment, arms, observed, states, searchMs, elapsedMs } = result;
  const arm = arms[0];
  const commit = environment.commit === null ? '' : ` (commit ${environment.commit})`;
  const pages = pagesPart(config.pages, wordsIn(result).pagesAre);
  const logs = observed?.logs.map(({ actor, results }) => `${actor} ${counted(results.length, 'result')}`);
  const facts: readonly (readonly [string, string])[] = [
    ['scenario', `${scenarioText(config)}, start ${config.start}${pages}`],
    ['strategy', arm?.strategy ?? config.strategies[0] ?? ''],
    ['actors', config.actors],
    ['machine', `${environment.cpuModel}, ${counted(environment.cpuCount, 'CPU')}`],
    ['rates', ratesText(config, result.tuning)],
    [
      'hardware',
      `${counted(arm?.violations.total ?? 0, 'violation')} in ${counted(arm?.trials ?? 0, 'trial', short)}, ${elapsed(elapsedMs)}`,
    ],
    ...(logs === undefined ? [] : [['logged', listed(logs)] as const]),
    ...(observed === null
      ? []
      : [
          ['searched', `${counted(states, 'state')} that agree with the logs, ${elapsed(searchMs)}`] as const,
        ]),
    ['seed', String(config.seed)],
  ];
  return [
    ...wrapped(`ebtorture ${environment.version} explain${commit}`),
    ...facts.flatMap(([key, text]) => wrapped(text, { prefix: `  ${key}`.padEnd(13) })),
    ...orderingLines(config.ordering),
  ];
}

function explanationLines(
  { actors, config }: ExplainResult,
  { logs, title }: Observed,
  {
    steps,
    preemptions,
    switches,
    isShortest,
    idleRounds,
    precededBy,
    uncompared = 0,
    inOrder,
  }: ExplainedTrial,
): string[] {
  const logged = logs.reduce((sum, log) => sum + log.results.length, 0);
  const results =
    uncompared === 0
      ? `all ${grouped(logged)} logged results`
      : `${grouped(logged - uncompared)} of ${grouped(logged)} logged results`;
  const fewest = isShortest
    ? 'none with fewer preemptions does'
    : 'whether one with fewer does was too much to search';
  const under = orderingSuffix(config.ordering);
  const notes = [
    `An interleaving${under} that agrees with ${results}: ${counted(steps.length, 'step')}, ` +
      `${counted(switches, 'context switch', grouped).replace(/switchs$/, 'switches')}, ${preemptions} of them preemptions; ${fewest}.`,
    ...(inOrder === undefined ? [] : [IN_ORDER[inOrder]]),
    ...(uncompared === 0 ? [] : ['What was logged behind freed memory or a wait cut short is not compared.']),
    ...(idleRounds === 0
      ? []
      : [`${counted(idleRounds, 'round')} of retry loops that saw nothing new are left out.`]),
    ...(precededBy === null
      ? []
      : [`The same trial broke ${precededBy} before, and the schedule ends there.`]),
  ];
  return [
    ...notes.flatMap((note) => wrapped(note)),
    '',
    ...replayTable(actors, steps),
    `     BUG: ${steps.at(-1)?.label ?? ''}: ${precededBy ?? title}`,
  ];
}

/** Whether stores had to wait for it. */
const IN_ORDER: Readonly<Record<NonNullable<ExplainedTrial['inOrder']>, string>> = {
  impossible: 'With every store visible at once NO interleaving agrees: it takes stores that wait.',
  possible: 'One with every store visible at once agrees, too: no store need have waited.',
  unknown: 'Whether one with every store visible at once agrees was too much to search.',
};

function contradictionLines({ furthest, states, config }: ExplainResult, { logs }: Observed): string[] {
  return [
    ...wrapped(
      `NO interleaving of the model${orderingSuffix(config.ordering)} agrees with what the actors logged: all ${grouped(states)} states that can be ` +
        'reached with these results end before the logs do. Either the model does not run on hardware as the ' +
        'search takes it to, or an engine is wrong: please report it, with all of this.',
    ),
    'Where it got furthest:',
    ...furthest.flatMap(({ label, place, count, operation, field, returns, logged }) =>
      wrapped(
        `${label}: ${place} of ${count} results behind; ${operation}${field === '' ? '' : `(${field})`} ` +
          `${returns === null ? 'has to wait' : `returns ${returns}`}, the log says ${logged === null ? 'nothing' : logged}`,
        { prefix: '  ' },
      ),
    ),
    'The logs:',
    ...logs.flatMap(({ actor, results }) => wrapped(results.join(' '), { prefix: `  ${actor}: ` })),
  ];
}

function verdictLines(result: ExplainResult, paint: Paint): string[] {
  const { verdict, observed, arms, lost, isInterrupted, calibration } = result;
  const under = orderingSuffix(result.config.ordering);
  const groundless = groundsObjection(calibration);
  const trials = counted(arms[0]?.trials ?? 0, 'trial', short);
  switch (verdict) {
    case 'explained':
      return wrapped(
        `Verdict: ${paint('bad', 'VIOLATED')}${under}, and explained: ${observed?.invariant ?? ''} ${observed?.title ?? ''}.`,
      );
    case 'contradicted':
      return wrapped(
        `Verdict: ${paint('bad', 'CONTRADICTED')}${under}: the hardware did what the model cannot do.`,
      );
    case 'unexplained':
      if (calibration?.shows === 'other-order')
        return wrapped(`Verdict: ${paint('unsure', 'UNEXPLAINED')}${under}. ${groundless ?? ''}`);
      return wrapped(
        observed === null
          ? `Verdict: ${paint('unsure', 'UNEXPLAINED')}${under}: ${counted(lost, 'violation')}, each of them with a log too long to be kept.`
          : `Verdict: ${paint('unsure', 'UNEXPLAINED')}${under}: the search was ended by its limit before it had found an ` +
              'interleaving, or shown that there is none.',
      );
    case 'clean':
      return wrapped(
        `Verdict: ${paint('good', 'CLEAN')}${under}: nothing to explain, no violation in ${trials}, while the control beside it violated.`,
      );
    case 'inconclusive':
      if (groundless !== undefined)
        return wrapped(
          `Verdict: ${paint('unsure', 'INCONCLUSIVE')}${under}: nothing to explain, no violation in ${trials}. ${groundless}`,
        );
      return wrapped(
        `Verdict: ${paint('unsure', 'INCONCLUSIVE')}${under}: nothing to explain, no violation in ${trials}, and no control ` +
          `that violated beside it.${isInterrupted ? ' Interrupted: this is what was measured so far.' : ' Run longer.'}`,
      );
  }
}
