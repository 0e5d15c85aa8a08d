import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/stats/prng.ts';
import { planBlocks } from '../../../src/stress/plan/block-plan.ts';
import { roundLength } from '../../../src/stress/plan/arm-share.ts';
import {
  checkStarts,
  RESTART_MS,
  START_TIMES,
  startLengths,
  type StartTimes,
  startTimesOf,
} from '../../../src/stress/plan/starts.ts';

const share = { blocks: 1, weight: 1 };
const four = [share, share, share, share];
const stress = [
  { blocks: 4, weight: 1 },
  { blocks: 1, weight: 0.5 },
];
const shapeOf = (shares: typeof four): { shares: typeof four; roundMs: number } => ({
  shares,
  roundMs: roundLength(shares),
});
const countOf = (ms: number, { mayEnd = false, shares = four } = {}): number =>
  startLengths(ms, { ...shapeOf(shares), starts: undefined, mayEnd }).length;

describe('startLengths', () => {
  it('grow in number with the time, and are bounded', () => {
    expect([100, 2_000, 4_000, 4_400, 10_000, 60_000, 3_600_000].map((ms) => countOf(ms))).toEqual([
      1, 1, 2, 2, 10, 32, 32,
    ]);
    expect(countOf(10_000, { shares: stress })).toBe(13);
    expect(countOf(10_000, { shares: [...four, ...four, ...four] })).toBe(1);
  });

  it('fill the time, whatever it is', () => {
    for (const mayEnd of [false, true]) {
      for (const ms of [100, 3_000, 10_000, 59_000, 61_000, 600_000, 3_600_000]) {
        const lengths = startLengths(ms, { ...shapeOf(four), starts: undefined, mayEnd });
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBeCloseTo(ms, 3);
      }
    }
  });

  it('are short at first where the run may end early', () => {
    const lengths = startLengths(600_000, { ...shapeOf(four), starts: undefined, mayEnd: true });
    expect(lengths).toHaveLength(80);
    expect(lengths[47]).toBeLessThan(1_500);
    expect(lengths[48]).toBeGreaterThan(15_000);
  });

  it('are as many as asked for, as far as they fit', () => {
    expect(startLengths(10_000, { ...shapeOf(four), starts: 4, mayEnd: true })).toEqual([
      3340, 2220, 2220, 2220,
    ]);
    const budget = { kind: 'duration', ms: 10_000 } as const;
    expect(() => checkStarts(11, budget, shapeOf(four))).not.toThrow();
    expect(() => checkStarts(12, budget, shapeOf(four))).toThrow(/--starts: expected at most 11/);
    expect(() => checkStarts(11, { kind: 'trials', count: 10 }, shapeOf(four))).toThrow(/at most 10/);
  });
});

