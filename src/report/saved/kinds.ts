/** What there is to render of each kind of result: an entry for every command that saves one. */
import { ACTORS_MAX } from '../../memory/layout.ts';
import { findScenario, scenarios } from '../../catalog/registry.ts';
import { promisedIn } from '../../scenario/promises.ts';
import { labelsOf } from '../../scenario/setting.ts';
import type { ExploreResult } from '../../explore/explore.ts';
import { pageCount } from '../pages-text.ts';
import type { RoleCount } from '../../scenario/scenario.ts';
import type { ArmResult, CompareResult, StressResult } from '../../stress/result/result.ts';
import type { MergedRunResult } from '../../study/merge/merged-run-result.ts';
import { cpusReport } from '../cpus-report.ts';
import { diffReport, diffReason } from '../diff-report.ts';
import { exploreReport } from '../explore-report.ts';
import { explainReport } from '../explain-report.ts';
import { historyReport } from '../history-report.ts';
import { huntReport } from '../hunt-report.ts';
import { contradictionsIn, mergeReport, mergeVerdict } from '../merge-report.ts';
import { mutateReport } from '../mutate-report.ts';
import { vacuityReasons } from '../never-reached-text.ts';
import { counted, elapsed, listed, short } from '../number.ts';
import { orderingSuffix } from '../ordering-text.ts';
import type { Paint } from '../paint.ts';
import { randomReport } from '../random-report.ts';
import { replayReport } from '../replay-report.ts';
import { actorsText } from '../../scenario/role-count.ts';
import { scenarioText } from '../scenario-text.ts';
import { compareReport, stressReport } from '../run-report.ts';
import { compareVerdict, stressVerdict } from '../verdict-text.ts';
import { windowVerdict } from '../window-findings.ts';
import { windowReport } from '../window-report.ts';
import type { Case, CaseState } from './case.ts';
import type { SavedResults, Schema } from './saved-result.ts';

/** Names beyond so many are counted. */
const NAMES_MAX = 4;

/** How results of one schema are rendered: pure functions of the result. */
export interface Kind<Result> {
  /** The command and what it was about. */
  readonly title: (result: Result) => string;
  /** What tells it from another one with that title. */
  readonly detail: (result: Result) => string;
  /** What the command printed. */
  readonly report: (result: Result, paint: Paint) => string;
  /** One at least. */
  readonly cases: (result: Result) => readonly Case[];
}

type Kinds = { readonly [Name in Schema]: Kind<SavedResults[Name]> };

