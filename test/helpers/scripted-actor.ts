import { modelOf } from '../../src/fix/plug-in/load.ts';
import type { ModelClass, Strategy } from '../../src/fix/strategy.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import { type BlockLayer, OwnMailbox, ServedMailbox, SlowDevice } from '../../src/model/block-layer.ts';
import type { BioStatus } from '../../src/model/block-layer.ts';
import type { PointName } from '../../src/subject/extent-buffer/v5.7/point.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import {
  type Completion,
  resolveSetting,
  type Setting,
  type SettingOptions,
} from '../../src/scenario/setting.ts';
import { noteNames, TestWorld } from './test-world.ts';
import { type Step, TracingMemory } from './tracing-memory.ts';

/** What an actor of a script plays. */
export interface ScriptedRole {
  readonly world: TestWorld;
  readonly setting: Setting;
  /** 0-based among the actors of the setting. */
  readonly actor: number;
  readonly strategy: Strategy;
  readonly status: BioStatus;
}

/** Thrown through the model to stop an actor in front of a step. */
const SUSPENDED = new Error('suspended in front of a step');

/**
 * A memory that repeats the results of the steps taken so far and then goes on for as long as it is allowed to: the
 * model below is an ordinary function, and is run from its start each time its actor goes on.
 */
class ScriptedMemory extends TracingMemory {
  /** Whether the actor is to stop in front of a step or point. */
  stopsAt: (name: string) => boolean = () => false;
  /** Where the actor stands. */
  standsAt = 'start';
  isBlocked = false;
  readonly #log: unknown[] = [];
  #replayed = 0;

  get stepCount(): number {
    return this.#log.length;
  }

  restart(): void {
    this.#replayed = 0;
  }

  /** A place between two steps, at which a script may stop as well. */
  point(name: PointName): void {
    this.step({ name: `@${name}`, take: () => {} });
  }

  override writeGhost(address: number, value: number): void {
    if (this.#replayed === this.#log.length) super.writeGhost(address, value);
    this.#next(() => {});
  }

  override recordOops(oops: number, check: number): void {
    // A use after free is recorded from inside a step; that step's result is not logged yet.
    if (this.#replayed === this.#log.length) super.recordOops(oops, check);
  }

  protected override step<Result>(step: Step<Result>): Result {
    return this.#next(() => {
      this.standsAt = step.name;
      if (this.stopsAt(step.name)) throw SUSPENDED;
      this.isBlocked = step.isBlocked?.() === true;
      if (this.isBlocked) throw SUSPENDED;
      const result = step.take();
      this.leave(step, result);
      return result;
    });
  }

  #next<Result>(take: () => Result): Result {
    if (this.#replayed === this.#log.length) this.#log.push(take());
    return this.#log[this.#replayed++] as Result;
  }
}

/**
 * One actor of a race that is played without threads: it goes on step by step, or up to a named step or point, while
 * the others stand still.
 */
export class ScriptedActor {
  isDone = false;
  notes: readonly string[] = [];
  readonly #memory: ScriptedMemory;
  readonly #run: () => void;
  readonly #label: string;

