import { describe, expect, it } from 'vitest';
import type { BlockSample } from '../../../src/stats/block.ts';
import { detectionPower } from '../../../src/stats/power.ts';
import { Prng } from '../../../src/stats/prng.ts';
import { repeatedBlock, burstBlocks, syntheticBlocks, type RateProcess } from './synthetic-blocks.ts';

/** Share of 2,000 simulated treated arms with at least one hit; its standard error is at most 1.1 points. */
function simulatedPower(generate: (prng: Prng) => readonly BlockSample[]): number {
  const prng = new Prng(17);
  let seen = 0;
  for (let run = 0; run < 2000; run += 1) if (generate(prng).some((block) => block.hits > 0)) seen += 1;
  return seen / 2000;
}

describe('detectionPower', () => {
  const process: RateProcess = { blocks: 1000, trials: 1e5, rate: 1e-3, variation: 1.5, correlation: 0.5 };
  // The control is long, so that its estimates are close to the truth and the formula itself is tested.
  const control = syntheticBlocks(new Prng(23), process);

  it.each([0.0003, 0.001, 0.003])(
    'meets the simulation of a thinned rate at a fraction of %f',
    (fraction) => {
      const probability = detectionPower({
        control,
        treatedTrials: 20 * 1e5,
        fraction,
        residual: 'thinned',
      })?.probability;
      const simulated = simulatedPower((prng) =>
        syntheticBlocks(prng, { ...process, blocks: 20, rate: process.rate * fraction }),
      );
      // Ignoring the variation of the rates would promise 6 to 10 points too much at the smaller fractions.
      expect(Math.abs((probability ?? 0) - simulated)).toBeLessThan(0.05);
    },
  );

  it.each([0.05, 0.2, 0.6])('meets the simulation of bursts as large but rarer, at %f', (fraction) => {
    const bursts = burstBlocks(new Prng(29), { blocks: 10_000, share: 0.05 });
    const probability = detectionPower({
      control: bursts,
      treatedTrials: 40 * 1e5,
      fraction,
      residual: 'clustered',
    })?.probability;
    const simulated = simulatedPower((prng) => burstBlocks(prng, { blocks: 40, share: 0.05 * fraction }));
    // The thinned formula would say 1 for each of them.
    expect(Math.abs((probability ?? 0) - simulated)).toBeLessThan(0.05);
  });

  it('is the plain binomial formula for independent trials', () => {
    const plain = repeatedBlock(20, { trials: 1000, hits: 10 });
    for (const residual of ['clustered', 'thinned'] as const) {
      const power = detectionPower({ control: plain, treatedTrials: 20_000, fraction: 0.01, residual });
      expect(power?.hitsExpected).toBeCloseTo(2, 12);
      expect(power?.probability).toBeCloseTo(1 - Math.exp(-2), 3);
    }
  });

  it('is 0 without exposure or rate, and undefined on a silent control', () => {
    const silent = repeatedBlock(9, { trials: 1000, hits: 0 });
    for (const residual of ['clustered', 'thinned'] as const) {
      expect(detectionPower({ control, treatedTrials: 0, fraction: 1, residual })?.probability).toBe(0);
      expect(detectionPower({ control, treatedTrials: 1e6, fraction: 0, residual })?.probability).toBe(0);
      const silentPower = detectionPower({ control: silent, treatedTrials: 1e6, fraction: 1, residual });
      expect(silentPower).toBeUndefined();
      const power = (treatedTrials: number, fraction: number): unknown =>
        detectionPower({ control, treatedTrials, fraction, residual });
      expect(() => power(-1, 1)).toThrow(/treatedTrials/);
      expect(() => power(1, 2)).toThrow(/fraction/);
    }
  });
});
