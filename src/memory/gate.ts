import { GATE_ARM, BLOCK_FINISHED, BLOCK_STOP, BLOCK_TRIALS, GATE, GATE_QUIT, RUN_READY } from './control.ts';
import type { Address } from './layout.ts';

/** Main thread: how often it looks at a word that it waits for, whether it was notified or not. */
const LOOK_MS = 250;

/** The start gate of a run: the main thread opens it for a block, the actors run it and come back. */
export class Gate {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Main thread: lets the actors run block number `block` of an arm, counted from 1; 0 `trialsMax` is no limit. */
  open(arm: number, block: number, trialsMax: number): void {
    Atomics.store(this.#words, BLOCK_STOP, 0);
    Atomics.store(this.#words, BLOCK_FINISHED, 0);
    Atomics.store(this.#words, BLOCK_TRIALS, trialsMax);
    Atomics.store(this.#words, GATE_ARM, arm);
    this.#show(block);
  }

  /** Main thread: asks the actors of the current block to end it after their stride. */
  stop(): void {
    Atomics.store(this.#words, BLOCK_STOP, 1);
  }

  /** Main thread: makes ready for new actors; those before them have gone home. */
  reset(): void {
    Atomics.store(this.#words, RUN_READY, 0);
    Atomics.store(this.#words, GATE, 0);
  }

  /** Main thread: sends the actors home. */
  close(): void {
    Atomics.store(this.#words, BLOCK_STOP, 1);
    this.#show(GATE_QUIT);
    // Whoever waits for a block that was given up: its end may never come.
    Atomics.notify(this.#words, BLOCK_FINISHED);
  }

  /** Main thread: whether `actors` actors have finished the block. */
  hasFinished(actors: number): boolean {
    return Atomics.load(this.#words, BLOCK_FINISHED) >= actors;
  }

  /** Main thread: waits until `actors` actors have finished the block, or `timeoutMs` are over. False on time-out, and once it is closed. */
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

  /** Main thread: how many actors stand at their gates, or have stood there. */
  arrived(): number {
    return Atomics.load(this.#words, RUN_READY);
  }

  /** Actor: sleeps until the gate shows another block than `block`. Returns it, or GATE_QUIT. */
  pass(block: number): number {
    // Not by what the wait returns: whatever else may wake a thread does not open the gate.
    while (Atomics.load(this.#words, GATE) === block) Atomics.wait(this.#words, GATE, block);
    Atomics.notify(this.#words, GATE, 1);
    return Atomics.load(this.#words, GATE);
  }

  /** Actor: done with the block; the last one of so many wakes the main thread. */
  finish(actors: number): void {
    const before = Atomics.add(this.#words, BLOCK_FINISHED, 1);
    if (before + 1 >= actors) Atomics.notify(this.#words, BLOCK_FINISHED);
  }

  /** Wakes one actor, and each that passes wakes the next one: to wake threads is most of what the main thread does for a block. */
  #show(block: number): void {
    Atomics.store(this.#words, GATE, block);
    Atomics.notify(this.#words, GATE, 1);
  }

  /** Looks by itself as well: a notification that is lost costs a moment, and no promise is waited for that nobody has to resolve. */
  async #counted(address: Address, count: number, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const seen = Atomics.load(this.#words, address);
      if (seen >= count) return true;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || Atomics.load(this.#words, GATE) === GATE_QUIT) return false;
      const waitMs = Math.min(leftMs, LOOK_MS);
      const { async: isAsync, value } = Atomics.waitAsync(this.#words, address, seen, waitMs);
      if (isAsync) await settledWithin(value, waitMs);
    }
  }
}

/** Also keeps the process alive, which a promise of `waitAsync` does not. */
async function settledWithin(value: Promise<unknown>, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms + 1);
    const settle = (): void => {
      clearTimeout(timer);
      resolve();
    };
    void value.then(settle, settle);
  });
}
