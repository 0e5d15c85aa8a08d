import { describe, expect, it } from 'vitest';
import { lockCycles, type LockNesting } from '../../../src/memory/lock-order.ts';

/** `a > b` of some actor. */
function nestings(...texts: readonly string[]): LockNesting[] {
  return texts.map((text, index) => {
    const [held = '', taken = ''] = text.split(' > ');
    const taking = (lock: string): LockNesting['held'] => ({
      lock,
      operation: 'spin_lock',
      functions: [`f${index}`],
    });
    return { actor: `actor#${index}`, held: taking(held), taken: taking(taken) };
  });
}

const circles = (...texts: readonly string[]): readonly string[] =>
  lockCycles(nestings(...texts)).map(({ locks }) => locks.join(' > '));

describe('circles of locks', () => {
  it.each<readonly [readonly string[], readonly string[]]>([
    [[], []],
    [['a > b', 'b > c', 'a > c'], []],
    [['a > b', 'b > a'], ['a > b']],
    [['a > b', 'b > c', 'c > a'], ['a > b > c']],
    [['a > a'], ['a']],
    [
      ['b > b', 'a > b', 'b > a'],
      ['a > b', 'b'],
    ],
    // The shortest through each way of going on.
    [
      ['a > b', 'b > c', 'c > d', 'd > a', 'b > a'],
      ['a > b', 'b > c > d > a'],
    ],
    // What only leads there is in none.
    [['x > a', 'a > b', 'b > a', 'b > y'], ['a > b']],
    [
      ['c > d', 'a > b', 'd > c', 'b > a'],
      ['a > b', 'c > d'],
    ],
  ])('of %j are %j', (given, expected) => {
    expect(circles(...given)).toEqual(expected);
    expect(circles(...given.toReversed())).toEqual(expected);
  });

  it('have one place for each step, where the first is held and the next is taken', () => {
    const [circle] = lockCycles(nestings('c > a', 'a > b', 'b > c', 'a > b'));

    expect(circle?.nestings.map(({ actor, held, taken }) => [actor, held.lock, taken.lock])).toEqual([
      ['actor#1', 'a', 'b'],
      ['actor#2', 'b', 'c'],
      ['actor#0', 'c', 'a'],
    ]);
  });
});