  constructor({ world, setting, actor, strategy, status }: ScriptedRole) {
    const place = setting.actors[actor];
    if (place === undefined) throw new RangeError(`the setting has no actor ${actor}`);
    const memory = new ScriptedMemory(world.place(actor), world.names);
    const Model = withPoints(modelOf(strategy), memory);
    this.#memory = memory;
    this.#label = place.label;
    this.#run = () => {
      const model = world.model(memory, Model, deviceOf(setting.completion, memory, actor));
      const context = {
        model,
        memory,
        geometry: setting.geometry,
        actor,
        ordinal: place.ordinal,
        submitters: setting.submitters,
        bioStatus: () => status,
      };
      try {
        let carried = 0;
        for (const [index, operation] of place.role.program.entries()) {
          if (index > 0 && carried === 0) break;
          carried = operation.run(context, carried);
        }
        place.epilogue?.run(context, 0);
      } finally {
        this.notes = noteNames(model.notes);
      }
    };
  }

  /** The steps taken, points among them with an `@` in front. */
  get trace(): readonly string[] {
    return this.#memory.trace;
  }

  /** Goes on up to, and not including, the first step or point whose name begins with `stop`. */
  until(stop: string): this {
    this.#goOn((name) => name.startsWith(stop));
    if (this.isDone) throw new Error(`${this.#label} never came to '${stop}'`);
    this.#assertNotBlocked();
    return this;
  }

  /** Plays the rest. */
  finish(): this {
    this.#goOn(() => false);
    this.#assertNotBlocked();
    return this;
  }

  /** Takes at most `count` steps, points included. Returns how many it could take before the end or a lock. */
  take(count: number): number {
    const before = this.#memory.stepCount;
    this.#goOn(() => this.#memory.stepCount >= before + count);
    return this.#memory.stepCount - before;
  }

  #goOn(stopsAt: (name: string) => boolean): void {
    if (this.isDone) return;
    this.#memory.restart();
    this.#memory.stopsAt = stopsAt;
    this.#memory.isBlocked = false;
    try {
      this.#run();
      this.isDone = true;
    } catch (error) {
      if (error !== SUSPENDED) throw error;
    }
  }

  #assertNotBlocked(): void {
    if (this.#memory.isBlocked) throw new Error(`${this.#label} waits at '${this.#memory.standsAt}'`);
  }
}

/** What a race without threads is made from. */
export interface ScriptOptions extends Omit<SettingOptions, 'scenario'> {
  readonly strategy: Strategy;
  /** How the device answers. @default 'ok' */
  readonly status?: BioStatus;
}

/** One trial of the scenario, played without threads. */
export class Script {
  readonly world: TestWorld;
  readonly actors: readonly ScriptedActor[];
  readonly #setting: Setting;
  readonly #bioReferences: number;

  constructor({ strategy, status = 'ok', ...options }: ScriptOptions) {
    const setting = resolveSetting({ scenario: readaheadVsReleasepage, pages: 2, ...options });
    const { pages, buffers } = setting.geometry;
    const start = setting.start.name;
    const world = new TestWorld({ start, pages, buffers, actors: setting.actors.length });
    this.#setting = setting;
    this.#bioReferences = world.model(world.memory(), modelOf(strategy)).bioReferences;
    this.world = world;
    this.actors = setting.actors.map(
      (_, actor) => new ScriptedActor({ world, setting, actor, strategy, status }),
    );
  }

  /** The actor with that label. */
  actor(label: string): ScriptedActor {
    const actor = this.actors[this.#setting.actors.findIndex((place) => place.label === label)];
    if (actor === undefined) throw new RangeError(`nobody is called '${label}'`);
    return actor;
  }

  /** Plays all actors to their ends, each for as long as it can; throws if they wait for each other. */
  finish(): this {
    while (this.actors.some(({ isDone }) => !isDone)) {
      const taken = this.actors.reduce((sum, actor) => sum + actor.take(Infinity), 0);
      if (taken === 0 && this.actors.some(({ isDone }) => !isDone)) {
        throw new Error('the actors wait for each other');
      }
    }
    return this;
  }

  /** What all actors have noted. */
  get notes(): readonly string[] {
    return [...new Set(this.actors.flatMap(({ notes }) => notes))];
  }

  /** The verdict on the trial, all actors having finished. */
  get verdict(): string {
    return this.world.verdict(this.#setting.completion !== 'none', this.#bioReferences);
  }
}

function withPoints(Base: ModelClass, memory: ScriptedMemory): ModelClass {
  return class WithPoints extends Base {
    protected override reached(point: PointName): void {
      memory.point(point);
    }
  };
}

/** The device of an actor, as the hardware engine chooses it. */
export function deviceOf(completion: Completion, memory: SharedMemory, actor: number): BlockLayer {
  if (completion === 'none') return new SlowDevice();
  return completion === 'own-interrupt' ? new OwnMailbox(memory, actor) : new ServedMailbox(memory, actor);
}
