import type { Worker } from 'node:worker_threads';
import { endThread } from '../../fix/plug-in/live-threads.ts';
import { startThread, YOUNG_HEAP_MB } from '../../fix/plug-in/threads.ts';
import { ACTOR_PING, ACTOR_THREAD, actorLine } from '../../memory/control.ts';
import { Gate } from '../../memory/gate.ts';
import { wasmMemory, wasmModule } from '../../memory/wasm-instructions.ts';
import { quantile } from '../../stats/quantile.ts';
import { pinThreads } from '../host/pinning.ts';
import { procText } from '../host/proc.ts';
import { busyHost } from '../plan/harness-error.ts';
import {
  PING_ACTORS,
  PING_BYTES,
  PING_PROBES,
  PING_RESULTS,
  pingBase,
  type PingData,
} from './ping-memory.ts';

/** Starting a thread, and a visit, take far less, however busy the host is. */
const TIMEOUT_MS = 30_000;
/** Field of /proc/PID/task/TID/stat with the processor, counted behind the name of the command: proc_pid_stat(5), number 39. */
const STAT_PROCESSOR = 36;

/** Two threads that are sent from one pair of processors to the next, and measure what a round trip between them takes. */
export class PingPair {
  readonly #words: Int32Array;
  readonly #gate: Gate;
  readonly #workers: readonly Worker[];
  readonly #failed: Promise<never>;
  #visits = 0;

  constructor() {
    const memory = wasmMemory(PING_BYTES);
    const instructions = wasmModule(memory);
    this.#words = new Int32Array(memory.buffer);
    this.#gate = new Gate(this.#words);
    const module = new URL('ping-thread', import.meta.url);
    this.#workers = ([0, 1] as const).map((actor) =>
      startThread(module, {
        workerData: { memory, instructions, actor } satisfies PingData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
      }),
    );
    this.#failed = new Promise((_, reject) => {
      for (const worker of this.#workers) worker.once('error', reject);
    });
    this.#failed.catch(() => {});
  }

  /** Waits until both threads are there. */
  async started(): Promise<void> {
    if (!(await Promise.race([this.#gate.ready(PING_ACTORS, TIMEOUT_MS), this.#failed])))
      throw busyHost('threads that measure round trips did not start in time');
  }

  /** Keeps the threads on two processors; why they cannot be, in words for a sentence, or null. */
  async move(processors: readonly [number, number]): Promise<string | null> {
    const { failed } = await pinThreads(this.#threads(), processors);
    return failed;
  }

  /** What a round trip takes in ns, the median of some probes; null where the threads did not answer each other. */
  async visit(): Promise<number | null> {
    // What is left of the visit before would be taken for answers.
    for (let probe = 0; probe < PING_PROBES; probe++) {
      for (const actor of [0, 1]) this.#words[actorLine(pingBase(probe), actor) + ACTOR_PING] = 0;
      this.#words[PING_RESULTS + probe] = 0;
    }
    this.#gate.open(0, ++this.#visits, 0);
    if (!(await Promise.race([this.#gate.finished(PING_ACTORS, TIMEOUT_MS), this.#failed])))
      throw busyHost('threads that measure round trips did not come back in time');
    const trips = [...this.#words.subarray(PING_RESULTS, PING_RESULTS + PING_PROBES)].filter(
      (trip) => trip > 0,
    );
    return trips.length === 0 ? null : quantile(trips, 0.5) / 10;
  }

  /** The processors that the threads ran on last; undefined where the system does not tell. */
  places(): readonly number[] | undefined {
    const places = this.#threads().map((thread) => {
      const stat = procText(`/proc/self/task/${thread}/stat`);
      const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields?.[STAT_PROCESSOR] ?? Number.NaN);
    });
    return places.some((place) => Number.isNaN(place)) ? undefined : places;
  }

  async end(): Promise<void> {
    this.#gate.close();
    await Promise.all(this.#workers.map(endThread));
  }

  #threads(): readonly number[] {
    return [0, 1].map((actor) => this.#words[actorLine(pingBase(0), actor) + ACTOR_THREAD] ?? 0);
  }
}
