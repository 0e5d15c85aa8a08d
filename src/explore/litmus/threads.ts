import { accessKinds, accessNumbered } from '../../memory/access.ts';
import { FS_BIO, objectWords, POISON } from '../../memory/layout.ts';
import type { Setting } from '../../scenario/setting.ts';
import { FS } from '../program/fs.ts';
import { Kind } from '../program/step.ts';
import type { Dependencies } from './dependencies.ts';
import { LitmusExportError } from './export-error.ts';
import { Locations } from './locations.ts';
import { type Pin, type Writer, written } from './statements.ts';
import type { PathStep, WitnessPaths } from './witness-paths.ts';

/** One actor as a thread. */
export interface Thread {
  readonly label: string;
  /** Names of the locations that it comes to. */
  readonly locations: readonly string[];
  readonly registers: readonly string[];
  readonly lines: readonly string[];
  readonly pins: readonly Pin[];
  /** Accesses of memory, and barriers. */
  readonly events: number;
}

/** How registers and locations are called. */
export interface Style {
  readonly argument: (location: string) => string;
  readonly register: (thread: number, number: number) => string;
}

/** What the threads are made of. */
export interface ThreadsParts {
  readonly setting: Setting;
  readonly witness: WitnessPaths;
  /** By actor and place. */
  readonly dependencies: readonly (readonly Dependencies[])[];
  readonly style: Style;
}

/** The paths of a witness as threads, and where their locations stand. */
export function threadsOf(parts: ThreadsParts): {
  readonly threads: readonly Thread[];
  readonly locations: Locations;
} {
  const { witness, setting } = parts;
  const objects = new Objects(witness, setting);
  const locations = new Locations({
    geometry: setting.geometry,
    words: witness.initial,
    isNew: (address) => objects.isNew(address),
  });
  const threads = setting.actors.map(({ label }, actor) =>
    new ThreadWriter(parts, locations, objects, actor).write(label),
  );
  return { threads, locations };
}

class ThreadWriter {
  readonly #parts: ThreadsParts;
  readonly #locations: Locations;
  readonly #objects: Objects;
  readonly #actor: number;
  readonly #used = new Set<string>();
  readonly #registers: string[] = [];
  readonly #lines: string[] = [];
  readonly #pins: Pin[][] = [];
  readonly #values: (string | undefined)[] = [];
  #depth = 1;

  constructor(parts: ThreadsParts, locations: Locations, objects: Objects, actor: number) {
    this.#parts = parts;
    this.#locations = locations;
    this.#objects = objects;
    this.#actor = actor;
  }

