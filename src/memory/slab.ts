import type { ActorMemory } from './actor-memory.ts';
import { ACTOR_RCU, ACTOR_WORDS, actorLine } from './control.ts';
import { javascriptInstructions } from './instructions.ts';
import {
  type Address,
  OBJECT_GRACE,
  OBJECT_OWN,
  OBJECT_ASIDE,
  OBJECT_SLAB,
  objectWords,
  type SlabObject,
  LINE_WORDS,
  NULL,
  OWN_WORDS,
  POISON,
  POISONED_WORDS,
  SLAB_ALLOCATED,
  SLAB_CLAIMED,
  SLAB_FREE,
  SLAB_RCU_DYING,
  SLAB_RCU_PENDING,
} from './layout.ts';

/** The slab of an actor's worlds: the states of objects, and what is in them while they are nobody's. */
export interface Slab {
  /** Takes an object if it is free, or no reader may look at it any more, and zeroes it. Returns whether it was taken. */
  readonly claim: (eb: SlabObject) => boolean;
  /** Frees an object and poisons it. Returns whether it was in use. */
  readonly free: (eb: SlabObject, state: typeof SLAB_FREE | typeof SLAB_RCU_PENDING) => boolean;
  /** The state of the object that a word belongs to, as soon as nobody is about to change it. */
  readonly stateOf: (address: Address) => number;
  /**
   * Where a reader finds what a poisoned word held, NULL if nobody may look at it any more. Taken for a reader is whoever is
   * inside of a read section: whether it was entered in time is judged in the trials that are traced.
   */
  readonly graceOf: (address: Address) => Address;
}

/** The slab as one actor uses it. */
export function slabOf({ words, instructions, geometry, actorBase, actorCount, actor }: ActorMemory): Slab {
  const { load, store, exchange, cmpxchg } = instructions ?? javascriptInstructions(words);
  const line = actorLine(actorBase, actor);
  const size = objectWords(geometry);

  const isRcuIdle = rcuIdleOf(load, actorBase, actorCount);

  // Who claims an object gives it back if readers may still look at it: for them it has been there all the time.
  const stateOf = (address: Address): number => {
    const slab = address - (address % LINE_WORDS) + OBJECT_SLAB;
    for (;;) {
      const state = load(slab);
      if (state !== SLAB_CLAIMED && state !== SLAB_RCU_DYING) return state;
    }
  };

  /** What a reader does to a word happens before it is exchanged, or to its copy. */
  const poison = (start: Address): void => {
    for (let word = 0; word < POISONED_WORDS; word++)
      words[start + OBJECT_GRACE + word] = exchange(start + word, POISON);
  };

  return {
    claim(eb) {
      const slab = eb + OBJECT_SLAB;
      const state = load(slab);
      if (state !== SLAB_FREE && state !== SLAB_RCU_PENDING) return false;
      if (cmpxchg(slab, state, SLAB_CLAIMED) !== state) return false;
      // Look at the readers only now that nobody else can take the object, use it and give it away once more.
      if (state === SLAB_RCU_PENDING && !isRcuIdle()) {
        store(slab, state);
        return false;
      }
      for (let at = eb + LINE_WORDS; at < eb + size; at += LINE_WORDS) {
        words.fill(0, at, at + POISONED_WORDS);
        store(at + OBJECT_SLAB, SLAB_ALLOCATED);
      }
      words.fill(0, eb, eb + POISONED_WORDS);
      words[eb + OBJECT_ASIDE] = 0;
      words.fill(0, eb + OBJECT_OWN, eb + OBJECT_OWN + OWN_WORDS);
      store(slab, SLAB_ALLOCATED);
      return true;
    },
    free(eb, state) {
      const slab = eb + OBJECT_SLAB;
      if (load(slab) !== SLAB_ALLOCATED) return false;
      // Nobody may claim and zero the object until it is poisoned; who meets poison meanwhile waits for the copy.
      const dying = state === SLAB_FREE ? SLAB_CLAIMED : SLAB_RCU_DYING;
      if (cmpxchg(slab, SLAB_ALLOCATED, dying) !== SLAB_ALLOCATED) return false;
      // Whoever meets the poison of a further line asks that line.
      for (let at = eb + LINE_WORDS; at < eb + size; at += LINE_WORDS) {
        store(at + OBJECT_SLAB, dying);
        poison(at);
        store(at + OBJECT_SLAB, state);
      }
      poison(eb);
      store(slab, state);
      return true;
    },
    stateOf,
    graceOf(address) {
      const field = address % LINE_WORDS;
      if (field >= POISONED_WORDS || ((words[line + ACTOR_RCU] ?? 0) & 1) === 0) return NULL;
      return stateOf(address) === SLAB_RCU_PENDING ? address + OBJECT_GRACE : NULL;
    },
  };
}

/**
 * Tells whether there was a moment since the call at which no actor was inside of a read section: the object is unreachable
 * by then, so that a section entered later cannot find it. One look at each actor would find some moment for each,
 * which is enough for the kernel and more than the explore engine allows: two looks that see the same find one
 * moment for all, between them.
 */
function rcuIdleOf(
  load: (address: Address) => number,
  actorBase: Address,
  actorCount: number,
): () => boolean {
  return () => {
    let seen = 0;
    for (let other = 0; other < actorCount; other++) {
      const sections = load(actorBase + other * ACTOR_WORDS + ACTOR_RCU);
      if ((sections & 1) !== 0) return false;
      seen = (seen + sections) | 0;
    }
    for (let other = 0; other < actorCount; other++) {
      seen = (seen - load(actorBase + other * ACTOR_WORDS + ACTOR_RCU)) | 0;
    }
    return seen === 0;
  };
}