describe('planBlocks', () => {
  const lengths = startLengths(10_000, { ...shapeOf(four), starts: undefined, mayEnd: false });
  const blocks = [...planBlocks(four, lengths, new Prng(1))];

  it('has each start warm every arm up once, and measure each equally often', () => {
    for (const start of lengths.keys()) {
      const own = blocks.filter((block) => block.start === start);
      for (const arm of four.keys()) {
        const ofArm = own.filter((block) => block.arm === arm);
        expect(ofArm[0]?.isWarmUp).toBe(true);
        expect(ofArm.filter(({ isWarmUp }) => isWarmUp)).toHaveLength(1);
        expect(ofArm.length).toBeGreaterThan(1);
      }
      expect(own.length % four.length).toBe(0);
    }
  });

  it('fills the time with blocks and restarts', () => {
    const ms = blocks.reduce((sum, block) => sum + block.ms, 0) + 7 * RESTART_MS;
    // Lengths vary by a quarter each way: 32 of them by 3 % together (one standard deviation).
    expect(Math.abs(ms / 10_000 - 1)).toBeLessThan(0.1);
  });

  it('gives a run of any length a bounded number of blocks, and has them fill its time', () => {
    const shapeOfStress = shapeOf(stress);
    const blocksOf = (hours: number): { count: number; ms: number } => {
      const runMs = hours * 3_600_000;
      const starts = startLengths(runMs, { ...shapeOfStress, starts: undefined, mayEnd: false });
      let count = 0;
      let ms = (starts.length - 1) * RESTART_MS;
      for (const block of planBlocks(stress, starts, new Prng(1))) {
        count++;
        ms += block.ms;
      }
      return { count, ms };
    };
    const [hour, day, month] = [blocksOf(1), blocksOf(24), blocksOf(30 * 24)];

    // In an hour they have their usual length: 900 ms for a round of five.
    expect(hour.count).toBeGreaterThan(19_000);
    expect(day.count).toBe(month.count);
    expect(month.count).toBe(32 * (2 + 500 * 5));
    expect(Math.abs(day.ms / (24 * 3_600_000) - 1)).toBeLessThan(0.01);
    expect(Math.abs(month.ms / (30 * 24 * 3_600_000) - 1)).toBeLessThan(0.01);
  });

  it('has one of several instances play alone in every start, each arm as often as the others', () => {
    const played = { instances: 8, times: START_TIMES };
    const together = [...planBlocks(four, lengths, new Prng(1), { ...played, instances: 1 })];
    const mixed = [...planBlocks(four, lengths, new Prng(1), played)];
    const alone = mixed.filter(({ isAlone }) => isAlone);

    expect(together).toEqual(blocks);
    expect(blocks.some(({ isAlone }) => isAlone)).toBe(false);
    expect(alone.some(({ isWarmUp }) => isWarmUp)).toBe(false);
    for (const arm of four.keys()) {
      expect(alone.filter((block) => block.arm === arm)).toHaveLength(alone.length / four.length);
    }
    // Beside blocks of the same round in which all play.
    for (const { round, arm } of alone) {
      expect(mixed.some((block) => block.round === round && block.arm === arm && !block.isAlone)).toBe(true);
    }
    const sum = (of: typeof mixed): number => of.reduce((total, { ms }) => total + ms, 0);
    const measured = mixed.filter(({ isWarmUp }) => !isWarmUp);
    expect(new Set(alone.map(({ start }) => start)).size).toBe(lengths.length);
    // A fifth where a start has a single round, a seventeenth where it has many.
    expect(sum(alone) / sum(measured)).toBeLessThan(0.21);
    const hour = [...planBlocks(four, [3_600_000], new Prng(1), played)];
    expect(sum(hour.filter(({ isAlone }) => isAlone)) / sum(hour)).toBeCloseTo(1 / 17, 2);
    expect(sum(hour) / 3_600_000).toBeCloseTo(1, 2);
    expect(Math.abs(sum(mixed) / sum(blocks) - 1)).toBeLessThan(0.1);
  });

  it('takes the time that many threads take to start', () => {
    const of = (instances: number): StartTimes => startTimesOf({ actors: 2, instances }, 64);

    expect(of(1)).toBe(START_TIMES);
    expect(of(32).restartMs).toBe(RESTART_MS);
    expect(of(32).warmUpMs).toBeGreaterThan(START_TIMES.warmUpMs);
    expect(startTimesOf({ actors: 2, instances: 32 }, 2).restartMs).toBeGreaterThan(10 * RESTART_MS);
  });

  it('numbers rounds over the whole run', () => {
    const rounds = new Map<number, Set<number>>();
    for (const { round, start } of blocks) rounds.set(round, (rounds.get(round) ?? new Set()).add(start));
    expect([...rounds.values()].every((starts) => starts.size === 1)).toBe(true);
    expect([...rounds.keys()]).toEqual([...rounds.keys()].toSorted((a, b) => a - b));
  });

  it('warms up nothing in one short start, or where trials end it', () => {
    const short = [...planBlocks(four, [2_000], new Prng(1))];
    expect(short.some(({ isWarmUp }) => isWarmUp)).toBe(false);
    const endless = planBlocks(four, [Infinity], new Prng(1));
    const first = Array.from({ length: 100 }, () => endless.next().value);
    expect(first.every((block) => block?.isWarmUp === false && block.start === 0)).toBe(true);
  });
});
