import { LINE_WORDS } from './layout.ts';

/**
 * Where the threads of a search meet: counters, the stop sign, and the jobs that busy threads leave for idle ones.
 *
 *     line 0   lock of the queue
 *     line 1   epoch: changes whenever a sleeping thread may have something to do
 *     line 2   idle threads | queued jobs | done | stop
 *     line 3   states, in total | transitions, in units | wanted generation of the table
 *     line 4   barrier: arrived | phase | answers of the main thread | states at which all is void
 *     then     jobs, each: length | todo | choice | spared | weight (two words) | moves ...
 */
const LOCK = 0;
const EPOCH: number = LINE_WORDS;
const IDLE: number = 2 * LINE_WORDS;
const QUEUED: number = IDLE + 1;
const DONE: number = IDLE + 2;
const STOP: number = IDLE + 3;
const STATES: number = 3 * LINE_WORDS;
const UNITS: number = STATES + 1;
const WANTED: number = STATES + 2;
const ARRIVED: number = 4 * LINE_WORDS;
const PHASE: number = ARRIVED + 1;
const ANSWERS: number = ARRIVED + 2;
const VOID_AT: number = ARRIVED + 3;
const JOBS: number = 5 * LINE_WORDS;

const JOB_HEAD = 8;
/** Longest way that is handed on, in moves; branches that lie deeper stay where they are. */
export const JOB_MOVES_MAX = 4096;
const JOB_WORDS: number = JOB_HEAD + JOB_MOVES_MAX;
/** Most threads that meet at a board. */
export const SEARCH_THREADS_MAX = 64;
/** A thread leaves a job only if there are fewer jobs than idle threads, but all may do so at once. */
const JOBS_MAX: number = 2 * SEARCH_THREADS_MAX;
/** How long a sleeper waits before it looks again: a bound on what a lost notification would cost, in ms. */
const SLEEP_MS = 20;

/** What is handed on: see `Branches` of the search. */
export interface Job {
  readonly moves: Int32Array;
  readonly length: number;
  readonly todo: number;
  readonly choice: number;
  readonly spared: number;
  readonly weight: number;
}

/** Shared memory of a board. */
export function sharedBoard(): SharedArrayBuffer {
  return new SharedArrayBuffer((JOBS + JOBS_MAX * JOB_WORDS) * Int32Array.BYTES_PER_ELEMENT);
}

/** See above. One per thread, and one of the main thread's, on the same memory. */
export class SearchBoard {
  readonly #words: Int32Array;
  readonly #weights: Float64Array;
  readonly #threads: number;

  constructor(buffer: SharedArrayBuffer, threads: number) {
    this.#words = new Int32Array(buffer);
    this.#weights = new Float64Array(buffer);
    this.#threads = threads;
  }

