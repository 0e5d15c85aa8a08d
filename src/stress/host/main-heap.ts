import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Blocks between two collections: some 13 s. */
const COLLECT_EVERY = 64;

/**
 * Keeps the main thread's heap small in a long run. It makes some kilobytes of garbage per block, far too little for V8 to
 * collect before its young generation has grown by tens of megabytes. Between two blocks the actors sleep, so that ten
 * milliseconds of collection disturb nobody.
 */
export class MainHeap {
  #blocks = 0;
  #collect: (() => void) | undefined;

  /** A block has ended, the next one has not begun. */
  afterBlock(): void {
    this.#blocks++;
    if (this.#blocks % COLLECT_EVERY !== 0) return;
    this.#collect ??= collector();
    this.#collect();
  }
}

/** V8's own collection, which it shows only to contexts made while the flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what V8 defines under that name
  return typeof found === 'function' ? (found as () => void) : () => {};
}
