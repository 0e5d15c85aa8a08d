/**
 * How long a thread has had the chance to do something. A thread that waits for a processor, since others have all of them, is not
 * hung: the time that it waits so does not count. Linux tells it for each thread; elsewhere limits are merely generous.
 */
import { readFileSync, readlinkSync } from 'node:fs';

/** Where the system does not tell, so many ms by the wall clock are one that a thread has had. */
const GENEROUS = 5;

/** Where times come from; replaced in tests. */
export interface TimeSource {
  /** Wall clock in ms. */
  readonly now: () => number;
  /** How long a thread, by the system's number, has been ready to run without a processor, in ms; undefined if unknown. */
  readonly starvedMs: (thread: number) => number | undefined;
}

const SYSTEM: TimeSource = {
  // A watchdog's clock: nothing that is replayed reads it.
  now: () => process.uptime() * 1000,
  starvedMs,
};

/** The system's number of the calling thread, 0 where it does not tell (anywhere but on Linux). */
export function systemThreadId(): number {
  if (process.platform !== 'linux') return 0;
  try {
    // "1234/task/1240"
    return Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The time that threads have had since a moment: that of the one which had least, since the others may wait for it. */
export class GivenTime {
  readonly #threads: () => readonly number[];
  readonly #source: TimeSource;
  #startedAt = 0;
  #starvedBefore: ReadonlyMap<number, number> = new Map();

  /** `threads` are the system's numbers, 0 for one that is not known yet or not at all. */
  constructor(threads: () => readonly number[], source: TimeSource = SYSTEM) {
    this.#threads = threads;
    this.#source = source;
    this.restart();
  }

  /** Begins to count anew. */
  restart(): void {
    this.#startedAt = this.#source.now();
    this.#starvedBefore = this.#starved();
  }

  /** Time by the wall clock. */
  wallMs(): number {
    return this.#source.now() - this.#startedAt;
  }

  /** What the threads have had of it. */
  ms(): number {
    const wallMs = this.wallMs();
    const threads = this.#threads();
    const starved = this.#starved();
    if (threads.length === 0 || starved.size < threads.length) return wallMs / GENEROUS;
    const most = Math.max(
      ...threads.map((thread) => (starved.get(thread) ?? 0) - (this.#starvedBefore.get(thread) ?? 0)),
    );
    return Math.max(0, wallMs - Math.max(0, most));
  }

  #starved(): Map<number, number> {
    const starved = new Map<number, number>();
    for (const thread of this.#threads()) {
      const ms = thread === 0 ? undefined : this.#source.starvedMs(thread);
      if (ms !== undefined) starved.set(thread, ms);
    }
    return starved;
  }
}

function starvedMs(thread: number): number | undefined {
  try {
    // "time on a processor, time waiting for one, in ns; time slices"
    const waited = / (\d+) /.exec(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8'))?.[1];
    return waited === undefined ? undefined : Number(waited) / 1e6;
  } catch {
    return undefined;
  }
}