export const kinds: Kinds = {
  'ebtorture.compare/1': {
    title: ({ arms, config }) =>
      `compare ${namesText(arms.map(({ strategy }) => strategy))}${orderingSuffix(config.ordering)}`,
    detail: runDetail,
    report: (result, paint) => compareReport(result, paint),
    cases: (result) => {
      const { reasons } = compareVerdict(result);
      const disagrees = result.agreement?.verdict ?? 'agrees';
      const isOpen = result.isInterrupted || result.contradictions !== undefined || disagrees !== 'agrees';
      const states = {
        'as-declared': 'passed',
        'not-as-declared': 'failed',
        inconclusive: 'undecided',
      } as const;
      return [
        overall({ state: states[result.verdict], isOpen, reason: reasons.join(' ') }),
        ...result.arms.map((arm) => armCase(arm, result.verdict === 'as-declared')),
      ];
    },
  },
  'ebtorture.stress/1': {
    title: ({ arms, config, litmus }) =>
      litmus === undefined
        ? `stress ${listed(arms.filter((arm) => !arm.isControl).map(({ strategy }) => strategy))}${orderingSuffix(config.ordering)}`
        : `stress litmus test ${litmus.test}${orderingSuffix(config.ordering)}`,
    detail: runDetail,
    report: (result, paint) => stressReport(result, paint),
    cases: (result) => {
      const { reasons } = stressVerdict(result);
      const violated = isToViolate(result.arms.find(({ isControl }) => !isControl)) ? 'passed' : 'failed';
      const states = { clean: 'passed', violated, inconclusive: 'undecided' } as const;
      return [
        overall({ state: states[result.verdict], isOpen: result.isInterrupted, reason: reasons.join(' ') }),
        ...result.arms.filter(({ isControl }) => isControl).map((arm) => armCase(arm, false)),
      ];
    },
  },
  'ebtorture.window/1': {
    title: ({ strategy }) => `window ${strategy}`,
    detail: ({ config, elapsedMs }) => `${scenarioText(config)}, seed ${config.seed}, ${elapsed(elapsedMs)}`,
    report: (result, paint) => windowReport(result, paint),
    cases: (result) => {
      const { reasons } = windowVerdict(result);
      const states = { measured: 'passed', violated: 'failed', flat: 'undecided' } as const;
      return [
        overall({ state: states[result.verdict], isOpen: result.isInterrupted, reason: reasons.join(' ') }),
      ];
    },
  },
  'ebtorture.explore/1': {
    title: (result) => `explore ${result.strategy}, ${settingText(result)}${orderingSuffix(result.ordering)}`,
    detail: (result) => `${scenarioText(result)}, start ${result.start}`,
    report: (result, paint) => exploreReport(result, actorLabels(result), paint),
    cases: (result) => {
      const { verdict, violations, isChangeReached, endedBy, states } = result;
      const found = {
        holds: 'passed',
        violated: violatesAsDeclared(result) ? 'passed' : 'failed',
        vacuous: 'undecided',
        bounded: 'undecided',
      } as const;
      const reasons = {
        holds: `Every interleaving was searched: ${counted(states, 'state')}.`,
        violated: `${listed(violations.map(({ invariant, title }) => `${invariant} ${title}`))}.`,
        vacuous: `It shows nothing: ${vacuityReasons(result).join('; ')}.`,
        bounded: `The search was ended by ${endedBy ?? 'a limit'}.`,
      };
      return [
        overall({ state: found[verdict], isOpen: isChangeReached === false, reason: reasons[verdict] }),
      ];
    },
  },
  'ebtorture.explore-random/1': {
    title: (result) =>
      `explore ${result.strategy}, ${settingText(result)}, ${counted(result.schedules, 'random schedule', short)}${orderingSuffix(result.ordering)}`,
    detail: (result) => `${scenarioText(result)}, start ${result.start}, seed ${result.seed}`,
    report: (result, paint) => randomReport(result, actorLabels(result), paint),
    cases: ({ verdict, violations, scenario, strategy }) => [
      overall({
        state:
          verdict !== 'violated'
            ? 'undecided'
            : violatesAsDeclared({ scenario, strategy })
              ? 'passed'
              : 'failed',
        isOpen: false,
        reason:
          verdict === 'violated'
            ? `${listed(violations.map(({ invariant, title }) => `${invariant} ${title}`))}.`
            : 'A sample of schedules proves nothing.',
      }),
    ],
  },
  'ebtorture.replay/1': {
    title: ({ strategy }) => `replay of a schedule under ${strategy}`,
    detail: ({ steps, end }) => `${counted(steps.length, 'step')}, ${end.kind}`,
    report: (result, paint) => replayReport(result, result, paint),
    cases: ({ end, strategy }) => [
      overall({
        state:
          ['violated', 'deadlock', 'livelock'].includes(end.kind) && !violatesAsDeclared({ strategy })
            ? 'failed'
            : 'passed',
        isOpen: false,
        reason: `It ended ${end.kind}.`,
      }),
    ],
  },
  'ebtorture.explain/1': {
    title: ({ config }) => `explain ${namesText(config.strategies)}${orderingSuffix(config.ordering)}`,
    detail: ({ config }) => `${scenarioText(config)}, seed ${config.seed}`,
    report: explainReport,
    cases: ({ verdict, observed, arms }) => {
      const states: Readonly<Record<typeof verdict, CaseState>> = {
        clean: 'passed',
        explained: isToViolate(arms[0]) ? 'passed' : 'failed',
        contradicted: 'undecided',
        unexplained: 'undecided',
        inconclusive: 'undecided',
      };
      const what = observed === null ? '' : ` ${observed.invariant} ${observed.title}.`;
      return [overall({ state: states[verdict], isOpen: false, reason: `Verdict: ${verdict}.${what}` })];
    },
  },
  'ebtorture.mutate/1': {
    title: ({ strategy, mutants, config }) =>
      `mutate ${strategy}, ${counted(mutants.length, 'mutant')}${orderingSuffix(config.ladder[0]?.ordering)}`,
    detail: ({ config }) => `${config.ladder[0]?.scenario ?? ''}, seed ${config.seed}`,
    report: mutateReport,
    cases: ({ verdict, isInterrupted, mutants }) => {
      const states: Readonly<Record<typeof verdict, CaseState>> = {
        complete: 'passed',
        part: 'undecided',
        'not-as-declared': 'failed',
        undecided: 'undecided',
        contradicted: 'undecided',
      };
      return [
        overall({ state: states[verdict], isOpen: isInterrupted, reason: `Verdict: ${verdict}.` }),
        ...mutants.map(({ id, explore }): Case => {
          const proof = explore?.verdict ?? 'bounded';
          const why = proof === 'vacuous' ? `: ${explore?.reason ?? ''}` : '';
          return {
            name: id,
            state: proof === 'bounded' ? 'undecided' : 'passed',
            reason: proof === 'killed' ? `Killed: ${listed(explore?.invariants ?? [])}.` : `${proof}${why}.`,
          };
        }),
      ];
    },
  },
  'ebtorture.history/1': {
    title: ({ rows }) => `history, ${counted(rows.length, 'race')}`,
    detail: ({ config }) =>
      `${config.hardwareMs === null ? 'explore alone' : 'on threads too'}, seed ${config.seed}`,
    report: historyReport,
    cases: ({ verdict, isInterrupted, rows }) => {
      const states = {
        'as-declared': 'passed',
        'not-as-declared': 'failed',
        undecided: 'undecided',
      } as const;
      return [
        overall({ state: states[verdict], isOpen: isInterrupted, reason: `Verdict: ${verdict}.` }),
        ...rows.map(({ scenario, verdict: shown, before, after }): Case => ({
          name: scenario,
          state: states[shown],
          reason: `${before.strategy}: ${before.verdict} ${listed(before.invariants)}; ${after.strategy}: ${after.verdict}.`,
        })),
      ];
    },
  },
  'ebtorture.hunt/1': {
    title: ({ config }) => `hunt ${config.strategy}, kernel ${config.kernel}`,
    detail: ({ config, elapsedMs }) =>
      `size ${config.size}, ${config.seed === null ? 'in order' : `seed ${config.seed}`}, ${elapsed(elapsedMs)}`,
    report: huntReport,
    cases: ({ verdict, isInterrupted, findings, sizes }) => {
      const states = {
        complete: 'passed',
        found: 'failed',
        part: 'undecided',
        bounded: 'undecided',
      } as const;
      const programs = sizes.reduce((sum, counts) => sum + counts.programs, 0);
      return [
        overall({
          state: states[verdict],
          isOpen: isInterrupted,
          reason: `${counted(findings.length, 'race')} in ${counted(programs, 'program')}.`,
        }),
        ...findings.map(({ key, title, program }): Case => ({
          name: key,
          state: 'failed',
          reason: `${title}: ${program}.`,
        })),
      ];
    },
  },
  'ebtorture.merge/1': {
    title: ({ command, arms, config }) =>
      `merge of ${command} ${namesText(arms.map(({ strategy }) => strategy))}${orderingSuffix(config.ordering)}`,
    detail: ({ config, strata, elapsedMs }) =>
      `${scenarioText(config)}, ${counted(strata.length, 'machine')}, ${elapsed(elapsedMs)}`,
    report: mergeReport,
    cases: mergeCases,
  },
  'ebtorture.cpus/1': {
    title: ({ topology }) => `cpus, ${counted(topology.processors.length, 'processor')}`,
    detail: ({ environment }) => environment.cpuModel,
    report: cpusReport,
    cases: ({ isInterrupted, pairs }) => {
      const measured = pairs.filter(({ roundTrip }) => roundTrip !== null).length;
      return [
        overall({
          state: measured < pairs.length ? 'undecided' : 'passed',
          isOpen: isInterrupted,
          reason: `${measured} of ${counted(pairs.length, 'pair')} measured.`,
        }),
      ];
    },
  },
  'ebtorture.diff/1': {
    title: ({ command }) => `diff of two results of ${command}`,
    detail: ({ a, b }) => `A ${a.file}, B ${b.file}`,
    report: diffReport,
    cases: (result) => {
      const states = { same: 'passed', different: 'failed', 'not-told': 'undecided' } as const;
      return [overall({ state: states[result.verdict], isOpen: false, reason: `${diffReason(result)}.` })];
    },
  },
};

