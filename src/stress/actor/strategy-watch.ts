import { type Access, accessKinds } from '../../memory/access.ts';
import { accessNumbers } from '../../memory/access-numbers.ts';
import { InterceptingMemory } from '../../memory/intercepting-memory.ts';
import { Snapshot } from '../../fix/plug-in/built-ins.ts';
import { IMPURE, PURITY_RULE } from '../../fix/plug-in/guards.ts';
import { type Address, type FsInfo, type Geometry, objectAt } from '../../memory/layout.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import { pointersOf } from '../../memory/structures.ts';
import type { Model } from '../../model/model.ts';
import type { ActorContext } from '../../scenario/scenario.ts';
import type { SettingActor } from '../../scenario/setting.ts';
import { Prng } from '../../stats/prng.ts';

/** Plays that are repeated, each with answers of its own. */
const PLAYS = 24;
/** So many shares of set bits take turns. */
const BIASES = 8;
/** Steps of a play: where answers are drawn, a loop may go on for ever. */
const STEPS_MAX = 300;

/** What is put down besides accesses, by numbers that no access has. */
const GHOST = 101;
const OOPS = 102;
/** FNV's. */
const PRIME = 0x0100_0193;

/** What is watched, and what it is watched with. */
export interface StrategyWatchParts {
  /** The memory of the trials. */
  readonly memory: SharedMemory;
  /** The model that plays them. */
  readonly model: Model;
  readonly geometry: Geometry;
  readonly place: SettingActor;
  /** A model of the strategy on that memory: of the class that plays the trials, which may keep something in it. */
  readonly modelOn: (memory: SharedMemory) => Model;
  readonly contextOf: (model: Model, memory: SharedMemory) => ActorContext;
}

/**
 * Watches whether a plug-in does the same whenever its steps return the same, from block to block: a trial costs that nothing.
 * Most of what breaks the rule is caught in traces (see compiled/); this is for settings whose trials are not traced, and for runs
 * that are over before they are.
 */
export class StrategyWatch {
  readonly #plays: RepeatedPlays;
  readonly #model: Model;
  readonly #memory: SharedMemory;
  readonly #memoryKeys: number;
  readonly #memoryClasses: Snapshot;
  #fields = '';
  #hasBegun = false;

