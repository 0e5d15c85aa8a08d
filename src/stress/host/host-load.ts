import type { HostLoad } from './machine-facts.ts';
import type { BlockResult } from '../plan/block-result.ts';

/** What the host did during the blocks, each weighted with its time; null where it did not tell. */
export function hostLoad(blocks: readonly BlockResult[]): HostLoad | null {
  let seconds = 0;
  let othersBusy = 0;
  let steal = 0;
  let secondsCounted = 0;
  let preemptions = 0;
  for (const { host, seconds: length } of blocks) {
    if (host === null) continue;
    if (host.steal !== null && host.othersBusy !== null) {
      seconds += length;
      steal += host.steal * length;
      othersBusy += host.othersBusy * length;
    }
    if (host.preemptions !== null) {
      secondsCounted += length;
      preemptions += host.preemptions.reduce((sum, count) => sum + count, 0);
    }
  }
  if (seconds === 0) return null;
  return {
    othersBusy: othersBusy / seconds,
    steal: steal / seconds,
    preemptionsPerSecond: secondsCounted === 0 ? null : preemptions / secondsCounted,
  };
}