function namesText(names: readonly string[]): string {
  const rest = names.length - NAMES_MAX;
  return rest <= 1 ? names.join(', ') : `${names.slice(0, NAMES_MAX).join(', ')} and ${rest} more`;
}

function runDetail({ config, elapsedMs }: CompareResult | StressResult): string {
  return `${scenarioText(config)}, seed ${config.seed}, ${elapsed(elapsedMs)}`;
}

/** The verdict over all machines, and each arm on each of them. */
function mergeCases(result: MergedRunResult): Case[] {
  const { verdict, strata, arms, isInterrupted } = result;
  const states: Readonly<Record<typeof verdict, CaseState>> = {
    'as-declared': 'passed',
    'not-as-declared': 'failed',
    clean: 'passed',
    violated: isToViolate(arms[0]) ? 'passed' : 'failed',
    inconclusive: 'undecided',
  };
  const isOpen = isInterrupted || contradictionsIn(result).length > 0;
  return [
    overall({ state: states[verdict], isOpen, reason: mergeVerdict(result).reasons.join(' ') }),
    ...strata.flatMap(({ name, result: own }) =>
      own.arms.map((arm): Case => {
        const { name: strategy, state, reason } = armCase(arm, own.verdict === 'as-declared');
        return { name: `${strategy} on ${name}`, state, reason };
      }),
    ),
  ];
}

