import type { RecordedStep } from '../../fix/mutation/step-recorder.ts';
import type { LockNesting } from '../../memory/lock-order.ts';
import type { WasmMemory, WasmModule } from '../../memory/wasm-instructions.ts';
import type { Learnt } from '../compiled/compiled-trials.ts';
import type { Shard } from '../../stats/shard.ts';
import type { NamedSetting } from '../../catalog/named-setting.ts';
import type { Waits } from './amplification.ts';

/** What the worker threads are told: plain data, in `workerData` and in the task of each of them. */

/** What every thread gets when it starts. */
export interface ThreadData {
  readonly plan: RunPlan;
  /** On the plan's memory: the code of the instructions, and that which judges its worlds and brings them back. */
  readonly instructions: WasmModule;
  readonly judge: WasmModule | undefined;
  readonly reset: WasmModule;
  /** By actor and arm: what the thread in its place has learnt before. */
  readonly learnt: readonly LearntInArms[];
}

/** By arm: what an actor has learnt of its program there. */
export type LearntInArms = readonly (Learnt | undefined)[];

/** What an actor brings home. */
export interface Brought {
  /** By arm: what it took there, if the plan records that. */
  readonly taken: readonly TakenSteps[];
  readonly learnt: LearntInArms;
}

/** The same for all threads of a run. */
export interface RunPlan extends NamedSetting {
  /** All shared memory of the run. */
  readonly memory: WasmMemory;
  readonly worlds: number;
  readonly stride: number;
  readonly arms: readonly ArmPlan[];
  readonly seed: number;
  /** Whose the seeds of its blocks are; undefined: anybody's. */
  readonly shard?: Shard | undefined;
  /** Blocks of the same run before these threads: the seed of a block is that of its number in the whole run. @default 0 */
  readonly blocksBefore?: number | undefined;
  readonly trylockFail: number;
  readonly readFail: number;
  /** @default 0 */
  readonly setupFail?: number | undefined;
  readonly delays: Readonly<Record<string, number>>;
  /** Undefined: none. */
  readonly waits?: Waits | undefined;
  /** When the process started, in ms of the wall clock. */
  readonly startedAtMs: number;
  /** Whether trials are judged and counted: false only where a benchmark asks what that costs. */
  readonly isJudged: boolean;
  /** Whether actors measure how long each stage takes. */
  readonly isProfiled: boolean;
  /** Whether actors log what their steps return, and keep the logs of the first violation of arm 0. @default false */
  readonly isRecorded?: boolean | undefined;
  /** Whether actors put down which steps they take, which is slow. @default false */
  readonly recordsSteps?: boolean | undefined;
  /** Probes of a contended word before an actor sleeps. */
  readonly spinsMax: number;
  /** How trials are launched in blocks that say nothing else; undefined: the actors meet once per stride. */
  readonly launch?: Launch | undefined;
  /** The same of how strides are shifted. */
  readonly shift?: Shift | undefined;
  /** Whether blocks may have a `Launch` or a `Shift`, so that actors calibrate the loop behind its offset. @default false */
  readonly isLaunched?: boolean | undefined;
}

/** How the actors of a block keep together. */
export interface Pace {
  /** Trials between two rendezvous; without a meaning where there is a launch. */
  readonly stride: number;
  /** Worlds that take turns, two strides at least. */
  readonly worlds: number;
  /** Undefined: the actors meet once per stride. */
  readonly launch?: Launch | undefined;
  /** How the strides are shifted against each other; undefined: not at all. Excludes `launch`. */
  readonly shift?: Shift | undefined;
}

/** How the trials of a block are launched, where the actors meet in every trial and not once per stride. */
export interface Launch {
  /** How much later the actors of the first role start than the others, in ns; negative: so much earlier. */
  readonly offsetNs: number;
  /** The actor that touches the memory of a trial last before it, 0-based. */
  readonly lastToucher: number;
}

/** Strides whose actors start at an offset, and of which one actor alone judges the trials and brings the worlds back. */
export interface Shift extends Launch {
  /** Up to how much later still the actors of the first role start, every time in it equally likely, in ns. */
  readonly jitterNs: number;
  /** Worlds from the first of a stride to that of the next, at least a stride: those between are left out. */
  readonly spacing: number;
}

/** One arm: its strategy by name, or by the path of a plug-in module. */
interface ArmPlan {
  readonly strategy: string;
  /** The methods that a plug-in overrides, for messages. */
  readonly overrides?: readonly string[];
}

/** What an actor took in one arm. */
export interface TakenSteps {
  readonly steps: readonly RecordedStep[];
  /** Numbers of the checks that it made. */
  readonly checks: readonly number[];
  /** Locks that it took while it held others: one place of each nesting of two kinds. */
  readonly nestings: readonly LockNesting[];
}

/** One thread: this actor in all arms. */
export interface ActorTask {
  readonly actor: number;
}
