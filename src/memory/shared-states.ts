/** First table: 2^22 hashes of 64 bits, 32 MB. Each next one is four times as large. */
const FIRST_SLOTS_LOG2 = 22;
const GROWTH_LOG2 = 2;
/** The largest one: 2^28 hashes, 2 GB. */
const LAST_SLOTS_LOG2 = 28;
/** How full a table may be before its hashes move into the next one, in eighths. */
const FULL_EIGHTHS = 5;
/** Words of the smallest page of memory that a system has. */
const SYSTEM_PAGE_WORDS = 1024;

/**
 * The states that the threads of a search have seen, as 64-bit hashes in open-addressing tables of shared memory. Entries
 * are never removed:
 *
 *     slot    low, high     both 0: empty;  low alone: being written
 *
 * Whoever puts `low` into an empty slot by compare-and-exchange owns it and writes `high`; whoever meets the same `low`
 * waits for `high`, a few nanoseconds, and compares it. Words change once, from 0, so that plain reads will do first: an
 * old value can only be 0, and 0 is read again.
 *
 * A full table is replaced while all threads stand still: each moves a part of it (see SearchBoard). A hash's slot comes
 * from its highest bits, so that a part of a table moves into the same part of the next one, in order.
 *
 * Every page of memory is written to before anything is looked up in it. A page that is read first becomes one of the
 * system's page of zeros, and the write that follows has to replace that in the address translation of every core on
 * which a thread runs: in a virtual machine that took a sixth of two threads' time.
 */
export class SharedStates {
  readonly #tables: readonly Int32Array[];
  #generation = 0;
  #words: Int32Array;
  #mask: number;
  #shift: number;

  constructor(buffers: readonly SharedArrayBuffer[]) {
    this.#tables = buffers.map((buffer) => new Int32Array(buffer));
    this.#words = this.#tables[0] as Int32Array;
    this.#mask = this.#words.length / 2 - 1;
    this.#shift = Math.clz32(this.#mask);
  }

  /** Adds a hash. Returns false if it was there. */
  add(low: number, high: number): boolean {
    const words = this.#words;
    const mask = this.#mask;
    const lower = low === 0 ? 1 : low | 0;
    const higher = high === 0 ? 1 : high | 0;
    for (let slot = lower >>> this.#shift; ; slot = (slot + 1) & mask) {
      const at = 2 * slot;
      let seen = words[at] as number;
      if (seen === 0) {
        seen = Atomics.compareExchange(words, at, 0, lower);
        if (seen === 0) {
          Atomics.store(words, at + 1, higher);
          return true;
        }
      }
      if (seen !== lower) continue;
      let seenHigh = words[at + 1] as number;
      while (seenHigh === 0) seenHigh = Atomics.load(words, at + 1);
      if (seenHigh === higher) return false;
    }
  }

  /** Number of hashes at which the table is full. */
  get limit(): number {
    return ((this.#mask + 1) / 8) * FULL_EIGHTHS;
  }

  /** Whether there is a larger table. */
  get canGrow(): boolean {
    return this.#generation + 1 < this.#tables.length;
  }

  /** Thread `thread` of `threads` takes the memory of its part of the table from the system. Changes nothing. */
  touch(thread: number, threads: number): void {
    const words = this.#words;
    const end = Math.floor((words.length * (thread + 1)) / threads);
    for (let at = Math.floor((words.length * thread) / threads); at < end; at += SYSTEM_PAGE_WORDS) {
      // On x86 this one is a write even where it exchanges nothing; V8's Atomics.or reads first.
      Atomics.compareExchange(words, at, 0, 0);
    }
  }

  /** Thread `thread` of `threads` moves its part into the next table. All threads do so at the same time. */
  moveUp(thread: number, threads: number): void {
    const old = this.#words;
    const slots = old.length / 2;
    this.#generation++;
    this.#words = this.#tables[this.#generation] as Int32Array;
    this.#mask = this.#words.length / 2 - 1;
    this.#shift = Math.clz32(this.#mask);
    this.touch(thread, threads);
    const end = Math.floor((slots * (thread + 1)) / threads);
    for (let slot = Math.floor((slots * thread) / threads); slot < end; slot++) {
      const low = old[2 * slot] as number;
      if (low !== 0) this.add(low, old[2 * slot + 1] as number);
    }
  }
}

/** Most states that the tables hold. */
export const SHARED_STATES_MAX: number = (2 ** LAST_SLOTS_LOG2 / 8) * FULL_EIGHTHS;

/** Tables for so many states. Memory is taken as it is touched: what is never used costs address space only. */
export function sharedTables(statesMax: number): SharedArrayBuffer[] {
  const tables: SharedArrayBuffer[] = [];
  for (let log2 = FIRST_SLOTS_LOG2; log2 <= LAST_SLOTS_LOG2; log2 += GROWTH_LOG2) {
    tables.push(new SharedArrayBuffer(2 ** log2 * 2 * Int32Array.BYTES_PER_ELEMENT));
    if ((2 ** log2 / 8) * FULL_EIGHTHS >= statesMax) break;
  }
  return tables;
}
