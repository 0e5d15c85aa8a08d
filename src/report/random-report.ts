/** The text of random schedules: what they found, and what it means if they found nothing. */
import type { RandomExploreResult, RandomViolation } from '../explore/random-explore.ts';
import { unchangedLines } from './explore-report.ts';
import { counted, grouped, listed, short } from './number.ts';
import { orderingLines, orderingSuffix } from './ordering-text.ts';
import type { Paint } from './paint.ts';
import { replayTable } from './replay-report.ts';
import { actorsText } from '../scenario/role-count.ts';
import { pagesPart } from './pages-text.ts';
import { wrapped } from './wrap.ts';
import { scenarioText } from './scenario-text.ts';

/** Renders a result. `labels` are those of the actors. */
export function randomReport(result: RandomExploreResult, labels: readonly string[], paint: Paint): string {
  const { start, pages, pagesAre, strategy, scheduler, schedules, seed, transitions, stepsMax } = result;
  const chances = [
    ...(result.chances.readsFail ? ['reads may fail'] : []),
    ...(result.chances.trylocksFail ? ['trylock_page may fail'] : []),
    ...(result.chances.setupsFail ? ['the setup of reads may fail'] : []),
  ];
  const outcomes = result.outcomes.map((outcome) => `${outcome.name} ${grouped(outcome.schedules)}`);
  const name = scheduler.kind === 'pct' ? `PCT of depth ${scheduler.depth}` : 'uniform';
  return [
    `ebtorture explore: random schedules of ${scenarioText(result)}`,
    `  strategy   ${strategy}`,
    `  start      ${start}${pagesPart(pages, pagesAre)}`,
    `  actors     ${actorsText(result.actors)}`,
    ...(chances.length === 0 ? [] : [`  chances    ${listed(chances)}`]),
    ...orderingLines(result.ordering),
    `  scheduler  ${name}, seed ${seed}`,
    `  played     ${counted(schedules, 'schedule')}, ${grouped(transitions)} transitions, up to ${stepsMax} steps each`,
    ...(result.isInterrupted === true ? ['             fewer than asked for: it was interrupted'] : []),
    ...wrapped(outcomes.length === 0 ? 'none' : listed(outcomes), { prefix: '  outcomes   ' }),
    ...wrapped(guarantee(result), { prefix: '  detection  ' }),
    '',
    ...result.violations.flatMap((violation) => violationLines(violation, schedules, labels)),
    ...verdictLines(result, paint),
    ...unchangedLines(result),
    ...result.violations.map(({ witness }) => `  ebtorture replay ${witness.schedule}`),
    '',
  ].join('\n');
}

function guarantee({
  scheduler,
  stepsMax,
  actors,
  detection,
  verdict,
  schedules,
  ordering,
}: RandomExploreResult): string {
  const { perSchedule, overall, shareBelow, confidence } = detection;
  if (scheduler.kind === 'pct' && perSchedule !== null && overall !== null) {
    // Where stores wait, the buffer of each actor has a priority of its own.
    const each = ordering === undefined ? 1 : 2;
    const count = actors.reduce((sum, actor) => sum + each * actor.count, 0);
    return (
      `a violation of depth ${scheduler.depth} is found by a schedule with probability at least ` +
      `1/(${count} x ${stepsMax}^${scheduler.depth - 1}) = ${short(perSchedule)}, by all of them at least ${short(overall)}`
    );
  }
  if (verdict === 'violated') return 'the share of schedules that violate is counted below';
  return (
    `none in ${grouped(schedules)}: fewer than ${short(shareBelow ?? 1)} of all uniformly random schedules ` +
    `violate, at ${confidence * 100} %`
  );
}

function violationLines(
  { invariant, title, origin, schedules, witness }: RandomViolation,
  played: number,
  labels: readonly string[],
): string[] {
  const { steps, preemptions, switches, blocked } = witness;
  return [
    `${invariant} ${title}: in ${grouped(schedules)} of ${counted(played, 'schedule')}`,
    ...wrapped(origin, { prefix: '   ' }),
    ...wrapped(
      `the first of them, not the shortest: ${counted(steps.length, 'step')}, ${counted(switches, 'context switch')}, ` +
        `${preemptions} of them preemptions`,
      { prefix: '   ' },
    ),
    '',
    ...replayTable(labels, steps),
    `     BUG: ${steps.at(-1)?.label ?? ''}: ${title}`,
    ...blocked.map(({ label, operation, field }) => `     ${label} waits in ${operation}(${field})`),
    '',
  ];
}

function verdictLines({ verdict, violations, ordering }: RandomExploreResult, paint: Paint): string[] {
  if (verdict === 'violated') {
    const names = violations.map(({ invariant, title }) => `${invariant} ${title}`);
    return [`Verdict: ${paint('bad', 'VIOLATED')}${orderingSuffix(ordering)}: ${listed(names)}.`];
  }
  return wrapped(
    `Verdict: ${paint('unsure', 'INCONCLUSIVE')}${orderingSuffix(ordering)}: no schedule violated, which is no proof: see detection.`,
  );
}
