import { describe, expect, it, vi } from 'vitest';
import { BufferedMachine } from '../../src/explore/machine/buffered-machine.ts';
import { Way, waysOnX86 } from '../../src/explore/machine/waiting.ts';
import { NO_REDUCTIONS } from '../../src/explore/search/session.ts';
import { Prng } from '../../src/stats/prng.ts';
import { allOr } from '../helpers/full.ts';
import { finalStates, isSeen, litmusOf } from '../helpers/litmus.ts';
import { allOutcomes, drawTest, litmusText, type SmallTest } from '../helpers/operational.ts';

const TESTS = allOr(1000, 60);
const prng = new Prng(0x7501);
const tests = Array.from({ length: TESTS }, () => drawTest(prng));

/** The first test whose final states differ from what the rules say. */
function firstDifference(model: 'sc' | 'tso', among: readonly SmallTest[]): string | undefined {
  return among
    .map((test) => litmusText(test))
    .find((text, index) => {
      const found = finalStates(litmusOf(text), model === 'sc' ? 'sc' : 'x86');
      const said = allOutcomes(among[index] ?? [], model);
      return found.join('\n') !== said.join('\n');
    });
}

describe('random tests', () => {
  it.each(['sc', 'tso'] as const)('come to what the rules of %s say, all of it and nothing else', (model) => {
    expect(firstDifference(model, tests)).toBeUndefined();
  });

  it('come to more under x86 than under SC in a good part of them', () => {
    const weaker = tests.filter((test) => allOutcomes(test, 'tso').length > allOutcomes(test, 'sc').length);

    expect(weaker.length).toBeGreaterThan(TESTS / 20);
  });

  it('come to the same without reductions', () => {
    for (const test of tests.slice(0, allOr(200, 15))) {
      const scenario = litmusOf(litmusText(test));
      expect(finalStates(scenario, 'x86', NO_REDUCTIONS)).toEqual(finalStates(scenario, 'x86'));
      expect(finalStates(scenario, 'lkmm-stores', NO_REDUCTIONS)).toEqual(
        finalStates(scenario, 'lkmm-stores'),
      );
    }
  });

  it('come to all of it with stores delayed as the Linux memory model allows, too', () => {
    for (const test of tests.slice(0, allOr(TESTS, 30))) {
      const found = finalStates(litmusOf(litmusText(test)), 'lkmm-stores');
      expect(found).toEqual(expect.arrayContaining([...allOutcomes(test, 'tso')]));
    }
  });
});

/** Two threads on x and y. */
const two = (name: string, first: string, second: string, condition: string): string =>
  `C ${name}\n{ }\nP0(int *x, int *y) { int r0; int r1; ${first} }\nP1(int *x, int *y) { int r0; int r1; ${second} }\nexists (${condition})\n`;

/** What no processor of that kind shows, by name. */
const CATCHING = {
  CoWR: two('CoWR', 'WRITE_ONCE(*x, 1); r0 = READ_ONCE(*x);', 'WRITE_ONCE(*x, 2);', '0:r0=0'),
  MP: two(
    'MP',
    'WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1);',
    'r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);',
    '1:r0=1 /\\ 1:r1=0',
  ),
  'SB+rmws': two(
    'SB+rmws',
    'WRITE_ONCE(*x, 1); r1 = atomic_fetch_add(0, x); r0 = READ_ONCE(*y);',
    'WRITE_ONCE(*y, 1); r1 = atomic_fetch_add(0, y); r0 = READ_ONCE(*x);',
    '0:r0=0 /\\ 1:r0=0',
  ),
};

/** A machine in which something is wrong, while `run` runs. */
function planted<Result>(bug: keyof typeof BUGS, run: () => Result): Result {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is protected is planted
  const prototype = BufferedMachine.prototype as unknown as Planted;
  const spy = BUGS[bug](prototype);
  try {
    return run();
  } finally {
    spy.mockRestore();
  }
}

interface Planted {
  forwarded(actor: number, address: number): number | undefined;
  leaving(actor: number, choice: number): number;
  waiting(actor: number): number;
  readonly ways: Uint8Array;
}

const BUGS = {
  'no forwarding': (prototype: Planted) => vi.spyOn(prototype, 'forwarded').mockReturnValue(undefined),
  'the newest store leaves first': (prototype: Planted) =>
    vi.spyOn(prototype, 'leaving').mockImplementation(function newest(this: Planted, actor: number) {
      return this.waiting(actor) - 1;
    }),
  'a read-modify-write that does not drain': (prototype: Planted) =>
    vi
      .spyOn(prototype, 'ways', 'get')
      .mockReturnValue(waysOnX86.map((way) => (way === Way.Drains ? Way.Passes : way))),
};

describe('a planted bug', () => {
  it.each([
    ['no forwarding', 'CoWR'],
    ['the newest store leaves first', 'MP'],
    ['a read-modify-write that does not drain', 'SB+rmws'],
  ] as const)('%s is caught by %s, which passes without it', (bug, name) => {
    const scenario = litmusOf(CATCHING[name]);

    expect(isSeen(finalStates(scenario, 'x86'))).toBe(false);
    expect(planted(bug, () => isSeen(finalStates(scenario, 'x86')))).toBe(true);
  });

  it.each([
    'no forwarding',
    'the newest store leaves first',
    'a read-modify-write that does not drain',
  ] as const)('%s is found by the random tests', (bug) => {
    expect(planted(bug, () => firstDifference('tso', tests))).toBeDefined();
  });
});
