import { accessesThat } from './access.ts';
import type { CheckedMemory } from './checked-memory.ts';
import { type Address, type SlabObject, LINE_WORDS, type Page } from './layout.ts';

/**
 * Memory at hardware speed that logs what the steps of its own actor returned. There is no order between the logs of
 * different actors: nothing is shared, and an actor writes plain words that nobody else touches until the trial is
 * over. Only results that carry information are logged: a step that returns nothing follows from what was read before.
 *
 *     log + 0      1    2
 *        +--------+----+----+--------------+
 *        | count  | r1 | r2 | ...          |  one log: `words` words, results beyond them are counted only
 *        +--------+----+----+--------------+
 *
 * `count` has `LOG_CUT` in it if the actor went on without what it waited for, once a violation had decided the trial: behind
 * that violation the logs are those of no schedule.
 */
export interface RecordingMemory extends CheckedMemory {
  /** A trial begins; its results go to the log at this address. */
  beginTrial(log: Address): void;
  /** The trial is over: writes how many results it had, those without room included. */
  endTrial(): void;
  /** Logs a result that is no step of the memory: how the device answered. */
  record(result: number): void;
}

/** In the count of a log: see `RecordingMemory`. */
export const LOG_CUT: number = 1 << 30;

/** Where logs lie. */
export interface LogParts {
  readonly words: Int32Array;
  /** Words of one log. */
  readonly logWords: number;
}

/**
 * Words of one actor's log of one trial: the longest straight way through a program has some 22 results per page; the
 * rest is for retry loops.
 */
export function logWordsFor(pages: number): number {
  return 2 ** Math.ceil(Math.log2(8 * LINE_WORDS + 32 * pages));
}

type Method = (this: RecordingMemory, one: number, two: number, three: number) => number | boolean;

/** The class of a memory that logs what `Base` returns. */
export function recordingMemoryClass(
  Base: new () => CheckedMemory,
  { words, logWords }: LogParts,
): new () => RecordingMemory {
  return class Recording extends Base implements RecordingMemory {
    // Methods that many trials take are written out below: V8 learns about each of them by itself.
    static {
      for (const access of accessesThat(({ gives }) => gives !== 'nothing')) {
        if (Object.hasOwn(this.prototype, access)) continue;
        const made: Method = Base.prototype[access];
        const value: Method = function logging(one, two, three) {
          const result = made.call(this, one, two, three);
          this.record(Number(result));
          return result;
        };
        Object.defineProperty(this.prototype, access, { value, configurable: true, writable: true });
      }
    }

    #log = 0;
    #next = 0;
    #end = 0;
    #isCut = false;

    beginTrial(log: Address): void {
      this.#log = log;
      this.#next = log + 1;
      this.#end = log + logWords;
      this.#isCut = false;
    }

    endTrial(): void {
      words[this.#log] = (this.#next - this.#log - 1) | (this.#isCut ? LOG_CUT : 0);
    }

    override brokeWait(): void {
      this.#isCut = true;
    }

    record(result: number): void {
      if (this.#next < this.#end) words[this.#next] = result;
      this.#next++;
    }

    override atomicRead(address: Address): number {
      return this.#logged(super.atomicRead(address));
    }

    override atomicFetchInc(address: Address): number {
      return this.#logged(super.atomicFetchInc(address));
    }

    override atomicIncNotZero(address: Address): boolean {
      return this.#decided(super.atomicIncNotZero(address));
    }

    override atomicDecAndTest(address: Address): boolean {
      return this.#decided(super.atomicDecAndTest(address));
    }

    override atomicCmpxchg(address: Address, expected: number, replacement: number): number {
      return this.#logged(super.atomicCmpxchg(address, expected, replacement));
    }

    override testBit(bit: number, address: Address): boolean {
      return this.#decided(super.testBit(bit, address));
    }

    override testAndSetBit(bit: number, address: Address): boolean {
      return this.#decided(super.testAndSetBit(bit, address));
    }

    override testAndClearBit(bit: number, address: Address): boolean {
      return this.#decided(super.testAndClearBit(bit, address));
    }

    override readOnce(address: Address): number {
      return this.#logged(super.readOnce(address));
    }

    override trylockPage(page: Page): boolean {
      return this.#decided(super.trylockPage(page));
    }

    override callRcuFree(eb: SlabObject): boolean {
      return this.#decided(super.callRcuFree(eb));
    }

    #logged(result: number): number {
      this.record(result);
      return result;
    }

    #decided(result: boolean): boolean {
      this.record(result ? 1 : 0);
      return result;
    }
  };
}
