import { describe, expect, it } from 'vitest';
import { isTunedAt } from '../../../src/stress/tune/pace.ts';
import type { TuningGain } from '../../../src/stress/result/tuning-result.ts';

const near: TuningGain = {
  roundTripNs: 110,
  rangeNs: [104, 121],
  starts: 9,
  ratio: 0.4,
  low: 0.2,
  high: 0.9,
  isUsed: false,
};
const far: TuningGain = {
  ...near,
  roundTripNs: 487,
  rangeNs: [460, 520],
  ratio: 5,
  low: 3,
  high: 9,
  isUsed: true,
};

describe('isTunedAt', () => {
  it('is true in the placement in which the setting is shown to be better, and a little beyond', () => {
    expect([487, 460, 520, 540].map((ns) => isTunedAt([near, far], ns))).toEqual([true, true, true, true]);
  });

  it('is false in others, in one that tuning has not met, and before the first round trip', () => {
    expect([110, 54, 250, 900, null].map((ns) => isTunedAt([near, far], ns))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('is true everywhere where the actors cannot run side by side', () => {
    expect(isTunedAt([{ ...far, roundTripNs: null, rangeNs: null }], null)).toBe(true);
    expect(isTunedAt([{ ...near, roundTripNs: null, rangeNs: null }], null)).toBe(false);
  });
});
