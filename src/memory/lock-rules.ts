import { type Access, accessesThat, accessKinds } from './access.ts';
import type { AccessKind } from './access-kind.ts';
import {
  type Address,
  FS_BIO,
  FS_PAGES,
  type Geometry,
  PAGE_FLAGS,
  PAGE_WORDS,
  PAGES_MAX,
} from './layout.ts';
import type { FieldWord } from './schema.ts';
import { fieldWordsOf } from './structures.ts';
import { bitName, wordOfAny } from './word-name.ts';

/** A lock as its actor holds it. */
export interface HeldLock<Where> {
  /** Behind the start of the world: of the page's flags where it is a page's. */
  readonly lock: Address;
  /** What took it. */
  readonly access: Access;
  readonly where: Where;
}

/** An access as far as locks are concerned; addresses are behind the start of the world. */
export interface LockStep {
  readonly access: Access;
  readonly address: Address;
  /** The value of a store. */
  readonly operand: number;
}

/** The accesses that take locks, give them back, wait for them, or hand them over. */
export const LOCK_ACCESSES: readonly Access[] = [...accessesThat(isOfLock), 'writeOnce'];

/**
 * What lockdep knows of a task: the locks that it holds, and which of them count where it waits for another.
 *
 * Where this is not as the kernel's lockdep has it:
 * - Page locks have a kind here, and the kernel leaves them out: whoever unlocks a page need not be who locked it. What is handed over
 *   with a bio is held no more by who submits it, nor by who completes it.
 * - Several pages are locked in the order of their index, so that actors who do so never wait in a circle. That order is no nesting;
 *   any other is one, of the kind in itself.
 * - `wait_on_page_locked` waits for whoever holds the lock as `lock_page` does, and counts as that.
 *
 * As lockdep has it: a trylock waits for nobody, so that nothing counts as held around it, but what it takes counts as held;
 * readers of a read-write lock count as its writers do, since a writer that waits between two of them keeps the second one out.
 */
export class LockRules {
  readonly #kinds: ReadonlyMap<Address, string | undefined>;

  constructor(geometry: Geometry) {
    this.#kinds = new Map([...fieldWordsOf(geometry)].map(([address, target]) => [address, kindOf(target)]));
  }

  /** The kind of a lock, by its name: `private_lock`, `page.flags:LOCKED`; undefined of what has no name. */
  kindAt(lock: Address): string | undefined {
    return this.#kinds.get(lock);
  }

  /** The locks whose order counts where an actor that holds these is in front of a step. */
  heldAround<Where>(
    held: readonly HeldLock<Where>[],
    { access, address }: LockStep,
  ): readonly HeldLock<Where>[] {
    const kind = accessKinds[access];
    if (held.length === 0 || !isOfLock(kind) || kind.isReady === undefined) return NOTHING;
    if (kind.target !== 'page-lock') return held;
    return held.filter((each) => accessKinds[each.access].target !== 'page-lock' || each.lock >= address);
  }

  /** What an actor holds behind a step, which gave `result`. */
  heldAfter<Where>(
    held: readonly HeldLock<Where>[],
    { access, address, operand }: LockStep,
    result: number,
    where: Where,
  ): readonly HeldLock<Where>[] {
    if (access === 'writeOnce') return isMailbox(address) ? handedOver(held, operand) : held;
    const { target, holds, gives } = accessKinds[access];
    if (holds === undefined || !isOfLock(accessKinds[access])) return held;
    if (holds === 'no-more') return withoutLast(held, address);
    if (gives === 'truth' && result === 0) return held;
    // Of a page that could be locked once more, somebody else has given the lock back.
    const others = target === 'page-lock' ? withoutLast(held, address) : held;
    return [...others, { lock: address, access, where }];
  }
}

function kindOf(target: FieldWord): string | undefined {
  const word = wordOfAny(target);
  const { field } = target;
  if (word === undefined || field.kind !== 'flags' || field.lock === undefined) return word;
  const { bit } = field.lock;
  const [name] = [...field.bits].find(([, number]) => number === bit) ?? [bit];
  return bitName(word, name);
}

/** A list for all. */
const NOTHING: readonly never[] = [];

function isOfLock({ target }: AccessKind): boolean {
  return target === 'spin-lock' || target === 'page-lock' || target === 'rwsem';
}

/** Whether the word is where a bio is left for whoever completes it. */
function isMailbox(address: Address): boolean {
  return address >= FS_BIO && address < FS_PAGES;
}

/** Bit i of a bio stands for page i, which stays locked for whoever completes it. */
function handedOver<Where>(held: readonly HeldLock<Where>[], bio: number): readonly HeldLock<Where>[] {
  const isInBio = ({ lock, access }: HeldLock<Where>): boolean => {
    const page = (lock - PAGE_FLAGS - FS_PAGES) / PAGE_WORDS;
    return accessKinds[access].target === 'page-lock' && page < PAGES_MAX && (bio & (1 << page)) !== 0;
  };
  return held.some(isInBio) ? held.filter((each) => !isInBio(each)) : held;
}

function withoutLast<Where>(held: readonly HeldLock<Where>[], lock: Address): readonly HeldLock<Where>[] {
  const at = held.findLastIndex((each) => each.lock === lock);
  return at < 0 ? held : held.toSpliced(at, 1);
}
