import { BARE_ROLE } from '../../src/scenario/bare-role.ts';
import { OBJECT_GRACE } from '../../src/memory/layout.ts';
import { extentBufferStructures as structures } from '../../src/subject/extent-buffer/v5.7/structures.ts';
import { Session, NO_CHANCES, NO_REDUCTIONS } from '../../src/explore/search/session.ts';
import { FS } from '../../src/explore/program/fs.ts';
import type { Machine } from '../../src/explore/machine/machine.ts';
import { MutatingMemory } from '../../src/fix/mutation/mutating-memory.ts';
import type { MutationChange } from '../../src/fix/mutation/mutation-change.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { type Access, accessKinds, accessNumbered } from '../../src/memory/access.ts';
import { accessNumbers } from '../../src/memory/access-numbers.ts';
import { perform } from '../../src/memory/perform.ts';
import { areasOf } from '../../src/memory/areas.ts';
import { layOut } from '../../src/memory/arena.ts';
import { type AtomicsMemory, atomicsMemoryClass } from '../../src/memory/atomics-memory.ts';
import { checkedMemoryClass } from '../../src/memory/checked-memory.ts';
import { CountingMemory } from '../../src/memory/counting-memory.ts';
import { actorLine } from '../../src/memory/control.ts';
import { Fault } from '../../src/memory/fault.ts';
import {
  bufferAt,
  EB_REFS,
  EB_SLAB,
  type ExtentBuffer,
} from '../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  type Address,
  type FsInfo,
  type Page,
  pageAt,
  PAGE_FLAGS,
  POISON,
  SLAB_RCU_PENDING,
} from '../../src/memory/layout.ts';
import { PG_LOCKED } from '../../src/memory/page-flags.ts';
import { recordingMemoryClass } from '../../src/memory/recording-memory.ts';
import type { SharedMemory } from '../../src/memory/shared-memory.ts';
import { compileWasm, type WasmMemory, wasmExports, wasmMemory } from '../../src/memory/wasm-instructions.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resolveSetting } from '../../src/scenario/setting.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { Porter } from '../../src/stress/compiled/trace.ts';
import { traceCode } from '../../src/stress/compiled/trace-code.ts';
import type { TraceNode } from '../../src/stress/compiled/trace-tree.ts';
import { TracingMemory } from '../../src/stress/compiled/tracing-memory.ts';

/** One access to a word, or to the flags of a page, that holds `found`. */
export interface AccessCase {
  readonly access: Access;
  readonly found: number;
  readonly operand: number;
  readonly replacement: number;
}

/** What became of it. */
export interface Outcome {
  /** Truths as 0 and 1, 0 for nothing. */
  readonly result: number;
  /** What the word holds afterwards. */
  readonly left: number;
}

/** Makes the access in one of the ways that there are. */
export type Engine = (one: AccessCase) => Outcome;

const LOCKED = 1 << PG_LOCKED;
const geometry = { structures, pages: 1, buffers: 1 };
const LOG_WORDS = 16;

/** As the table says it. */
export const byTable: Engine = ({ access, found, operand, replacement }) => {
  const { leaves, answer } = accessKinds[access];
  return {
    result: answer?.(found, operand, replacement) ?? 0,
    left: leaves?.(found, operand, replacement) ?? found,
  };
};

/** Whether the access needs not wait for anything, and is nothing that nobody may do. */
export function isReady({ access, found, operand }: AccessCase): boolean {
  const { target, holds, mode, isReady: isWaitOver } = accessKinds[access];
  if (isWaitOver !== undefined) return isWaitOver(found, operand);
  if (holds !== 'no-more') return true;
  if (target === 'page-lock') return (found & LOCKED) !== 0;
  if (target === 'rwsem') return mode === 'read' ? found > 0 : found === -1;
  return true;
}

/** Takes a read-write lock, which holds nothing yet, that the access is to give back. */
function takeFirst(memory: SharedMemory, access: Access, address: Address): void {
  const { target, holds, mode } = accessKinds[access];
  if (target !== 'rwsem' || holds !== 'no-more') return;
  perform(memory, mode === 'read' ? 'downRead' : 'downWrite', address, 0, 0);
}

/** A world in memory that WebAssembly sees, too. */
class HardwareWorld {
  readonly memory: WasmMemory;
  readonly words: Int32Array;
  readonly fs: FsInfo;
  readonly eb: ExtentBuffer;
  readonly page: Page;
  readonly log: Address;
  readonly #classes: Readonly<Record<'sc' | 'x86', new () => AtomicsMemory>>;
  readonly #atFirst: Int32Array;
  readonly #arena = layOut({ actors: 1, worlds: 1, geometry, counters: 1, logWords: LOG_WORDS });

