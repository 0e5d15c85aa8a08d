/** Work that runs a strategy outside of a hardware run: here for the project's own, in a thread for plug-ins. */
import { type Explanation, type ExplanationOptions, explainTrial } from '../explore/explain/explanation.ts';
import {
  exploreAtRandom,
  type RandomExploreOptions,
  type RandomExploreResult,
} from '../explore/random-explore.ts';
import { exploreOnThreads } from '../explore/explore-on-threads.ts';
import type { ExploreOptions, ExploreResult } from '../explore/explore.ts';
import { LitmusExportError } from '../explore/litmus/export-error.ts';
import {
  exportLitmus,
  type LitmusExport,
  type LitmusExportOptions,
} from '../explore/litmus/export-litmus.ts';
import type { Move } from '../explore/machine/move.ts';
import { type Replay, replaySchedule } from '../explore/witness/replay.ts';
import type { Chances } from '../explore/search/session.ts';
import { loadStrategy } from '../fix/plug-in/load.ts';
import { suspectsIn, type UserModule } from '../fix/plug-in/suspects.ts';
import { loadScenario } from '../catalog/load-scenario.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import { plugInsOf } from '../catalog/plug-ins-of.ts';
import { scenarioNamed, scenarios } from '../catalog/registry.ts';
import type { ArmCost } from '../stress/result/result.ts';
import { ladderOf, type Rung } from './mutate-ladder.ts';
import { type MutantObjection, objectionTo } from './mutant-objection.ts';
import { costOf } from './operation-cost.ts';
import type { Subject } from './subject.ts';
import { type Survey, surveyOf } from './survey.ts';

/** A search. */
export interface ExploreTask extends Subject, Pick<ExploreOptions, 'reductions' | 'chances' | 'limits'> {
  readonly kind: 'explore';
  /** Threads of a search that is not small. @default 1 */
  readonly threads?: number | undefined;
}

/** A replay. */
export interface ReplayTask extends Subject {
  readonly kind: 'replay';
  readonly moves: readonly Move[];
  readonly chances: Chances;
}

/** A witness as a litmus test. */
export interface ExportTask
  extends Subject, Pick<LitmusExportOptions, 'moves' | 'chances' | 'schedule' | 'form'> {
  readonly kind: 'export';
}

/** The test, or why there is none. */
export type Exported = LitmusExport | { readonly refused: string };

/** What operations of a scenario cost under a strategy. */
export interface CostTask extends Pick<Subject, 'strategy' | 'scenario' | 'pages'> {
  readonly kind: 'cost';
  /** How long each operation is timed. */
  readonly timeMs: number;
}

/** The explanation of a trial that violated on hardware. */
export interface ExplainTask
  extends Subject, Pick<ExplanationOptions, 'check' | 'logs' | 'chances' | 'statesMax'> {
  readonly kind: 'explain';
}

/** Random schedules. */
export interface RandomTask
  extends Subject, Pick<RandomExploreOptions, 'scheduler' | 'schedules' | 'seed' | 'chances'> {
  readonly kind: 'random';
}

/** The steps of a strategy in a setting. */
export interface SurveyTask extends Pick<Subject, 'strategy'> {
  readonly kind: 'survey';
  readonly rung: Rung;
  /** Limit of one search in ms. */
  readonly exploreMs: number;
}

/** Whether a mutant's step is there in the settings of a scenario; of the first one, where none is named. */
export interface MutantTask extends Pick<Subject, 'strategy'> {
  readonly scenario?: string | undefined;
  readonly kind: 'mutant';
  /** As in the name of a mutant, behind `~`. */
  readonly mutation: string;
}

/** What can be done. */
export type Task =
  ExploreTask | ReplayTask | ExportTask | ExplainTask | RandomTask | CostTask | SurveyTask | MutantTask;

/** What comes of it. */
export type ResultOf<Wanted extends Task> = Results[Wanted['kind']];
/** What comes of any task. */
export type AnyResult = Results[Task['kind']];
interface Results {
  readonly explore: ExploreResult;
  readonly replay: Replay;
  readonly export: Exported;
  readonly explain: Explanation;
  readonly random: RandomExploreResult;
  readonly cost: ArmCost;
  readonly survey: Survey;
  readonly mutant: MutantObjection;
}

/** How a task that is being done and whoever waits for it speak with each other. */
export interface TaskHooks {
  /** Ends a search on threads with what it has. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a search goes over to threads, and when it comes back: `signal` works between the two. */
  readonly onThreads?: ((areRunning: boolean) => void) | undefined;
  /** Asked now and then by what one thread does alone, in which no signal arrives. */
  readonly isInterrupted?: (() => boolean) | undefined;
}

/** Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const now = performance.now.bind(performance);

/** Does it here. `beat` is called now and then while it goes on. */
export async function perform(task: Task, beat: () => void, hooks: TaskHooks = {}): Promise<AnyResult> {
  const scenario = scenarioOf(task) ?? scenarios[0]?.name ?? '';
  await loadScenario(scenario);
  const strategy = await loadStrategy(task.strategy, scenarioNamed(scenario).subject);
  beat();
  const clock = (): number => {
    beat();
    return now();
  };
  switch (task.kind) {
    case 'explore': {
      const setting = settingNamed(task);
      const { reductions, chances, limits } = task;
      return exploreOnThreads({
        ...hooks,
        threads: task.threads ?? 1,
        setting,
        strategy,
        strategySource: task.strategy,
        reductions,
        chances,
        limits,
        clock,
      });
    }
    case 'replay':
      return replaySchedule({
        setting: settingNamed(task),
        strategy,
        moves: task.moves,
        chances: task.chances,
      });
    case 'export':
      return exported({ ...task, setting: settingNamed(task), strategy });
    case 'explain':
      return explainTrial({ ...task, setting: settingNamed(task), strategy });
    case 'random':
      return exploreAtRandom({
        ...task,
        setting: settingNamed(task),
        strategy,
        strategySource: task.strategy,
        isInterrupted: hooks.isInterrupted,
      });
    case 'cost':
      return costOf(
        { strategy, scenario: scenarioNamed(task.scenario), pages: task.pages },
        { timeMs: task.timeMs, beat },
      );
    case 'survey':
      return surveyOf(strategy, task.rung, { timeMaxMs: task.exploreMs, clock });
    case 'mutant':
      return objectionTo(strategy, task.mutation, ladderOf(scenarioNamed(scenario)), clock);
  }
}

function exported(options: LitmusExportOptions): Exported {
  try {
    return exportLitmus(options);
  } catch (error) {
    if (error instanceof LitmusExportError) return { refused: error.message };
    throw error;
  }
}

/** The name of the scenario that a task is about, if it is about one. */
export function scenarioOf(task: Task): string | undefined {
  if ('scenario' in task) return task.scenario;
  return 'rung' in task ? task.rung.scenario : undefined;
}

/** The modules of users that a task runs: the strategy, or the one that a mutant is made of, and the scenario. */
export function plugInsOfTask(task: Task): readonly UserModule[] {
  return plugInsOf(task.strategy, scenarioOf(task));
}

/** Whose doing something is that a stack tells of: a path, or two of which it may be either. */
export function blamed(task: Task, stack?: string): string {
  const suspects = suspectsIn(stack, plugInsOfTask(task));
  if (suspects.length === 0) return task.strategy;
  return suspects.map(({ kind, path }) => (kind === 'strategy' ? task.strategy : path)).join(' or ');
}
