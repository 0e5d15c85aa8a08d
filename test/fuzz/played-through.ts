import type { Machine } from '../../src/explore/machine/machine.ts';
import type { Move } from '../../src/explore/machine/move.ts';
import { ALL_REDUCTIONS, type Chances, Session } from '../../src/explore/search/session.ts';
import { attemptedKind, Kind, KIND_NAMES, type Step, type StepKind } from '../../src/explore/program/step.ts';
import { FS } from '../../src/explore/program/fs.ts';
import { modelOf } from '../../src/fix/plug-in/load.ts';
import type { Strategy } from '../../src/fix/strategy.ts';
import { type Access, accessKinds } from '../../src/memory/access.ts';
import { accessNumbers } from '../../src/memory/access-numbers.ts';
import { InterceptingMemory } from '../../src/memory/intercepting-memory.ts';
import { type Address, FS_BIO, PAGE_FLAGS } from '../../src/memory/layout.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import {
  type BlockLayer,
  FailingSetups,
  OwnMailbox,
  ServedMailbox,
  SlowDevice,
} from '../../src/model/block-layer.ts';
import { BIO_STATUSES } from '../../src/model/block-layer.ts';
import type { Setting } from '../../src/scenario/setting.ts';
import { Prng } from '../../src/stats/prng.ts';
import { settingFor } from '../helpers/explore-setting.ts';
import type { FuzzSetting } from './program.ts';

/**
 * A third opinion on a schedule. The search runs the code of an actor anew for every step, and leaves it by an exception; here
 * it runs once, from its beginning to where the schedule leaves it, on what its steps returned in the search. It must take the
 * same steps, and stand before the same step in the end.
 */

/** A step that an actor took in the search, or stands before. */
interface Taken {
  readonly step: Step;
  readonly result: number;
}

interface Walk {
  /** By actor: what it took, and the step that it stands before; undefined for one that has violated something. */
  readonly taken: readonly (readonly Taken[])[];
  readonly pending: readonly (Step | undefined)[];
}

/** Longer schedules are left where they are. */
const STEPS_MAX = 600;
const RANDOM_WALKS = 12;

export interface WalkOptions {
  readonly setting: FuzzSetting;
  readonly strategy: Strategy;
  readonly seed: number;
  /** Schedules that are to be looked at, besides random ones. */
  readonly schedules: readonly (readonly Move[])[];
}

/** Where the code does not take the steps that the search says it takes. */
export function contradictionsInWalks({ setting: at, strategy, seed, schedules }: WalkOptions): string[] {
  const setting = settingFor(at.start, at.actors, at.pages);
  const session = new Session({ setting, strategy, chances: at.chances, reductions: ALL_REDUCTIONS });
  const walks = session.attempt((machine) => {
    const prng = new Prng(seed);
    return [
      ...schedules.map((moves) => walk(session, machine, (step) => moves[step])),
      ...Array.from({ length: RANDOM_WALKS }, () => walk(session, machine, () => randomMove(machine, prng))),
    ];
  });
  const found = walks.flatMap((each) =>
    setting.actors.map((_, actor) => objection(setting, strategy, at.chances, actor, each)),
  );
  // One is enough: where the code goes another way, it does so in many schedules.
  return found.filter((each) => each !== undefined).slice(0, 1);
}

function randomMove(machine: Machine, prng: Prng): Move | undefined {
  const able = Array.from({ length: machine.actorCount }, (_, actor) => actor).filter((actor) =>
    machine.isEnabled(actor),
  );
  const actor = able[able.length === 0 ? 0 : prng.nextBelow(able.length)];
  return actor === undefined ? undefined : { actor, choice: prng.nextBelow(machine.choices(actor)) };
}

function walk(session: Session, machine: Machine, next: (step: number) => Move | undefined): Walk {
  const { automata } = session;
  const stepOf = (actor: number): Step => automata.steps.at(automata.step.at[machine.nodes[actor] ?? 0] ?? 0);
  machine.reset();
  const taken = Array.from({ length: machine.actorCount }, (): Taken[] => []);
  let violator = -1;
  for (let count = 0; count < STEPS_MAX && violator < 0; count++) {
    const move = next(count);
    if (move === undefined) break;
    const step = stepOf(move.actor);
    const check = machine.take(move.actor, move.choice);
    taken[move.actor]?.push({ step, result: machine.result });
    if (check !== 0) violator = move.actor;
  }
  return { taken, pending: taken.map((_, actor) => (actor === violator ? undefined : stepOf(actor))) };
}