/** The first case of every result: its verdict, which only a whole run has. */
function overall({
  state,
  isOpen,
  reason,
}: {
  readonly state: CaseState;
  readonly isOpen: boolean;
  readonly reason: string;
}): Case {
  return { name: 'verdict', state: isOpen && state === 'passed' ? 'undecided' : state, reason };
}

/**
 * An arm passes if it does what its strategy declares. `isServed`: another control has violated, so that one which cannot in
 * this setting is no loss.
 */
function armCase(arm: ArmResult, isServed: boolean): Case {
  const { strategy, expectation, verdict, violations, trials, proof } = arm;
  const isRefuted = expectation === 'holds' && (verdict === 'violated' || proof?.verdict === 'violated');
  const isAsDeclared = verdict === (expectation === 'violates' ? 'violated' : 'clean');
  const note =
    isRefuted && verdict !== 'violated'
      ? ', and explore has a schedule that violates it'
      : arm.cannotViolate === true
        ? ', and explore proves that it cannot violate here'
        : proof?.verdict === 'vacuous'
          ? `, and nothing puts it to the test: ${vacuityReasons(proof).join('; ')}`
          : '';
  const declared = expectation === 'violates' ? 'to violate' : 'to hold';
  return {
    name: strategy,
    state: isRefuted
      ? 'failed'
      : isAsDeclared || (isServed && arm.cannotViolate === true)
        ? 'passed'
        : 'undecided',
    reason:
      `Expected ${declared}: ${counted(violations.total, 'violation')} in ${counted(trials, 'trial', short)}` +
      `${note}.`,
  };
}

/** Whether an arm is declared to violate. */
function isToViolate(arm: Pick<ArmResult, 'expectation'> | undefined): boolean {
  return arm?.expectation === 'violates';
}

/**
 * Whether a strategy is of the project, and declared to violate in a scenario; without one, in all scenarios that have it. A mutant
 * is declared to do nothing.
 */
function violatesAsDeclared({
  scenario,
  strategy,
}: {
  readonly scenario?: string;
  readonly strategy: string;
}): boolean {
  const found = scenario === undefined ? undefined : findScenario(scenario);
  const played = scenario === undefined ? scenarios : found === undefined ? [] : [found];
  const declared = played.flatMap((each) =>
    each.subject.strategies
      .filter(({ name }) => name === strategy)
      .map((same) => promisedIn(each, same).expectation),
  );
  return declared.length > 0 && declared.every((expectation) => expectation === 'violates');
}

function settingText({
  actors,
  pages,
  pagesAre,
}: Pick<ExploreResult, 'actors' | 'pages' | 'pagesAre'>): string {
  return `${actorsText(actors)}${pageCount(pages, pagesAre)}`;
}

/** Whoever renders a result need not have its scenario. */
function actorLabels({ actors }: { readonly actors: readonly RoleCount[] }): string[] {
  const total = actors.reduce((sum, { count }) => sum + count, 0);
  if (total > ACTORS_MAX) throw new RangeError(`${total} actors`);
  return labelsOf(actors.flatMap(({ role, count }) => Array.from({ length: count }, () => role)));
}
