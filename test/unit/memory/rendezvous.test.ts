import { describe, expect, it } from 'vitest';
import {
  ACTOR_ASLEEP,
  ACTOR_LAST,
  ACTOR_STRIDE,
  actorLine,
  BLOCK_STOP,
} from '../../../src/memory/control.ts';
import { LINE_WORDS } from '../../../src/memory/layout.ts';
import { javascriptInstructions } from '../../../src/memory/instructions.ts';
import { Rendezvous } from '../../../src/memory/rendezvous.ts';

const BASE = 8 * LINE_WORDS;

/** The rendezvous of one actor on words of which the others' strides are written by hand. */
function placeOf(actor: number, actorCount: number): { words: Int32Array; rendezvous: Rendezvous } {
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
    const { words, rendezvous } = placeOf(1, 2);
    const line = actorLine(BASE, 1);
    const seen: boolean[] = [];
    const wait = Atomics.wait;
    Atomics.wait = ((...args: Parameters<typeof wait>) => {
      seen.push(words[line + ACTOR_ASLEEP] === 1);
      words[BASE + ACTOR_STRIDE] = 2;
      return wait(...args);
    }) as typeof wait;
    try {
      rendezvous.release(2);
    } finally {
      Atomics.wait = wait;
    }

    expect(seen).toEqual([true]);
    expect(words[line + ACTOR_ASLEEP]).toBe(0);
  });
});