  constructor() {
    this.memory = wasmMemory(this.#arena.bytes);
    this.words = new Int32Array(this.memory.buffer);
    this.fs = this.#arena.worldBase;
    this.eb = bufferAt(this.fs, geometry, 0);
    this.page = pageAt(this.fs, 0);
    this.log = this.#arena.logBase;
    readaheadVsReleasepage.starts[0]?.reset(this.words, geometry, this.fs);
    this.#atFirst = this.words.slice();
    const { words } = this;
    const { actorBase } = this.#arena;
    const place = { words, geometry, actorBase, actorCount: 1, actor: 0, spinsMax: 10 };
    this.#classes = {
      sc: atomicsMemoryClass(place),
      x86: atomicsMemoryClass({ ...place, ordering: 'x86' }),
    };
  }

  /** As it was when it was made: to make one costs a hundred times what an access does. */
  again(): this {
    this.words.set(this.#atFirst);
    return this;
  }

  get line(): Address {
    return actorLine(this.#arena.actorBase, 0);
  }

  get MemoryClass(): new () => AtomicsMemory {
    return this.classOf('sc');
  }

  classOf(ordering: 'sc' | 'x86'): new () => AtomicsMemory {
    return this.#classes[ordering];
  }

  /** The address that an access takes, and of the word that it is of. */
  addressOf(access: Access): Address {
    const { target } = accessKinds[access];
    if (target === 'page-lock') return this.page + PAGE_FLAGS;
    if (target === 'slab') return this.fs;
    return target === 'object' ? this.eb : this.eb + EB_REFS;
  }
}

/** The one world, in which one case comes behind the other. */
const hardware = new HardwareWorld();

/** By a memory on the words of a world. */
export function byMemory(memoryOf: (world: HardwareWorld) => SharedMemory): Engine {
  return ({ access, found, operand, replacement }) => {
    const world = hardware.again();
    const address = world.addressOf(access);
    const memory = memoryOf(world);
    memory.onFault = (fault) => {
      throw new Error(`${access}: fault ${fault}`);
    };
    world.words[address] = 0;
    takeFirst(memory, access, address);
    world.words[address] = found;
    const result = perform(memory, access, address, operand, replacement);
    return { result, left: world.words[address] ?? 0 };
  };
}

export const atomics = (world: HardwareWorld): AtomicsMemory => new world.MemoryClass();

/** Whose stores wait in the store buffer of its processor. */
export const atomicsOnX86 = (world: HardwareWorld): AtomicsMemory => new (world.classOf('x86'))();

export const checked = (world: HardwareWorld): SharedMemory => {
  const memory = new (checkedMemoryClass(world.MemoryClass, geometry))();
  memory.enter(world.fs);
  return memory;
};

/** A memory that logs, which comes to the same as what its log says. */
export const recording = (world: HardwareWorld): SharedMemory => {
  const place = { words: world.words, logWords: LOG_WORDS };
  const memory = new (recordingMemoryClass(checkedMemoryClass(world.MemoryClass, geometry), place))();
  memory.enter(world.fs);
  memory.beginTrial(world.log);
  return memory;
};

export const counting = (world: HardwareWorld): SharedMemory => new CountingMemory(atomics(world));

export const tracing = (world: HardwareWorld): SharedMemory => {
  const porter = new Porter(world.fs, geometry);
  const peek = (address: Address): number => world.words[address] ?? 0;
  const memory = new TracingMemory(atomics(world), { porter, geometry, peek });
  memory.begin([]);
  return memory;
};

/** By the memory of a mutant whose change of the access makes no difference to who is alone. */
export function mutating(access: Access, change: MutationChange): (world: HardwareWorld) => SharedMemory {
  return (world) => {
    const { target, operands } = accessKinds[access];
    const ofWord = operands === 'bit' ? 'eb.refs:0' : 'eb.refs';
    const field = target === 'page-lock' ? 'page.flags:LOCKED' : ofWord;
    const step = { function: 'any', within: undefined, access, field, occurrence: 1 };
    const memory = new MutatingMemory(atomics(world), { step, change }, { geometry, onChange: () => {} });
    memory.begin(world.fs);
    return memory;
  };
}

/** Inside of a read section, by a memory that meets poison: of an object that waits for RCU and held `found`. */
export function pastPoison(ordering: 'sc' | 'x86'): Engine {
  return ({ access, found, operand, replacement }) => {
    const world = hardware.again();
    const memory = new (world.classOf(ordering))();
    const address = world.addressOf(access);
    poison(world, memory, found);
    const result = perform(memory, access, address, operand, replacement);
    return { result, left: behindPoison(world) };
  };
}

function poison({ words, eb }: HardwareWorld, memory: SharedMemory, found: number): void {
  memory.rcuReadLock();
  words[eb + EB_REFS + OBJECT_GRACE] = found;
  words[eb + EB_REFS] = POISON;
  words[eb + EB_SLAB] = SLAB_RCU_PENDING;
}

/** What the object holds by now; the poison must be where it was. */
function behindPoison({ words, eb }: HardwareWorld): number {
  if (words[eb + EB_REFS] !== POISON) throw new Error('there is no poison any more where it was met');
  return words[eb + EB_REFS + OBJECT_GRACE] ?? 0;
}

/** By the code that is made of a trace. `usual`: what the code takes for likely. `isPoisoned`: as `pastPoison` does it. */
export function byCode(
  usual: (found: number) => number | undefined,
  isPoisoned = false,
  ordering: 'sc' | 'x86' = 'sc',
): Engine {
  return (one) => {
    const { access, found, operand, replacement } = one;
    const world = hardware.again();
    const { fs, words, memory } = world;
    const address = world.addressOf(access);
    const below = new (world.classOf(ordering))();
    if (isPoisoned) poison(world, below, found);
    else words[address] = found;
    const node = (over: Partial<TraceNode>): TraceNode => ({
      parent: undefined,
      result: 0,
      step: undefined,
      notes: 0,
      count: 1,
      world: fs,
      isSure: true,
      usual: undefined,
      lead: 1,
      next: new Map<number, TraceNode>(),
      ...over,
    });
    const { result: expected } = byTable(one);
    const step = { action: access, address: new Porter(fs, geometry).address(address), operand, replacement };
    const end = node({ notes: 1, result: expected });
    const { bytes } = traceCode(
      node({ step, usual: usual(found), next: new Map([[expected, end]]) }),
      {
        pages: memory.buffer.byteLength / 65_536,
        line: world.line,
        tag: 1,
        worldWords: 64,
        areas: areasOf(geometry),
        objectWords: 16,
        ordering,
      },
      () => true,
    );
    let result = expected;
    const trial = {
      perform: (number: number, ...[at = 0, first = 0, second = 0]: readonly number[]): number =>
        perform(below, accessNumbered(number) ?? 'cpuRelax', at, first, second),
      gone: (number: number, ...[at = 0, first = 0, second = 0]: readonly number[]): number =>
        below.gone(accessNumbered(number) ?? 'cpuRelax', at, first, second),
      leave: (_node: number, gave: number) => {
        result = gave;
        return 0;
      },
      fault: () => {
        throw new Error(`${access}: fault`);
      },
    };
    const code = wasmExports(compileWasm(bytes), { memory: { words: memory }, trial }) as {
      readonly play: (fs: FsInfo, count: number, notesAt: number) => void;
    };
    code.play(fs, 1, world.log * Int32Array.BYTES_PER_ELEMENT);
    return { result, left: isPoisoned ? behindPoison(world) : (words[address] ?? 0) };
  };
}

/** By the machine of the explore engine, in a scenario that has this access only. */
export const byMachine: Engine = ({ access, found, operand, replacement }) => {
  const eb = bufferAt(FS, geometry, 0);
  const address = accessKinds[access].target === 'page-lock' ? pageAt(FS, 0) + PAGE_FLAGS : eb + EB_REFS;
  const scenario: Scenario = {
    ...readaheadVsReleasepage,
    roles: [
      {
        name: 'actor',
        ...BARE_ROLE,
        program: [
          {
            name: access,
            run: ({ memory }) => {
              takeFirst(memory, access, address);
              perform(memory, access, address, operand, replacement);
              return 0;
            },
          },
        ],
      },
    ],
  };
  const actors = [{ role: 'actor', count: 2 }];
  const setting = resolveSetting({ scenario, start: 'primed', actors, pages: 1 });
  const session = new Session({ setting, strategy: none, reductions: NO_REDUCTIONS, chances: NO_CHANCES });
  return session.attempt((machine) => {
    machine.words[address] = 0;
    if (kindOf(machine, 0) !== accessNumbers[access]) machine.take(0, 0);
    machine.words[address] = found;
    if (!machine.isEnabled(0)) throw new Error(`${access} waits`);
    // The program ends behind the access, with what that takes.
    const check = machine.take(0, 0);
    if (check !== 0 && check !== Fault.LockHeld) throw new Error(`${access} violates check ${check}`);
    return { result: machine.result, left: machine.words[address] ?? 0 };
  });
};

/** The kind of the step that an actor stands in front of. */
function kindOf({ automata, nodes }: Machine, actor: number): number | undefined {
  return automata.kind.at[nodes[actor] ?? 0];
}
