import { describe, expect, it } from 'vitest';
import {
  ACTOR_ASLEEP,
  ACTOR_LAST,
  ACTOR_PING,
  ACTOR_STRIDE,
  actorLine,
  BLOCK_STOP,
} from '../../../src/memory/control.ts';
import { LINE_WORDS } from '../../../src/memory/layout.ts';
import { javascriptInstructions } from '../../../src/memory/instructions.ts';
import { PINGS_MAX, Rendezvous } from '../../../src/memory/rendezvous.ts';

const BASE = 8 * LINE_WORDS;

/** The rendezvous of one actor on words of which the others' strides are written by hand. */
function placeOf(
  actor: number,
  actorCount: number,
  wait?: typeof Atomics.wait,
): { words: Int32Array; rendezvous: Rendezvous } {
  const words = new Int32Array(new SharedArrayBuffer(4 * (BASE + actorCount * LINE_WORDS)));
  return {
    words,
    rendezvous: new Rendezvous({
      words,
      instructions: javascriptInstructions(words),
      actorBase: BASE,
      actorCount,
      actor,
      spinsMax: 10,
      wait,
    }),
  };
}

describe('Rendezvous', () => {
  it('lets an actor go on once all others have published the stride', () => {
    const { words, rendezvous } = placeOf(0, 3);
    words[actorLine(BASE, 1) + ACTOR_STRIDE] = 4;
    words[actorLine(BASE, 2) + ACTOR_STRIDE] = 5;

    expect(rendezvous.meet(4, false)).toBe(true);
    expect(words[BASE + ACTOR_STRIDE]).toBe(4);
  });

  it('ends where actor 0 wishes it to', () => {
    const { rendezvous } = placeOf(0, 1);

    expect([rendezvous.meet(1, false), rendezvous.meet(2, true)]).toEqual([true, false]);
  });

  it('ends where the main thread has asked for it', () => {
    const { words, rendezvous } = placeOf(0, 1);
    words[BLOCK_STOP] = 1;

    expect(rendezvous.meet(3, false)).toBe(false);
  });

  it.each([
    { what: 'its own wish', isLast: true, stop: 0 },
    { what: 'a stop that it saw itself', isLast: false, stop: 1 },
  ])('does not end for an actor other than 0 by $what', ({ isLast, stop }) => {
    const { words, rendezvous } = placeOf(1, 2);
    words[BASE + ACTOR_STRIDE] = 2;
    words[BLOCK_STOP] = stop;

    expect(rendezvous.meet(2, isLast)).toBe(true);
  });

  it('ends for every actor at the stride that actor 0 has named', () => {
    const { words, rendezvous } = placeOf(1, 2);
    words[BASE + ACTOR_STRIDE] = 3;
    words[BASE + ACTOR_LAST] = 3;

    expect([rendezvous.meet(2, false), rendezvous.meet(3, false)]).toEqual([true, false]);
  });

  it('lets the others go by actor 0 alone, once all of them have reported', () => {
    const leader = placeOf(0, 3);
    leader.words[actorLine(BASE, 1) + ACTOR_STRIDE] = 4;
    leader.words[actorLine(BASE, 2) + ACTOR_STRIDE] = 4;
    const follower = placeOf(1, 3);
    // Actor 2 has not reported: that is for actor 0 to wait for.
    follower.words[BASE + ACTOR_STRIDE] = 4;

    leader.rendezvous.release(4);
    follower.rendezvous.release(4);

    expect(leader.words[BASE + ACTOR_STRIDE]).toBe(4);
    expect(follower.words[actorLine(BASE, 1) + ACTOR_STRIDE]).toBe(4);
  });

  it('sleeps at a release until the word moves, and is not asleep afterwards', () => {
    const line = actorLine(BASE, 1);
    const seen: boolean[] = [];
    const { words, rendezvous } = placeOf(1, 2, ((...args: Parameters<typeof Atomics.wait>) => {
      seen.push(words[line + ACTOR_ASLEEP] === 1);
      words[BASE + ACTOR_STRIDE] = 2;
      return Atomics.wait(...args);
    }) as typeof Atomics.wait);

    rendezvous.release(2);

    expect(seen).toEqual([true]);
    expect(words[line + ACTOR_ASLEEP]).toBe(0);
  });

  describe('round trip', () => {
    /** A clock that gives 100 ns more each time. */
    const clock = (): (() => bigint) => {
      let now = 0n;
      return () => (now += 100n);
    };

    it('is measured once at the start and once at the end', () => {
      const { words, rendezvous } = placeOf(0, 2);
      words[actorLine(BASE, 1) + ACTOR_PING] = 2 * PINGS_MAX;

      expect(rendezvous.measureRoundTrip(clock())).toBeGreaterThan(0);
      expect(rendezvous.measureRoundTrip(clock(), PINGS_MAX)).toBeGreaterThan(0);
    });

    it('takes no answer of the start for one of the end', () => {
      const { words, rendezvous } = placeOf(0, 2);
      words[actorLine(BASE, 1) + ACTOR_PING] = PINGS_MAX;

      expect(rendezvous.measureRoundTrip(clock())).toBeGreaterThan(0);
      expect(rendezvous.measureRoundTrip(clock(), PINGS_MAX)).toBe(0);
    });

    it('is 0 for all but actor 0', () => {
      const second = placeOf(1, 3);
      second.words[BASE + ACTOR_PING] = PINGS_MAX;
      const third = placeOf(2, 3);

      expect(second.rendezvous.measureRoundTrip(clock())).toBe(0);
      expect(third.rendezvous.measureRoundTrip(clock())).toBe(0);
    });
  });
});
