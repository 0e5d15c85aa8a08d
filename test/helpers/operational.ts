import type { Prng } from '../../src/stats/prng.ts';

/**
 * Small tests of two words, and all that they can come to, worked out by a machine that has nothing of the project's: the rules of
 * sequential consistency, and those of x86-TSO as Sewell, Sarkar, Owens, Zappa Nardelli and Myreen give them (CACM 2010).
 */

/** One statement of a thread. Registers belong to threads, and words are 0 and 1. */
export type Op =
  | { readonly kind: 'store'; readonly word: number; readonly value: number; readonly isRelease: boolean }
  | { readonly kind: 'load'; readonly word: number; readonly register: number; readonly isAcquire: boolean }
  /** A locked instruction; what it gives is kept, or nobody sees it. */
  | {
      readonly kind: 'add';
      readonly word: number;
      readonly value: number;
      readonly register: number;
      readonly text: string;
    }
  /** Locked only if the word is not 0. */
  | { readonly kind: 'inc-not-zero'; readonly word: number; readonly register: number }
  | { readonly kind: 'fence' }
  /** Orders nothing here. */
  | { readonly kind: 'nothing'; readonly text: string };

/** A test. */
export type SmallTest = readonly (readonly Op[])[];

const WORDS = ['x', 'y'] as const;
const NOBODY = -1;

/** Draws a test of two or three threads with up to four statements each. */
export function drawTest(prng: Prng): SmallTest {
  const threads = 2 + (prng.nextBelow(4) === 0 ? 1 : 0);
  const longest = threads === 2 ? 4 : 3;
  return Array.from({ length: threads }, () => {
    const first = prng.nextBelow(2);
    return Array.from({ length: 2 + prng.nextBelow(longest - 1) }, (_, at) => {
      // What a thread does one after the other is mostly about different words, or little would come of it.
      const word = prng.nextBelow(4) === 0 ? prng.nextBelow(2) : (first + at) % 2;
      return drawOp(prng, at, word);
    });
  });
}

function drawOp(prng: Prng, at: number, word: number): Op {
  const value = 1 + prng.nextBelow(2);
  const drawn = prng.nextBelow(20);
  // A store first is what others may see late.
  if (drawn < (at === 0 ? 12 : 6)) return { kind: 'store', word, value, isRelease: drawn === 0 };
  if (drawn < 14) return { kind: 'load', word, register: at, isAcquire: drawn === 13 };
  if (drawn === 14) return { kind: 'add', word, value, register: at, text: 'atomic_fetch_add' };
  if (drawn === 15) return { kind: 'add', word, value, register: at, text: 'atomic_fetch_add_relaxed' };
  if (drawn === 16) return { kind: 'add', word, value, register: NOBODY, text: 'atomic_add' };
  if (drawn === 17) return { kind: 'inc-not-zero', word, register: at };
  if (drawn === 18) return { kind: 'fence' };
  return { kind: 'nothing', text: prng.nextBelow(2) === 0 ? 'smp_wmb' : 'smp_rmb' };
}

/** The test in the dialect of litmus tests; its condition is met by every final state, which shows all there is. */
export function litmusText(test: SmallTest): string {
  const threads = test.map((ops, thread) => {
    const registers = registersOf(ops).map((register) => `int r${register};`);
    return `P${thread}(atomic_t *x, atomic_t *y) { ${[...registers, ...ops.map(opText)].join(' ')} }`;
  });
  return `C random\n{ }\n${threads.join('\n')}\nlocations [${observedOf(test).join('; ')}]\nexists (true)\n`;
}

function opText(op: Op): string {
  switch (op.kind) {
    case 'store':
      return op.isRelease
        ? `smp_store_release(${WORDS[op.word]}, ${op.value});`
        : `WRITE_ONCE(*${WORDS[op.word]}, ${op.value});`;
    case 'load':
      return `r${op.register} = ${op.isAcquire ? 'smp_load_acquire' : 'READ_ONCE'}(*${WORDS[op.word]});`;
    case 'add':
      return `${op.register === NOBODY ? '' : `r${op.register} = `}${op.text}(${op.value}, ${WORDS[op.word]});`;
    case 'inc-not-zero':
      return `r${op.register} = atomic_inc_not_zero(${WORDS[op.word]});`;
    case 'fence':
      return 'smp_mb();';
    case 'nothing':
      return `${op.text}();`;
  }
}

