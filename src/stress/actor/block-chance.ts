import { Prng } from '../../stats/prng.ts';

/** The stream of a block's randomness that waits are drawn from, so that they leave the others as they were. */
const PAUSES = 1;
/** The same of the jitter of shifted strides. */
const SHIFTS = 2;

/** The randomness of one actor in the current block. */
export class BlockChance {
  /** What fails is drawn from it. */
  faults: Prng = new Prng(0);
  /** Waits are. */
  pauses: Prng = new Prng(0);

  /** A block begins. */
  begin(seed: number, actor: number): void {
    this.faults = new Prng(seed).fork(actor);
    this.pauses = this.faults.fork(PAUSES);
  }

  /** What the jitter of shifted strides follows. */
  jitterSeed(): number {
    return this.faults.fork(SHIFTS).nextUint32();
  }
}

/** Draws below this many of 2^32 for an event of the given probability. */
export function threshold(probability: number): number {
  return Math.round(probability * 0x1_0000_0000);
}
