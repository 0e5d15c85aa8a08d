/** The text of an exhaustive search: the verdict with its bounds, what was seen, and the shortest witness of each violation. */
import type { ExploreResult, ExploreViolation, Witness } from '../explore/explore.ts';
import { litmusLines } from './litmus-text.ts';
import { lockOrderLines } from './lock-order-text.ts';
import { neverReachedLines, vacuityReasons } from './never-reached-text.ts';
import { counted, grouped, listed } from './number.ts';
import { orderingLines, orderingSuffix, orderingText } from './ordering-text.ts';
import type { Paint } from './paint.ts';
import { foreverText, replayTable } from './replay-report.ts';
import { actorsText } from '../scenario/role-count.ts';
import { pagesPart } from './pages-text.ts';
import { wrapped } from './wrap.ts';
import { scenarioText } from './scenario-text.ts';

/** Renders a result. `labels` are those of the actors. */
export function exploreReport(result: ExploreResult, labels: readonly string[], paint: Paint): string {
  const { start, pages, pagesAre, strategy, states, transitions, depthMax, elapsedMs } = result;
  const chances = [
    ...(result.chances.readsFail ? ['reads may fail'] : []),
    ...(result.chances.trylocksFail ? ['trylock_page may fail'] : []),
    ...(result.chances.setupsFail ? ['the setup of reads may fail'] : []),
  ];
  const outcomes = result.outcomes.map(({ name, grade }) => `${name} (${grade})`);
  return [
    `ebtorture explore: every interleaving of ${scenarioText(result)}`,
    `  strategy   ${strategy}`,
    `  start      ${start}${pagesPart(pages, pagesAre)}`,
    `  actors     ${actorsText(result.actors)}`,
    ...orderingLines(result.ordering),
    ...(chances.length === 0 ? [] : [`  chances    ${listed(chances)}`]),
    `  searched   ${grouped(states)} states, ${grouped(transitions)} transitions${depthMax === null ? '' : `, up to ${depthMax} steps deep`}`,
    `  time       ${(elapsedMs / 1000).toFixed(2)} s`,
    ...wrapped(schedulesText(result), { prefix: '  schedules  ' }),
    ...wrapped(outcomes.length === 0 ? 'none' : listed(outcomes), { prefix: '  outcomes   ' }),
    ...neverReachedLines(result.neverReached),
    '',
    ...result.violations.flatMap((violation) => violationLines(violation, labels)),
    ...lockOrderLines(result.lockOrder, paint),
    ...litmusLines(result),
    ...verdictLines(result, paint),
    ...unchangedLines(result),
    '',
  ].join('\n');
}

/** What a mutant's verdict is worth whose changed step is never come to. */
export function unchangedLines({
  isChangeReached,
  verdict,
}: Pick<ExploreResult, 'isChangeReached'> & { readonly verdict: string }): string[] {
  if (isChangeReached !== false) return [];
  const searched =
    verdict === 'bounded' || verdict === 'inconclusive' ? 'that was searched' : 'of this setting';
  return wrapped(
    `VACUOUS: no schedule ${searched} comes to the changed step: this is the verdict of the unchanged strategy, and says ` +
      'nothing of the mutant.',
  );
}

function missingText(share: number): string {
  if (share >= 0.9995) return 'more than 99.9 %';
  return share < 0.0005 ? 'less than 0.1 %' : `about ${(share * 100).toFixed(1)} %`;
}

function endText({ endedBy }: ExploreResult): string {
  if (endedBy === 'memory') return 'its actors can come to more than there is memory for, which ended it';
  if (endedBy === 'operation') return 'an operation takes more than 1,000 steps, which ended it';
  return endedBy === 'interrupt' ? 'it was interrupted' : `the limit of ${endedBy ?? 'the search'} ended it`;
}

function schedulesText({ interleavings, violationProbability, uncounted }: ExploreResult): string {
  if (interleavings === null) return `not counted: ${uncounted ?? 'not asked for'}`;
  const share =
    violationProbability === null || violationProbability === 0
      ? 'none violates'
      : `a uniformly random scheduler violates with probability ${violationProbability.toPrecision(3)}`;
  return `${interleavings}; ${share}`;
}

function violationLines(
  { invariant, title, origin, witness }: ExploreViolation,
  labels: readonly string[],
): string[] {
  const head = [`${invariant} ${title}`, ...wrapped(origin, { prefix: '   ' })];
  if (witness === null) return [...head, '   no witness was found within the limits', ''];
  const { preemptions, switches, steps, schedule } = witness;
  return [
    ...head,
    `   shortest witness: ${counted(steps.length, 'step')}, ${counted(switches, 'context switch')}, ${preemptions} of them preemptions`,
    '',
    ...replayTable(labels, steps),
    ...endLines(invariant, title, witness),
    '',
    `   ebtorture replay ${schedule}`,
    '',
  ];
}

function endLines(invariant: string, title: string, { steps, blocked, cycle }: Witness): string[] {
  switch (invariant) {
    case 'livelock':
      return [
        `     LIVELOCK: ${foreverText(cycle, steps.length)}`,
        ...blocked.map(({ label, operation }) => `     ${label} spins in ${operation}()`),
      ];
    case 'deadlock':
      return [
        '     DEADLOCK: nobody can go on',
        ...blocked.map(
          ({ label, operation, field, owner }) =>
            `     ${label} waits in ${operation}(${field})${owner === undefined ? '' : `, which ${owner} holds`}`,
        ),
      ];
    default:
      return [`     BUG: ${steps.at(-1)?.label ?? ''}: ${title}`];
  }
}

/** What the verdict holds for. */
function proofText({ pagesAre, ordering }: ExploreResult): string {
  const bounds = `for these actors${pagesAre === 'none' ? ' and this start' : ', this start and these pages'}`;
  return ordering === 'lkmm-stores'
    ? `No violation from delayed stores ${bounds}; the order of two loads is not searched`
    : `A proof ${bounds}, ${orderingText(ordering)}`;
}

function verdictLines(result: ExploreResult, paint: Paint): string[] {
  switch (result.verdict) {
    case 'violated':
      return [
        `Verdict: ${paint('bad', 'VIOLATED')}${orderingSuffix(result.ordering)}: ${listed(result.violations.map(({ invariant, title }) => `${invariant} ${title}`))}.`,
      ];
    case 'holds':
      return [
        `Verdict: ${paint('good', 'HOLDS')}${orderingSuffix(result.ordering)}: no schedule of this setting violates.`,
        ...wrapped(
          `${proofText(result)}; states are told apart by ` +
            `64-bit hashes, which hide one with probability ${result.missProbability.toExponential(1)}.`,
        ),
      ];
    case 'vacuous':
      return wrapped(
        `Verdict: ${paint('unsure', 'VACUOUS')}${orderingSuffix(result.ordering)}: no schedule of this setting violates, which shows nothing, since ` +
          `${vacuityReasons(result).join('; ')}. Take another start or other actors, or look at the strategy.`,
      );
    case 'bounded':
      return wrapped(
        `Verdict: ${paint('unsure', 'BOUNDED')}${orderingSuffix(result.ordering)}: ${endText(result)}; ` +
          `${missingText(result.missingEstimate)} of it is missing. Nothing was violated until then, which proves nothing.`,
      );
  }
}
