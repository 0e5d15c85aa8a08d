import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instructions, javascriptInstructions } from '../../../src/memory/instructions.ts';
import { wasmInstructions, wasmMemory, wasmModule } from '../../../src/memory/wasm-instructions.ts';

const WORDS = 4;
const index = fc.nat(WORDS - 1);
const word = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 0x7fffffff, -0x80000000, 0x6b6b6b6b));

type Call = (instructions: Instructions) => number | undefined;

const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.oneof(
    fc.tuple(index).map(
      ([at]): Call =>
        ({ load }) =>
          load(at),
    ),
    fc.tuple(index, word).map(([at, value]): Call => ({ store }) => {
      store(at, value);
      return undefined;
    }),
    fc.tuple(index, word).map(([at, value]): Call => ({ storePlain, fence }) => {
      storePlain(at, value);
      fence();
      return undefined;
    }),
    fc.tuple(fc.constantFrom('add', 'sub', 'and', 'or'), index, word).map(
      ([name, at, value]): Call =>
        (instructions) =>
          instructions[name](at, value),
    ),
    fc.tuple(index, word, word).map(
      ([at, expected, replacement]): Call =>
        ({ cmpxchg }) =>
          cmpxchg(at, expected, replacement),
    ),
    // Without this, hardly any exchange would happen.
    fc.tuple(index, word).map(
      ([at, replacement]): Call =>
        ({ load, cmpxchg }) =>
          cmpxchg(at, load(at), replacement),
    ),
  ),
);

describe('wasmInstructions', () => {
  it('return and store what Atomics do, in any sequence', () => {
    fc.assert(
      fc.property(calls, (sequence) => {
        const memory = wasmMemory(WORDS * 4);
        const wasmWords = new Int32Array(memory.buffer, 0, WORDS);
        const words = new Int32Array(new SharedArrayBuffer(WORDS * 4));
        const [wasm, javascript] = [
          wasmInstructions(memory, wasmModule(memory)),
          javascriptInstructions(words),
        ];

        for (const call of sequence) expect(call(wasm)).toBe(call(javascript));
        expect([...wasmWords]).toEqual([...words]);
      }),
    );
  });

  it.each([1, 0x1_0000, 0x1_0001, 0x80_0001])(
    'reach the last of %d bytes, all of which begin at zero',
    (bytes) => {
      const memory = wasmMemory(bytes);
      const words = new Int32Array(memory.buffer);
      const last = Math.ceil(bytes / 4) - 1;
      const before = words.every((value) => value === 0);

      wasmInstructions(memory, wasmModule(memory)).store(last, 7);

      expect([before, words[last]]).toEqual([true, 7]);
    },
  );

  it('trap behind the end instead of wrapping around', () => {
    const memory = wasmMemory(4);

    expect(() => wasmInstructions(memory, wasmModule(memory)).load(memory.buffer.byteLength / 4)).toThrow(
      'out of bounds',
    );
  });
});

describe('wasmModule', () => {
  it('is compiled once for each size of memory, however often threads start', () => {
    const [first, second, larger] = [wasmMemory(4), wasmMemory(8), wasmMemory(0x1_0001)];

    expect(wasmModule(second)).toBe(wasmModule(first));
    expect(wasmModule(larger)).not.toBe(wasmModule(first));
    expect(() => wasmInstructions(larger, wasmModule(first))).toThrow(/memory/);
  });
});
