import type { HostLoad } from './machine-facts.ts';
import type { BlockResult } from '../plan/block-result.ts';

/** What the host did during some blocks, added up: each share times the time that it was told for. */
export interface HostTime {
  /** Of blocks with the shares. */
  readonly seconds: number;
  readonly othersBusySeconds: number;
  readonly stealSeconds: number;
  /** Of blocks with the preemptions. */
  readonly countedSeconds: number;
  readonly preemptions: number;
}

export const NO_HOST_TIME: HostTime = {
  seconds: 0,
  othersBusySeconds: 0,
  stealSeconds: 0,
  countedSeconds: 0,
  preemptions: 0,
};

/** What the host did during the blocks, each weighted with its time; null where it did not tell. */
export function hostLoad(blocks: readonly Pick<BlockResult, 'host' | 'seconds'>[]): HostLoad | null {
  return loadIn(blocks.reduce(withBlock, NO_HOST_TIME));
}

/** The time with that of a block. */
export function withBlock(
  time: HostTime,
  { host, seconds }: Pick<BlockResult, 'host' | 'seconds'>,
): HostTime {
  if (host === null) return time;
  const { steal, othersBusy, preemptions } = host;
  const isShared = steal !== null && othersBusy !== null;
  return {
    seconds: time.seconds + (isShared ? seconds : 0),
    othersBusySeconds: time.othersBusySeconds + (isShared ? othersBusy * seconds : 0),
    stealSeconds: time.stealSeconds + (isShared ? steal * seconds : 0),
    countedSeconds: time.countedSeconds + (preemptions === null ? 0 : seconds),
    preemptions: time.preemptions + (preemptions ?? []).reduce((sum, count) => sum + count, 0),
  };
}

/** Both times together. */
export function addedTimes(one: HostTime, other: HostTime): HostTime {
  return {
    seconds: one.seconds + other.seconds,
    othersBusySeconds: one.othersBusySeconds + other.othersBusySeconds,
    stealSeconds: one.stealSeconds + other.stealSeconds,
    countedSeconds: one.countedSeconds + other.countedSeconds,
    preemptions: one.preemptions + other.preemptions,
  };
}

/** What it comes to; null where the host did not tell. */
export function loadIn(time: HostTime): HostLoad | null {
  const { seconds, othersBusySeconds, stealSeconds, countedSeconds, preemptions } = time;
  if (seconds === 0) return null;
  return {
    othersBusy: othersBusySeconds / seconds,
    steal: stealSeconds / seconds,
    preemptionsPerSecond: countedSeconds === 0 ? null : preemptions / countedSeconds,
  };
}
