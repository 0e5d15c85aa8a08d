import { GivenTime, type TimeSource } from '../../fix/plug-in/thread-time.ts';

/** Actors that get no processor are not hung: whatever is waited for ends so late by the wall clock. */
export const BUSY_MS = 120_000;

/** What is watched. */
export interface Watched {
  /** The system's numbers of the threads, 0 for one that is not known. */
  readonly threads: () => readonly number[];
  /** How long they may go without advancing, of the time that they are given. */
  readonly hangMs: number;
  /** The same by the wall clock. @default 120,000 */
  readonly busyMs?: number;
  readonly source?: TimeSource;
}

/** Tells threads that hang from threads that other processes keep from the processors. */
export class HangWatch {
  readonly #given: GivenTime;
  readonly #hangMs: number;
  readonly #busyMs: number;
  #beat: number | undefined;

  constructor({ threads, hangMs, busyMs = BUSY_MS, source }: Watched) {
    this.#given = new GivenTime(threads, source);
    this.#hangMs = hangMs;
    this.#busyMs = busyMs;
  }

  /** `beat` is a number that changes whenever one of the threads advances. */
  look(beat: number): 'advancing' | 'hung' | 'busy' {
    if (beat !== this.#beat) {
      this.#beat = beat;
      this.#given.restart();
      return 'advancing';
    }
    if (this.#given.ms() > this.#hangMs) return 'hung';
    return this.#given.wallMs() > this.#busyMs ? 'busy' : 'advancing';
  }
}