  /** Asks all threads to stop; the first reason, a number from 1 on, stands. */
  stop(reason: number): void {
    Atomics.compareExchange(this.#words, STOP, 0, reason);
    this.#wake();
  }

  /** The reason to stop, or 0. */
  get stopReason(): number {
    return Atomics.load(this.#words, STOP);
  }

  /** States of all threads, as far as they have been counted. */
  get states(): number {
    return Atomics.load(this.#words, STATES);
  }

  /** A thread's new states, and one more unit of transitions. Returns the units of all threads. */
  count(states: number): number {
    Atomics.add(this.#words, STATES, states);
    return Atomics.add(this.#words, UNITS, 1) + 1;
  }

  /** Main thread: what was counted before the threads begin. */
  countBefore(states: number, units: number): void {
    Atomics.add(this.#words, STATES, states);
    Atomics.add(this.#words, UNITS, units);
  }

  /** Whether somebody has nothing to do. */
  get isHungry(): boolean {
    return Atomics.load(this.#words, IDLE) > Atomics.load(this.#words, QUEUED);
  }

  /**
   * Leaves a job.
   * @throws {RangeError} If its way is too long, or there is no room: never if `isHungry` was asked before.
   */
  offer(job: Job): void {
    const words = this.#words;
    if (job.length > JOB_MOVES_MAX) throw new RangeError(`a job of ${job.length} moves is too long`);
    this.#lock();
    const queued = words[QUEUED] as number;
    if (queued >= JOBS_MAX) throw new RangeError('there is no room for another job');
    const at = JOBS + queued * JOB_WORDS;
    words[at] = job.length;
    words[at + 1] = job.todo;
    words[at + 2] = job.choice;
    words[at + 3] = job.spared;
    this.#weights[at / 2 + 2] = job.weight;
    words.set(job.moves.subarray(0, job.length), at + JOB_HEAD);
    Atomics.store(words, QUEUED, queued + 1);
    this.#unlock();
    this.#wake();
  }

  /**
   * The next job. Waits for one; undefined if none will come any more, since all threads wait, or if they are to stop.
   * Calls `onGrow` where the table is to be replaced meanwhile.
   */
  take(wantsToGrow: () => boolean, onGrow: () => void): Job | undefined {
    const words = this.#words;
    this.#lock();
    let job = this.#pop();
    if (job === undefined) Atomics.add(words, IDLE, 1);
    for (;;) {
      if (job === undefined && Atomics.load(words, IDLE) === this.#threads) Atomics.store(words, DONE, 1);
      this.#unlock();
      if (job !== undefined) return job;
      if (Atomics.load(words, DONE) !== 0 || this.stopReason !== 0) {
        this.#wake();
        return undefined;
      }
      const epoch = Atomics.load(words, EPOCH);
      if (wantsToGrow()) onGrow();
      else if (Atomics.load(words, QUEUED) === 0) Atomics.wait(words, EPOCH, epoch, SLEEP_MS);
      this.#lock();
      job = this.#pop();
      if (job !== undefined) Atomics.sub(words, IDLE, 1);
    }
  }

  /** The table that is to be in use: the highest generation that anybody has asked for. */
  get wantedGeneration(): number {
    return Atomics.load(this.#words, WANTED);
  }

  /** Asks for the table after that of `generation`. */
  wantAfter(generation: number): void {
    Atomics.compareExchange(this.#words, WANTED, generation, generation + 1);
    this.#wake();
  }

  /** Main thread: a thread that waits for an answer finds it in its mail. */
  answer(): void {
    Atomics.add(this.#words, ANSWERS, 1);
    Atomics.notify(this.#words, ANSWERS);
  }

  /** Waits until `receive` returns something; undefined if all are to stop instead. */
  await<Answer>(receive: () => Answer | undefined): Answer | undefined {
    for (;;) {
      const answers = Atomics.load(this.#words, ANSWERS);
      const answer = receive();
      if (answer !== undefined || this.stopReason !== 0) return answer;
      Atomics.wait(this.#words, ANSWERS, answers, SLEEP_MS);
    }
  }

  /** Main thread: what is searched from now on is not the search that was asked for; it ends at so many states. */
  voidAt(states: number): void {
    Atomics.compareExchange(this.#words, VOID_AT, 0, states);
  }

  /** See `voidAt`: 0 if all is well. */
  get voidStates(): number {
    return Atomics.load(this.#words, VOID_AT);
  }

  /** Waits until all threads are here. Returns false if they are to stop instead. */
  meet(): boolean {
    const words = this.#words;
    const phase = Atomics.load(words, PHASE);
    if (Atomics.add(words, ARRIVED, 1) + 1 === this.#threads) {
      Atomics.store(words, ARRIVED, 0);
      Atomics.add(words, PHASE, 1);
      Atomics.notify(words, PHASE);
      return true;
    }
    while (Atomics.load(words, PHASE) === phase) {
      if (this.stopReason !== 0) return false;
      Atomics.wait(words, PHASE, phase, SLEEP_MS);
    }
    return true;
  }

  #pop(): Job | undefined {
    const words = this.#words;
    const queued = words[QUEUED] as number;
    if (queued === 0) return undefined;
    Atomics.store(words, QUEUED, queued - 1);
    const at = JOBS + (queued - 1) * JOB_WORDS;
    const length = words[at] as number;
    return {
      length,
      todo: words[at + 1] as number,
      choice: words[at + 2] as number,
      spared: words[at + 3] as number,
      weight: this.#weights[at / 2 + 2] as number,
      moves: words.slice(at + JOB_HEAD, at + JOB_HEAD + length),
    };
  }

  #wake(): void {
    Atomics.add(this.#words, EPOCH, 1);
    Atomics.notify(this.#words, EPOCH);
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#words, LOCK, 0, 1) !== 0)
      Atomics.wait(this.#words, LOCK, 1, SLEEP_MS);
  }

  #unlock(): void {
    Atomics.store(this.#words, LOCK, 0);
    Atomics.notify(this.#words, LOCK, 1);
  }
}