function registersOf(ops: readonly Op[]): readonly number[] {
  return ops.flatMap((op) => ('register' in op && op.register !== NOBODY ? [op.register] : []));
}

function observedOf(test: SmallTest): readonly string[] {
  return [
    ...WORDS,
    ...test.flatMap((ops, thread) => registersOf(ops).map((register) => `${thread}:r${register}`)),
  ];
}

interface State {
  readonly memory: number[];
  readonly at: number[];
  readonly registers: number[][];
  /** Stores that others do not see yet, the oldest first. */
  readonly buffers: { readonly word: number; readonly value: number }[][];
}

/** All final states of a test, as a search of it lists them. */
export function allOutcomes(test: SmallTest, model: 'sc' | 'tso'): readonly string[] {
  const begin: State = {
    memory: [0, 0],
    at: test.map(() => 0),
    registers: test.map((ops) => ops.map(() => 0)),
    buffers: test.map(() => []),
  };
  const seen = new Set<string>();
  const outcomes = new Set<string>();
  const open = [begin];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = test.flatMap((ops, thread) => successors(state, ops, thread, model));
    if (next.length === 0) outcomes.add(outcomeText(test, state));
    open.push(...next);
  }
  return [...outcomes].toSorted();
}

function successors(state: State, ops: readonly Op[], thread: number, model: 'sc' | 'tso'): readonly State[] {
  const found: State[] = [];
  if ((state.buffers[thread] ?? []).length > 0) {
    const flushed = structuredClone(state);
    const oldest = flushed.buffers[thread]?.shift();
    if (oldest !== undefined) flushed.memory[oldest.word] = oldest.value;
    found.push(flushed);
  }
  const op = ops[state.at[thread] ?? 0];
  if (op === undefined) return found;
  const after = structuredClone(state);
  after.at[thread] = (after.at[thread] ?? 0) + 1;
  if (take(after, op, thread, model)) found.push(after);
  return found;
}

/** Does a statement, in place. Returns false if it has to wait. */
function take({ memory, buffers, registers }: State, op: Op, thread: number, model: 'sc' | 'tso'): boolean {
  const buffer = buffers[thread] ?? [];
  const visible = (word: number): number =>
    buffer.findLast((store) => store.word === word)?.value ?? memory[word] ?? 0;
  const keep = (register: number, value: number): void => {
    const own = registers[thread];
    if (own !== undefined && register !== NOBODY) own[register] = value;
  };
  switch (op.kind) {
    case 'store':
      if (model === 'tso') buffer.push({ word: op.word, value: op.value });
      else memory[op.word] = op.value;
      return true;
    case 'load':
      keep(op.register, visible(op.word));
      return true;
    case 'fence':
      return buffer.length === 0;
    case 'add':
      if (buffer.length > 0) return false;
      keep(op.register, memory[op.word] ?? 0);
      memory[op.word] = (memory[op.word] ?? 0) + op.value;
      return true;
    case 'inc-not-zero':
      if (visible(op.word) === 0) {
        keep(op.register, 0);
        return true;
      }
      if (buffer.length > 0) return false;
      keep(op.register, 1);
      memory[op.word] = (memory[op.word] ?? 0) + 1;
      return true;
    case 'nothing':
      return true;
  }
}

function outcomeText(test: SmallTest, { memory, registers }: State): string {
  const values = [
    ...WORDS.map((word, index) => `${word}=${memory[index]};`),
    ...test.flatMap((ops, thread) =>
      registersOf(ops).map((register) => `${thread}:r${register}=${registers[thread]?.[register]};`),
    ),
  ];
  return `*>${values.join(' ')}`;
}
