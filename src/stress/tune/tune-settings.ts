import type { Setting } from '../../scenario/setting.ts';
import { evenOffsets } from '../../stats/sweep.ts';
import { BATCH, lastTouchers } from '../actor/launched-trials.ts';
import type { Pace, Shift } from '../plan/protocol.ts';

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
/** Start offsets of the first round where actor 0 lets all go in every trial, in ns: from, to, and how many. */
const LAUNCHED = { low: -400, high: 400, count: 37 } as const;
/** The same for shifted strides, which leave their rendezvous at another distance from each other. */
const SHIFTED = { low: -480, high: 240, count: 31 } as const;
/** Trials per rendezvous there: fewer start more alike, more take less time. */
const SHIFTED_STRIDES = [1, 2, 4];
/** By which a good offset is varied, in ns: first to either side of a step of the above, then finer. */
const VARIATIONS: readonly (readonly number[])[] = [
  [-16, -8, 8, 16],
  [-5, -3, 3, 5],
];
/** Jitters that a good offset is tried with, in ns: they make up for an offset that drifts. */
const JITTERS = [12, 40];
/** Strides whose worlds lie so far apart that what actors note of two of them is in different cache lines, and how many. */
const APART = { spacing: 16, strides: [2, 8] } as const;

/** The most worlds that any setting has. */
export const TUNE_WORLDS_MAX = 4096;

/** What is tried at first, without `untuned` itself. */
export function firstSettings(setting: Setting, untuned: Pace): Pace[] {
  const strided = STRIDED.map(([stride, worlds]) => ({ stride, worlds })).filter(
    ({ stride, worlds }) => stride !== untuned.stride || worlds !== untuned.worlds,
  );
  const touchers = lastTouchers(setting);
  const launches = evenOffsets(LAUNCHED).flatMap((offsetNs) =>
    touchers.map((lastToucher) => launched(offsetNs, lastToucher)),
  );
  const shifts = SHIFTED_STRIDES.flatMap((stride) =>
    evenOffsets(SHIFTED).flatMap((offsetNs) =>
      touchers.map((lastToucher) =>
        shifted(stride, 2 * stride, { offsetNs, lastToucher, jitterNs: 0, spacing: stride }),
      ),
    ),
  );
  return [...strided, ...launches, ...shifts];
}

/** Settings beside a good one that are worth a try; `level` counts from 0, and the next one is finer. */
export function variationsOf(pace: Pace, level: number): Pace[] {
  const { stride, worlds, launch, shift } = pace;
  const steps = VARIATIONS[level] ?? [];
  if (launch !== undefined) return steps.map((step) => launched(launch.offsetNs + step, launch.lastToucher));
  if (shift === undefined) return [];
  const besides = steps.map((step) => shifted(stride, worlds, { ...shift, offsetNs: shift.offsetNs + step }));
  if (level === 0) return besides;
  return [
    ...besides,
    ...JITTERS.map((jitterNs) =>
      shifted(stride, worlds, { ...shift, jitterNs, offsetNs: shift.offsetNs - Math.round(jitterNs / 2) }),
    ),
    ...APART.strides.map((strides) =>
      shifted(stride, strides * APART.spacing, { ...shift, spacing: APART.spacing }),
    ),
  ];
}

function launched(offsetNs: number, lastToucher: number): Pace {
  return { stride: BATCH, worlds: BATCH, launch: { offsetNs, lastToucher } };
}

function shifted(stride: number, worlds: number, shift: Shift): Pace {
  return { stride, worlds, shift };
}
