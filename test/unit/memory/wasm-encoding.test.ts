import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileWasm, wasmExports } from '../../../src/memory/wasm-instructions.ts';
import {
  functionBody,
  functionExport,
  functionType,
  I32_CONST,
  moduleOf,
  signed,
  unsigned,
} from '../../../src/memory/wasm-encoding.ts';

/** What a module gives that does nothing but return a constant. */
function constant(value: number): number {
  const bytes = moduleOf([
    { id: 1, content: [functionType(1, true)] },
    { id: 3, content: [unsigned(0)] },
    { id: 7, content: [functionExport('play', 0)] },
    { id: 10, content: [functionBody(0, [I32_CONST, ...signed(value)])] },
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it exports
  const { play } = wasmExports(compileWasm(bytes), {}) as { readonly play: (of: number) => number };
  return play(0);
}

describe('numbers in modules', () => {
  it.each([0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31), 0x6b6b6b6b])(
    'are read as they were written: %d',
    (value) => {
      expect(constant(value)).toBe(value);
    },
  );

  it('are read as they were written, whatever they are', () => {
    fc.assert(fc.property(fc.integer(), (value) => constant(value) === value));
  });
});
