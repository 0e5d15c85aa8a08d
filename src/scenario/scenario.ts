import type { Expectation } from '../fix/strategy.ts';
import type { Subject } from '../fix/subject.ts';
import type { Grade } from '../model/invariant.ts';
import type { FsInfo, Geometry } from '../memory/layout.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import type { BioStatus } from '../model/block-layer.ts';
import type { Model } from '../model/model.ts';
import type { CostedOperation } from './costed-operation.ts';
import type { Ladder } from './ladder.ts';
import type { Measure } from './measure.ts';
import type { ReplayColumn } from './replay-column.ts';
import type { RoleCount } from './role-count.ts';

export type { RoleCount } from './role-count.ts';

/** What an actor's operations work with. */
export interface ActorContext<Class extends Model = Model> {
  readonly model: Class;
  readonly memory: SharedMemory;
  readonly geometry: Geometry;
  /** 0-based among all actors. */
  readonly actor: number;
  /** 0-based among the actors of the same role. */
  readonly ordinal: number;
  /** Bit s is set if actor s submits reads that end-io actors complete. */
  readonly submitters: number;
  /** How the device answers the next bio. */
  readonly bioStatus: () => BioStatus;
}

/**
 * One part of an actor's program. `carried` is what the operation before returned, 0 for the first; returning 0 ends
 * the program. Nothing else may be remembered from one operation to the next.
 */
export interface Operation<Class extends Model = Model> {
  /** The kernel function it calls. */
  readonly name: string;
  run(this: void, context: ActorContext<Class>, carried: number): number;
}

/** A kind of actor. */
export interface Role<Class extends Model = Model> {
  /** What `--actors` takes. */
  readonly name: string;
  readonly summary: string;
  /** How many extent_buffers one trial of it may allocate. */
  readonly allocates: number;
  readonly submitsReads: boolean;
  readonly completesReads: boolean;
  /** Whether it may wait for a page that is locked for a read, so that reads must be completed at all. */
  readonly waitsForPages: boolean;
  /** Whether it waits for its own read, so that another actor must complete it. */
  readonly waitsForOwnRead: boolean;
  /** Name of the role whose actor it waits for, so that there must be one. @default none */
  readonly waitsForRole?: string | undefined;
  readonly program: readonly Operation<Class>[];
}

/** A way in which a trial can end, and how it is judged. */
export interface Outcome {
  readonly name: string;
  readonly grade: Grade;
  readonly summary: string;
}

/** A state in which trials start. */
export interface StartState {
  readonly name: string;
  readonly summary: string;
  /** Actors if `--actors` says nothing. */
  readonly actors: readonly RoleCount[];
  /**
   * By role: how many actors of it there are, no more and no fewer, as each has what nobody else gives back, such as a reference that it
   * holds since before. @default any number, of every role that is not named
   */
  readonly serves?: Readonly<Record<string, number>> | undefined;
  /** Buffers that exist at the start. */
  readonly buffers: number;
  /** Trials between two rendezvous if `--stride` says nothing: longer is faster, shorter keeps unequal actors together. */
  readonly stride: number;
  /** Writes the state into a world that no actor uses. */
  readonly reset: (words: Int32Array, geometry: Geometry, fs: FsInfo) => void;
}

/** A delay that holds an actor in the window of a race, so that it is hit more often. */
export interface Widening {
  readonly point: string;
  readonly ns: number;
}

/** Most outcomes that a scenario may define: nobody reads a longer table. */
export const OUTCOMES_MAX = 32;

/** A check of a scenario's own. */
export interface ScenarioCheck {
  /** From `OWN_CHECK_MIN` up to, not including, `CHECK_COUNT`. */
  readonly number: number;
  /** Short name in tables and JSON. */
  readonly id: string;
  /** What is broken when it is counted, in a few words. */
  readonly title: string;
  /** Where it comes from. */
  readonly origin: string;
}

/** What of the kernel's history a scenario replays. */
export interface HistoryEntry {
  /** The year of the commit that mended it. */
  readonly year: number;
  /** That commit, its first 12 digits, or `in RELEASE` where only that is known; null where the kernel has not mended it. */
  readonly commit: string | null;
  /** Its title, in short. */
  readonly title: string;
  /** What was seen of it. */
  readonly symptom: string;
  /** Ids of invariants: what the commit speaks of, of which the race breaks one at least. */
  readonly breaks: readonly string[];
}

/**
 * The kernels of one generation that a race is played on. On each it is a scenario of its own, with a model, strategies and promises
 * of its own, whose name is `NAME@KERNEL`; on the default kernel it is `NAME`. Made by `onKernels`.
 */
