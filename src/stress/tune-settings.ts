import type { Setting } from '../scenario/setting.ts';
import { evenOffsets } from '../stats/sweep.ts';
import { BATCH, lastTouchers } from './launched-trials.ts';
import type { Pace } from './protocol.ts';

/** Strides and worlds: few worlds stay in the caches of both cores, many do not. */
const STRIDED: readonly (readonly [number, number])[] = [
  [1, 2],
  [1, 256],
  [4, 256],
  [16, 32],
  [16, 256],
  [64, 128],
  [64, 256],
  [64, 4096],
  [256, 512],
  [256, 4096],
];
/** Start offsets of the first round: up to so many ns on both sides, and how many. */
const OFFSET_NS = 800;
const OFFSETS = 49;
const STEP_NS: number = (2 * OFFSET_NS) / (OFFSETS - 1);
/** Parts of that step by which a good offset is varied. */
const VARIATIONS = [-0.5, -0.25, 0.25, 0.5];

/** The most worlds that any setting has. */
export const TUNE_WORLDS_MAX = 4096;

/** What is tried at first, without `untuned` itself. */
export function firstSettings(setting: Setting, untuned: Pace): Pace[] {
  const strided = STRIDED.map(([stride, worlds]) => ({ stride, worlds })).filter(
    ({ stride, worlds }) => stride !== untuned.stride || worlds !== untuned.worlds,
  );
  const offsets = evenOffsets({ low: -OFFSET_NS, high: OFFSET_NS, count: OFFSETS });
  const launched = lastTouchers(setting).flatMap((lastToucher) =>
    offsets.map((offsetNs) => ({ stride: BATCH, worlds: BATCH, launch: { offsetNs, lastToucher } })),
  );
  return [...strided, ...launched];
}

/** Settings beside a good one that are worth a try. */
export function variationsOf({ stride, worlds, launch }: Pace): Pace[] {
  if (launch === undefined) return [];
  const { offsetNs, lastToucher } = launch;
  return VARIATIONS.map((part) => ({
    stride,
    worlds,
    launch: { offsetNs: Math.round(offsetNs + part * STEP_NS), lastToucher },
  }));
}