  write(label: string): Thread {
    const path = this.#parts.witness.paths[this.#actor] ?? [];
    for (const [at, taken] of path.entries()) this.#step(at, taken);
    while (this.#depth > 1) this.#put('}', --this.#depth);
    return {
      label,
      locations: [...this.#used].toSorted(),
      registers: this.#registers,
      lines: this.#lines,
      pins: this.#pins.flat(),
      events: path.filter(({ step }) => accessNumbered(step.kind) !== 'cpuRelax').length,
    };
  }

  #step(at: number, taken: PathStep): void {
    const dependencies = this.#parts.dependencies[this.#actor]?.[at];
    if (dependencies === undefined) throw new RangeError(`actor ${this.#actor} has no step ${at}`);
    for (const on of dependencies.control) this.#open(this.#pins[on] ?? []);
    const { lines, pins, register } = written(taken, dependencies, this.#writer());
    for (const text of [...lines, ...this.#ofObject(at, taken)]) this.#put(text, this.#depth);
    this.#pins.push([...pins]);
    this.#values.push(register);
  }

  #open(pins: readonly Pin[]): void {
    for (const { register, value } of pins) this.#put(`if (${register} == ${value}) {`, this.#depth++);
  }

  #put(text: string, depth: number): void {
    this.#lines.push('\t'.repeat(depth) + text);
  }

  #writer(): Writer {
    const { style } = this.#parts;
    return {
      locations: this.#locations,
      argument: (location) => {
        this.#used.add(location);
        return style.argument(location);
      },
      fresh: () => {
        const register = style.register(this.#actor, this.#registers.length + 1);
        this.#registers.push(register);
        return register;
      },
      mailbox: FS + FS_BIO + this.#actor,
      registerOf: (at) => this.#values[at],
    };
  }

  /** What becomes of the words of an object that is allocated or freed. */
  #ofObject(at: number, { step, result }: PathStep): readonly string[] {
    if (
      step.kind !== Kind.KmemCacheZalloc &&
      step.kind !== Kind.KmemCacheFree &&
      step.kind !== Kind.CallRcuFree
    )
      return [];
    const object = step.kind === Kind.KmemCacheZalloc ? result : step.address;
    if (object === 0) return ['/* kmem_cache_zalloc() has no memory */'];
    const name = this.#locations.structure(object);
    const { argument } = this.#writer();
    const stores = this.#objects
      .wordsChanged({ actor: this.#actor, at }, object)
      .map(
        (address) =>
          `atomic_set(${argument(this.#locations.word(address))}, ${step.kind === Kind.KmemCacheZalloc ? 0 : POISON});`,
      );
    switch (step.kind) {
      case Kind.KmemCacheZalloc:
        return [`/* ${name} = kmem_cache_zalloc() */`, ...stores];
      case Kind.KmemCacheFree:
        return [`/* kmem_cache_free(${name}) */`, ...stores];
      case Kind.CallRcuFree:
        return [`/* call_rcu(${name}) */`];
    }
  }
}

/** Objects of the slab in a witness. */
class Objects {
  readonly #witness: WitnessPaths;
  readonly #size: number;
  /** By address: the first of them is not in use when the trial begins. */
  readonly #new = new Set<number>();

  constructor(witness: WitnessPaths, { geometry }: Setting) {
    this.#witness = witness;
    this.#size = objectWords(geometry);
    const seen = new Set<number>();
    for (const { actor, at } of witness.order) {
      const { step, result } = this.#at(actor, at);
      const isBirth = step.kind === Kind.KmemCacheZalloc;
      const object = isBirth ? result : step.address;
      if (!isBirth && step.kind !== Kind.KmemCacheFree && step.kind !== Kind.CallRcuFree) continue;
      if (isBirth && !seen.has(object)) this.#new.add(object);
      seen.add(object);
    }
  }

  /** Whether the word is one of an object that was never used before the witness allocates it. */
  isNew(address: number): boolean {
    return [...this.#new].some((object) => this.#isIn(address, object));
  }

  /**
   * Words of an object that a step changes as a whole: those that others come to behind it. Of a first allocation none: they hold 0.
   * @throws {LitmusExportError} If it gives back an object that is poisoned behind a grace period.
   */
  wordsChanged(taken: { readonly actor: number; readonly at: number }, object: number): readonly number[] {
    const { order } = this.#witness;
    const place = order.findIndex(({ actor, at }) => actor === taken.actor && at === taken.at);
    const { step } = this.#at(taken.actor, taken.at);
    const isFirst = !order.slice(0, place).some(({ actor, at }) => this.#isOf(actor, at, object));
    if (step.kind === Kind.KmemCacheZalloc && isFirst) return [];
    const words = new Set<number>();
    for (const { actor, at } of order.slice(place + 1)) {
      const { step: later, result } = this.#at(actor, at);
      if (!this.#isIn(later.address, object) || !isOfWord(later.kind)) continue;
      if (step.kind === Kind.CallRcuFree && result === POISON)
        throw new LitmusExportError('an access behind a grace period cannot be said in a litmus test');
      words.add(later.address);
    }
    return [...words];
  }

  #isOf(actor: number, at: number, object: number): boolean {
    const { step, result } = this.#at(actor, at);
    if (step.kind === Kind.KmemCacheZalloc) return result === object;
    return (step.kind === Kind.KmemCacheFree || step.kind === Kind.CallRcuFree) && step.address === object;
  }

  #isIn(address: number, object: number): boolean {
    return address >= object && address < object + this.#size;
  }

  #at(actor: number, at: number): PathStep {
    const taken = this.#witness.paths[actor]?.[at];
    if (taken === undefined) throw new RangeError(`actor ${actor} has no step ${at}`);
    return taken;
  }
}

function isOfWord(kind: number): boolean {
  const access = accessNumbered(kind);
  return access !== undefined && accessKinds[access].target === 'word';
}