export interface Kernels {
  /** What `--kernel` takes, oldest first. */
  readonly names: readonly string[];
  /** The kernel of the scenario that has none in its name. */
  readonly default: string;
  /** The one that this scenario is played on. */
  readonly own: string;
  /**
   * The scenario on one of `names`, the same object every time.
   * @throws {RangeError} If it is none of them.
   */
  readonly of: (kernel: string) => Scenario;
}

/** What a litmus test asks for. */
export interface LitmusAsked {
  /** The name of the test. */
  readonly test: string;
  readonly quantifier: 'exists' | '~exists' | 'forall';
  readonly condition: string;
}

/** A litmus test that a scenario is made of: what it asks for, and what its final states are. */
export interface ScenarioLitmus extends LitmusAsked {
  /** Where in a world what a final state shows lies: words behind its start. */
  readonly observedAt: readonly number[];
  /**
   * A final state of these values, in the order of `observedAt`, as litmus7 prints it: `*>0:r1=0; 1:r1=0;` where it meets the condition,
   * `:>...` where not.
   */
  readonly stateText: (values: readonly number[]) => string;
}

/** The first number that built-in checks leave free for those of scenarios and strategies. */
export const OWN_CHECK_MIN = 32;

/**
 * A race to play: start states, actor programs, graded outcomes. What stands behind those may be left out: results and reports
 * then have no such figures, and the engines do what is said with each.
 */
export interface Scenario {
  /** What it is a race of. */
  readonly subject: Subject;
  /** What `--scenario` takes: of a plug-in the path of its module, on another kernel than the default one `NAME@KERNEL`. */
  readonly name: string;
  /** Whether it comes from a module of a user's, so that nothing is taken for granted. */
  readonly isPlugIn?: boolean | undefined;
  /** The kernels that it is played on. @default one, that of its subject */
  readonly kernels?: Kernels | undefined;
  readonly summary: string;
  /** The kernel commit or text it comes from. */
  readonly origin: string;
  /** What the race needs beyond one block, its pages and its buffers, and is not played. @default nothing that would matter */
  readonly leavesOut?: string;
  /** The first one is the default. */
  readonly starts: readonly StartState[];
  readonly roles: readonly Role[];
  /** The first one is that of a violation. */
  readonly outcomes: readonly Outcome[];
  /** Names of the checks of its own. @default none */
  readonly checks?: readonly ScenarioCheck[] | undefined;
  /**
   * The outcome of a trial in which no check was violated, as an index into `outcomes`; `notes` are those of all actors. One that
   * is FORBIDDEN makes the trial a violation.
   */
  readonly classify: (notes: number) => number;
  /**
   * What must hold once all actors have finished, in place of what the built-in subject is judged by: the number of the check that
   * the world at `fs` breaks, or 0.
   */
  readonly atRest?: ((words: Int32Array, geometry: Geometry, fs: FsInfo) => number) | undefined;
  /** What it is made of, whose final states results list; its threads may end while they hold a lock. @default none */
  readonly litmus?: ScenarioLitmus | undefined;
  /** What is counted beside violations. @default nothing */
  readonly measures?: readonly Measure[];
  /** Operations that `compare` counts and times under each strategy. @default none */
  readonly costs?: readonly CostedOperation[];
  /** Where mutants are tried. @default every start state with its own actors, with one page and with two */
  readonly ladder?: Ladder;
  /** Pages of a buffer unless told otherwise: as few as show it. @default 4 */
  readonly pages?: number;
  /** What may happen by chance in every search of it, asked for or not. @default nothing */
  readonly chances?: Partial<Readonly<Record<'readsFail' | 'trylocksFail' | 'setupsFail', true>>>;
  /** Name of the strategy that mends it. @default the first fix of the subject */
  readonly fix?: string;
  /** Name of the strategy that is known to violate here. @default `none`, the kernel before the fix */
  readonly control?: string;
  /** Name of the one of `weakControls` of the subject that is known to violate here where stores wait. @default none is known */
  readonly weakControl?: string;
  /** By name of a strategy what it promises here. @default what the strategy promises itself */
  readonly promises?: Readonly<Record<string, Expectation>>;
  /** What a replay shows of the buffers in use. @default the words that each step changes */
  readonly replayColumns?: readonly ReplayColumn[];
  /** What it replays; `history` shows the scenarios that say so. @default nothing */
  readonly history?: HistoryEntry;
  /** What a report advises where the race was hit too rarely. @default no delay */
  readonly widening?: Widening;
}
