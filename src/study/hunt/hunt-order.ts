import { Prng } from '../../stats/prng.ts';

/**
 * The order in which the programs of a size are searched: as they come, or with a seed in a random one, so that those of any first part
 * are drawn uniformly and without repetition.
 */
export function huntOrder(length: number, seed: number | null): (index: number) => number {
  if (seed === null) return (index) => index;
  const order = Int32Array.from({ length }, (_, index) => index);
  const random = new Prng(seed);
  for (let left = length - 1; left > 0; left--) {
    const other = random.nextBelow(left + 1);
    const taken = order[left] ?? 0;
    order[left] = order[other] ?? 0;
    order[other] = taken;
  }
  return (index) => order[index] ?? index;
}
