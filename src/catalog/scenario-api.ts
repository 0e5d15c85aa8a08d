/**
 * `ebtorture/scenario`: what a race of one's own is written with, and nothing that runs it.
 *
 * A scenario is a module whose default export is a `ScenarioPlugIn`: who runs what, from which state, and how a trial may end. It
 * may say for which version of this interface it is written, `export const apiVersion = 1`. Its actors call methods of the model,
 * which a strategy changes, or access memory themselves.
 */
import type { Expectation, Strategy } from '../fix/strategy.ts';
import type { Point } from '../fix/subject.ts';
import type { Model, ModelClass } from '../model/model.ts';
import type { StructuresPlugIn } from '../scenario/structure-layout.ts';
import { FS_OOPS, type FsInfo, type Geometry } from '../memory/layout.ts';
import { CHECK_COUNT } from '../model/check.ts';
import { NOTE_COUNT } from '../subject/extent-buffer/v5.7/note.ts';
import { readaheadVsReleasepage } from '../subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import {
  type ActorContext,
  type Outcome,
  OWN_CHECK_MIN,
  type Role,
  type RoleCount,
  type Scenario,
  type ScenarioCheck,
  type StartState,
} from '../scenario/scenario.ts';

export { SCENARIO_API_VERSION } from '../scenario/scenario-module.ts';
export type {
  ActorContext,
  Operation,
  Outcome,
  Role,
  RoleCount,
  Scenario,
  StartState,
} from '../scenario/scenario.ts';
export * from '../memory/layout.ts';
export * from '../memory/page-flags.ts';
export { objectInUse, resetWorld, zeroObject } from '../memory/structures.ts';
export { Model, type ModelClass, type ModelParts } from '../model/model.ts';
export { layoutOf, type StructuresPlugIn } from '../scenario/structure-layout.ts';
export type { SharedMemory } from '../memory/shared-memory.ts';
export * from '../subject/extent-buffer/v5.7/bflags.ts';
export * from '../subject/extent-buffer/v5.7/layout.ts';
export { Check, type CheckNumber } from '../subject/extent-buffer/v5.7/check.ts';
export { EIO, type Wait, WAIT_COMPLETE, WAIT_NONE } from '../subject/extent-buffer/v5.7/extent-buffer-io.ts';
export { ExtentBufferModel } from '../subject/extent-buffer/v5.7/extent-buffer-model.ts';
export { Note, type NoteBit } from '../subject/extent-buffer/v5.7/note.ts';

/** A part of a program: what it returns goes to the next one as `carried`; 0, or nothing, ends the program. */
export interface OperationPlugIn {
  /** What is called, as reports name it. */
  readonly name: string;
  readonly run: (context: ActorContext, carried: number) => number | void;
}

/** A kind of actor; what is left out is false, or 0. */
export type RolePlugIn = Pick<Role, 'name'> &
  Partial<Omit<Role, 'name' | 'program'>> & { readonly program: readonly OperationPlugIn[] };

/** A state in which trials start; one buffer exists in it, and strides have 64 trials, unless it says otherwise. */
export type StartPlugIn = Pick<StartState, 'name' | 'reset'> &
  Partial<Omit<StartState, 'actors'>> & { readonly actors: readonly ActorsPlugIn[] };

/** So many actors of one role; one, unless it says otherwise. */
export type ActorsPlugIn = Pick<RoleCount, 'role'> & Partial<RoleCount>;

/** A strategy of a subject of one's own. */
export interface StrategyOfSubject
  extends Pick<Strategy, 'name'>, Partial<Pick<Strategy, 'summary' | 'origin'>> {
  /** @default 'holds' */
  readonly expectation?: Expectation;
  /** Takes the model of the subject and returns it with methods overridden. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the class is the module's own
  readonly extend: (Base: any) => ModelClass;
}

/** A subject of one's own: what the race is about, in place of the built-in one. */
export interface SubjectPlugIn {
  /** As texts have it. */
  readonly name: string;
  /** What a world consists of; `layoutOf` says where the fields stand. */
  readonly structures: StructuresPlugIn;
  /** The model: one method per kernel function, on `this.mem`. Strategies override them, and mutants change their steps. */
  readonly model: (Base: typeof Model) => ModelClass;
  /** Beside `none`, the model as it is, unless one of them has that name. */
  readonly strategies?: readonly StrategyOfSubject[];
  /** Places that the model says it has `reached`, where `--delay` can hold an actor. */
  readonly points?: readonly (Pick<Point, 'name'> & Partial<Point>)[];
}

/** The default export of a scenario's module. */
export interface ScenarioPlugIn extends Partial<
  Pick<
    Scenario,
    | 'summary'
    | 'origin'
    | 'measures'
    | 'costs'
    | 'ladder'
    | 'control'
    | 'promises'
    | 'replayColumns'
    | 'widening'
  >
> {
  /** What it is a race of. @default the built-in subject */
  readonly subject?: SubjectPlugIn;
  /** The first one is the default. */
  readonly starts: readonly StartPlugIn[];
  readonly roles: readonly RolePlugIn[];
  /** The first one is that of a trial that violates an invariant, graded FORBIDDEN. */
  readonly outcomes: readonly (Pick<Outcome, 'name' | 'grade'> & Partial<Outcome>)[];
  /** The outcome of a trial that violates none, as an index into `outcomes`, by what all actors have noted. */
  readonly classify: Scenario['classify'];
  /** Names of its own checks, which `violated` and `atRest` give by their numbers. */
  readonly checks?: readonly (Omit<ScenarioCheck, 'origin'> & Partial<ScenarioCheck>)[];
  /** In place of what the built-in subject is judged by at rest. */
  readonly atRest?: (words: Int32Array, geometry: Geometry, fs: FsInfo) => number | void;
}

/** The built-in scenario: its start states and roles may be taken over, whole or in part. */
export const builtIn: Scenario = readaheadVsReleasepage;

/** Bits for notes of a scenario's own: `OWN_NOTES[0]` to `OWN_NOTES[8]`. */
export const OWN_NOTES: readonly number[] = Array.from(
  { length: 9 },
  (_, index) => 1 << (NOTE_COUNT + index),
);

/** A start state of the built-in scenario. */
export function startNamed(name: string): StartState {
  const found = builtIn.starts.find((start) => start.name === name);
  if (found === undefined) throw new RangeError(`there is no start state '${name}'`);
  return found;
}

/** A role of the built-in scenario. */
export function roleNamed(name: string): Role {
  const found = builtIn.roles.find((role) => role.name === name);
  if (found === undefined) throw new RangeError(`there is no role '${name}'`);
  return found;
}

/** Notes something of this trial: bits of `Note` or of `OWN_NOTES`. */
export function note({ model }: ActorContext, bits: number): void {
  model.notes |= bits;
}

/**
 * Counts a violation of an invariant of the scenario's own, by a number that the built-in ones leave free.
 * @throws {RangeError} If it is none from 32 to 127: 0 would count nothing.
 */
export function violated({ memory, model }: ActorContext, check: number): void {
  if (!Number.isInteger(check) || check < OWN_CHECK_MIN || check >= CHECK_COUNT)
    throw new RangeError(
      `violated(${check}): a check of a scenario has a number from ${OWN_CHECK_MIN} to ${CHECK_COUNT - 1}`,
    );
  memory.recordOops(model.fsInfo + FS_OOPS, check);
}

/** The scenario as it is: for editors that complete and check its members. */
export function defineScenario(scenario: ScenarioPlugIn): ScenarioPlugIn {
  return scenario;
}
