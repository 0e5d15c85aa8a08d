import { BLOCK_FINISHED, BLOCK_STOP, BLOCK_TRIALS, GATE_QUIT, GATES, RUN_READY } from './control.ts';
import { type Address, LINE_WORDS } from './layout.ts';

/**
 * The start gates of a run, one per arm: the main thread opens one for a block, the actors of that arm run it and come
 * back. All others sleep.
 */
export class Gate {
  readonly #words: Int32Array;
  readonly #arms: number;

  constructor(words: Int32Array, arms: number) {
    this.#words = words;
    this.#arms = arms;
  }

  /** Main thread: lets the actors of an arm run block number `block`, counted from 1; 0 `trialsMax` is no limit. */
  open(arm: number, block: number, trialsMax: number): void {
    Atomics.store(this.#words, BLOCK_STOP, 0);
    Atomics.store(this.#words, BLOCK_FINISHED, 0);
    Atomics.store(this.#words, BLOCK_TRIALS, trialsMax);
    Atomics.store(this.#words, gateOf(arm), block);
    Atomics.notify(this.#words, gateOf(arm));
  }

  /** Main thread: asks the actors of the current block to end it after their stride. */
  stop(): void {
    Atomics.store(this.#words, BLOCK_STOP, 1);
  }

  /** Main thread: sends the actors of all arms home. */
  close(): void {
    Atomics.store(this.#words, BLOCK_STOP, 1);
    for (let arm = 0; arm < this.#arms; arm++) {
      Atomics.store(this.#words, gateOf(arm), GATE_QUIT);
      Atomics.notify(this.#words, gateOf(arm));
    }
  }

  /** Main thread: waits until `actors` actors have finished the block, or `timeoutMs` are over. False on time-out. */
  finished(actors: number, timeoutMs: number): Promise<boolean> {
    return this.#counted(BLOCK_FINISHED, actors, timeoutMs);
  }

  /** Main thread: waits until `actors` actors stand at their gates, or `timeoutMs` are over. False on time-out. */
  ready(actors: number, timeoutMs: number): Promise<boolean> {
    return this.#counted(RUN_READY, actors, timeoutMs);
  }

  /** Actor: has prepared everything. */
  arrive(): void {
    Atomics.add(this.#words, RUN_READY, 1);
    Atomics.notify(this.#words, RUN_READY);
  }

  /** Actor: sleeps until its arm's gate shows another block than `block`. Returns it, or GATE_QUIT. */
  pass(arm: number, block: number): number {
    Atomics.wait(this.#words, gateOf(arm), block);
    return Atomics.load(this.#words, gateOf(arm));
  }

  /** Actor: done with the block. */
  finish(): void {
    Atomics.add(this.#words, BLOCK_FINISHED, 1);
    Atomics.notify(this.#words, BLOCK_FINISHED);
  }

  async #counted(address: Address, count: number, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const seen = Atomics.load(this.#words, address);
      if (seen === count) return true;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return false;
      const { async: isAsync, value } = Atomics.waitAsync(this.#words, address, seen, leftMs);
      if (!isAsync) continue;
      // The promise of waitAsync alone does not keep the process alive.
      const alive = setTimeout(() => {}, leftMs + 1_000);
      await value;
      clearTimeout(alive);
    }
  }
}

function gateOf(arm: number): Address {
  return GATES + arm * LINE_WORDS;
}
