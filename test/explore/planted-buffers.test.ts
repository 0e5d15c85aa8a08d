import { afterEach, describe, expect, it, vi } from 'vitest';
import { BufferedMachine } from '../../src/explore/machine/buffered-machine.ts';
import { Way, waysOnX86 } from '../../src/explore/machine/waiting.ts';
import { accessNumbers } from '../../src/memory/access-numbers.ts';
import { finalStates, isSeen, litmusOf } from '../helpers/litmus.ts';

/** Tests of two threads on x and y whose condition no x86-64 reaches. */
const test = (name: string, first: string, second: string, condition: string): string =>
  `C ${name} { } P0(int *x, int *y) { int r0; int r1; ${first} } P1(int *x, int *y) { int r0; int r1; ${second} }
   exists (${condition})`;

const TESTS = {
  CoWR: test('CoWR', 'WRITE_ONCE(*x, 1); r0 = READ_ONCE(*x);', 'WRITE_ONCE(*x, 2);', '0:r0=0'),
  MP: test(
    'MP',
    'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);',
    'r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);',
    '1:r0=1 /\\ 1:r1=0',
  ),
  'SB+rmw': test(
    'SB+rmw',
    'WRITE_ONCE(*x, 1); r1 = atomic_fetch_add_relaxed(0, x); r0 = READ_ONCE(*y);',
    'WRITE_ONCE(*y, 1); r1 = atomic_fetch_add_relaxed(0, y); r0 = READ_ONCE(*x);',
    '0:r0=0 /\\ 1:r0=0',
  ),
} as const;

const seen = (): string[] =>
  Object.entries(TESTS).flatMap(([name, text]) => (isSeen(finalStates(litmusOf(text), 'x86')) ? [name] : []));

/** A machine, with what is no part of its public face. */
interface Inside {
  forwarded(actor: number, address: number): number | undefined;
}

describe('a store buffer that is none of an x86-64', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    waysOnX86[accessNumbers.atomicFetchAddRelaxed] = Way.Drains;
  });

  it('is not there', () => {
    expect(waysOnX86[accessNumbers.atomicFetchAddRelaxed]).toBe(Way.Drains);
    expect(seen()).toEqual([]);
  });

  it('is caught where an actor does not find its own stores: CoWR', () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- protected, and replaced for this test
    const inside = BufferedMachine.prototype as unknown as Inside;
    vi.spyOn(inside, 'forwarded').mockReturnValue(undefined);

    expect(seen()).toContain('CoWR');
  });

  it('is caught where the youngest store becomes visible first: MP', () => {
    vi.spyOn(BufferedMachine.prototype, 'leaving').mockImplementation(function leaving(
      this: BufferedMachine,
      actor: number,
    ) {
      let index = this.waiting(actor) - 1;
      // What is below 0 goes with the store before it.
      while (this.entry(actor, index) < 0) index--;
      return index;
    });

    expect(seen()).toEqual(['MP']);
  });

  it('is caught where a read-modify-write does not wait until it is empty: SB+rmw', () => {
    waysOnX86[accessNumbers.atomicFetchAddRelaxed] = Way.Passes;

    expect(seen()).toEqual(['SB+rmw']);
  });
});