/** Runs an actor on what it was given in a walk: what it does otherwise. */
function objection(
  setting: Setting,
  strategy: Strategy,
  { readsFail, setupsFail }: Chances,
  actor: number,
  { taken, pending }: Walk,
): string | undefined {
  const place = setting.actors[actor];
  if (place === undefined) throw new RangeError(`there is no actor ${actor}`);
  const ownMailbox = setting.completion === 'own-interrupt' ? FS + FS_BIO + actor : -1;
  const memory = new PlayedMemory(taken[actor] ?? [], ownMailbox);
  const Model = modelOf(strategy);
  const device = deviceOf(setting, memory, actor);
  const model = new Model({
    memory,
    geometry: setting.geometry,
    blockLayer: setupsFail ? new FailingSetups(device, memory.setupFails) : device,
  });
  model.fsInfo = FS;
  const context = {
    model,
    memory,
    geometry: setting.geometry,
    actor,
    ordinal: place.ordinal,
    submitters: setting.submitters,
    bioStatus: () => (readsFail ? (BIO_STATUSES[memory.bioStatus()] ?? 'ok') : 'ok'),
  };
  try {
    let carried = 0;
    for (const [index, operation] of place.role.program.entries()) {
      if (index > 0 && carried === 0) break;
      carried = operation.run(context, carried);
    }
    place.epilogue?.run(context, 0);
  } catch (error) {
    if (!memory.isOver) return `${place.label} threw ${String(error)} after ${memory.count} steps`;
  }
  const last = pending[actor];
  const difference = memory.difference ?? (last === undefined ? undefined : memory.endsOtherwise(last));
  return difference === undefined
    ? undefined
    : `${place.label}, after ${memory.count} steps of its own: ${difference}`;
}

function deviceOf(setting: Setting, memory: SharedMemory, actor: number): BlockLayer {
  if (setting.completion === 'none') return new SlowDevice();
  return setting.completion === 'own-interrupt'
    ? new OwnMailbox(memory, actor)
    : new ServedMailbox(memory, actor);
}

const DONE: Step = { kind: Kind.Done, address: 0, operand: 0, replacement: 0 };

function text({ kind, address, operand, replacement }: Step): string {
  return `${KIND_NAMES[kind] ?? kind}(${address}, ${operand}, ${replacement})`;
}

/** Of a fault no more is known than what was tried, and where. */
function isSame(one: Step, other: Step): boolean {
  const isFault = one.kind === Kind.Fault || other.kind === Kind.Fault;
  if (!isFault) return text(one) === text(other);
  return attemptedKind(one) === attemptedKind(other) && one.address === other.address;
}

const OVER = new Error('the schedule leaves the actor here');

/** Gives each step what it returned in the search; from the end of that on, every step throws. */
class PlayedMemory extends InterceptingMemory {
  isOver = false;
  count = 0;
  difference: string | undefined;
  readonly #taken: readonly Taken[];
  readonly #ownMailbox: Address;
  #stoppedAt: Step | undefined;

  constructor(taken: readonly Taken[], ownMailbox: Address) {
    // Nothing is handed on: what each step gives is known.
    super({} as SharedMemory);
    this.#taken = taken;
    this.#ownMailbox = ownMailbox;
  }

  /** Where the code has come to another end than the search. */
  endsOtherwise(pending: Step): string | undefined {
    const next = this.#stoppedAt ?? DONE;
    if (this.count < this.#taken.length) return `it ends, and took ${this.#taken.length} in the search`;
    if (isSame(next, pending)) return undefined;
    return `it stands before ${text(next)}, in the search before ${text(pending)}`;
  }

  #step(kind: StepKind, address: Address, operand = 0, replacement = 0): number {
    if (this.isOver) throw OVER;
    const step = { kind, address, operand, replacement };
    const taken = this.#taken[this.count];
    if (taken === undefined) this.#stoppedAt = step;
    else if (isSame(step, taken.step)) {
      this.count++;
      return taken.result;
    } else this.difference = `it takes ${text(step)}, in the search ${text(taken.step)}`;
    this.isOver = true;
    throw OVER;
  }

  bioStatus = (): number => this.#step(Kind.BioStatus, 0);
  setupFails = (): boolean => this.#step(Kind.SetupFails, 0) !== 0;

  protected override take(access: Access, address: Address, operand: number, replacement: number): number {
    const isOwn = address === this.#ownMailbox;
    if (isOwn && access === 'readOnce') return this.#step(Kind.ReadOwn, 0);
    if (isOwn && access === 'writeOnce') return this.#step(Kind.WriteOwn, 0, operand);
    const isOfPage = accessKinds[access].target === 'page-lock';
    return this.#step(accessNumbers[access], isOfPage ? address + PAGE_FLAGS : address, operand, replacement);
  }

  override writeGhost(): void {}
  override recordOops(): void {}
}