  constructor(parts: StrategyWatchParts) {
    const { memory, model } = parts;
    this.#plays = new RepeatedPlays(parts);
    this.#model = model;
    this.#memory = memory;
    this.#memoryKeys = Reflect.ownKeys(memory).length;
    this.#memoryClasses = new Snapshot(
      prototypesOf(memory).map((object) => ({ name: 'the memory of the model', object })),
    );
  }

  /** A block begins; what is done before the first one is what has to be done ever after. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#fields = fieldsOf(this.#model);
    this.#plays.check();
  }

  /**
   * A block has ended.
   * @throws {Error} If the strategy breaks the rule, or has changed its memory.
   */
  check(): void {
    const fields = fieldsOf(this.#model);
    if (fields !== this.#fields) {
      throw new Error(`keeps something in its model (${this.#fields} became ${fields}): ${PURITY_RULE}`);
    }
    const isLarger = Reflect.ownKeys(this.#memory).length !== this.#memoryKeys;
    if (isLarger || this.#memoryClasses.change() !== undefined) {
      throw new TypeError('the plug-in changes the memory of the model');
    }
    this.#plays.check();
  }
}

/** As the explore engine compares them, but for the world, which changes. */
function fieldsOf(model: Model): string {
  return Object.entries(model)
    .filter(([name, value]) => name !== 'notes' && name !== 'fsInfo' && typeof value !== 'object')
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function prototypesOf(object: object): object[] {
  const prototypes: object[] = [];
  let prototype: unknown = Object.getPrototypeOf(object);
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    prototypes.push(prototype);
    prototype = Object.getPrototypeOf(prototype);
  }
  return prototypes;
}

/**
 * Has the actor's model play to answers that are drawn from seeds, again and again between the blocks: to the same answers it
 * must take the same steps.
 */
class RepeatedPlays {
  readonly #memory: DrawnMemory;
  readonly #model: Model;
  readonly #context: ActorContext;
  readonly #place: SettingActor;
  readonly #known: string[] = [];

  constructor({ memory, geometry, place, modelOn, contextOf }: StrategyWatchParts) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a world of its own: an address like any other
    const fs = 1_024 as FsInfo;
    this.#memory = new DrawnMemory(memory, geometry, fs);
    this.#model = modelOn(this.#memory);
    this.#model.fsInfo = fs;
    this.#context = contextOf(this.#model, this.#memory);
    this.#place = place;
  }

  /**
   * Plays, and compares with what was done the first time.
   * @throws {Error} If that was something else.
   */
  check(): void {
    for (let seed = 0; seed < PLAYS; seed++) {
      const play = this.#play(seed);
      const known = (this.#known[seed] ??= play);
      // Again at once: what goes by turns has the same turn now and then, but not twice in a row.
      if (play !== known || this.#play(seed) !== known) throw new Error(IMPURE);
    }
  }

  #play(seed: number): string {
    const { program } = this.#place.role;
    this.#memory.begin(seed);
    this.#model.notes = 0;
    let carried = 0;
    let end = 'done';
    try {
      for (const operation of program) {
        carried = operation.run(this.#context, carried);
        if (carried === 0) break;
      }
      this.#place.epilogue?.run(this.#context, 0);
    } catch {
      // No world gives such answers: a model may break on them.
      end = 'broke';
    }
    return `${this.#memory.digest} ${this.#model.notes} ${end}`;
  }
}

/** Memory that gives what is drawn, and puts down what was asked. */
class DrawnMemory extends InterceptingMemory {
  /** The steps so far, as a number. */
  digest = 0;
  readonly #geometry: Geometry;
  readonly #fs: FsInfo;
  readonly #pointers: ReadonlySet<Address>;
  #prng = new Prng(0);
  #count = 0;
  #bias = 0;

  constructor(below: SharedMemory, geometry: Geometry, fs: FsInfo) {
    super(below);
    this.#geometry = geometry;
    this.#fs = fs;
    this.#pointers = pointersOf(geometry);
  }

  begin(seed: number): void {
    this.#bias = seed % BIASES;
    this.digest = 0;
    this.#count = 0;
    this.#prng = new Prng(seed);
  }

  override writeGhost(address: Address, value: number): void {
    this.#put(GHOST, address, value, 0);
  }

  override recordOops(oops: Address, check: number): void {
    this.#put(OOPS, oops, check, 0);
  }

  protected override take(access: Access, address: Address, operand: number, replacement: number): number {
    if (this.#count++ >= STEPS_MAX) throw new RangeError('a play is over');
    this.#put(accessNumbers[access], address, operand, replacement);
    const drawn = this.#prng.nextUint32();
    const isLikely = (drawn & 15) !== 0;
    const { operands, gives, writes, maySleep } = accessKinds[access];
    switch (gives) {
      case 'nothing':
        return 0;
      case 'truth':
        // Bits that are mostly clear in one play are mostly set in another: so every branch is taken by some.
        if (operands === 'bit' && writes !== 'if-true') return drawn % BIASES < this.#bias ? 1 : 0;
        return isLikely ? 1 : 0;
      case 'object':
        return objectAt(this.#fs, this.#geometry, 0);
      case 'number':
        if (maySleep) return operand + 1;
        if (writes === 'if-expected') return isLikely ? operand : operand + 1;
        if (this.#pointers.has(address - this.#fs))
          return isLikely ? objectAt(this.#fs, this.#geometry, 0) : 0;
        return (drawn >>> 4) & 3;
    }
  }

  #put(action: number, address: Address, operand: number, replacement: number): void {
    let digest = this.digest;
    digest = Math.imul(digest ^ action, PRIME);
    digest = Math.imul(digest ^ address, PRIME);
    digest = Math.imul(digest ^ operand, PRIME);
    this.digest = Math.imul(digest ^ (digest >>> 15) ^ replacement, PRIME);
  }
}
