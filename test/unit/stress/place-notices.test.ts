import { describe, expect, it } from 'vitest';
import { pinningNotice, placeNotices } from '../../../src/stress/result/place-notices.ts';
import type { ClassPlan, PlacementPlan } from '../../../src/stress/topology/placement-plan.ts';

const place = (placement: ClassPlan['placement'], more: Partial<ClassPlan> = {}): ClassPlan => ({
  placement,
  instances: [{ processors: [0, 1], distance: 'l3' }],
  actorsPerProcessor: 1,
  isMet: 'yes',
  unmet: null,
  unpinned: null,
  idle: [],
  notes: [],
  ...more,
});
const met = [{ placement: 'l3' }, { placement: 'far' }, {}];

describe('placeNotices', () => {
  it('say nothing of one placement that is as asked for', () => {
    expect(placeNotices({ classes: [place('l3')] }, { met: [{ placement: 'l3' }], starts: 1 })).toEqual([]);
  });

  it('say what is not met, what the system does, and what that means, each once', () => {
    const places = [
      place('far', { isMet: 'no', unmet: 'One package.', notes: ['Slow.'] }),
      place('l3', { unpinned: 'Too few.', notes: ['Slow.'] }),
    ];

    expect(placeNotices({ classes: places }, { met: [], starts: 2 })).toEqual([
      'One package.',
      'Slow.',
      'Too few.',
    ]);
  });

  it('say which of all placements the machine has not', () => {
    const plan: PlacementPlan = { classes: [place('l3')], lacking: ['sibling', 'far'] };

    expect(placeNotices(plan, { met: [{ placement: 'l3' }], starts: 1 })).toEqual([
      '--placement all: no processors of this machine lie as sibling, far would have the actors.',
    ]);
  });

  it('say what sharing a processor does to the race', () => {
    const plan: PlacementPlan = { classes: [place('near', { actorsPerProcessor: 8 })] };

    expect(placeNotices(plan, { met: [{ placement: 'near' }], starts: 1 })).toEqual([
      expect.stringMatching(/^Sharing costs throughput and most of the rate.*a zero is worth less\.$/),
    ]);
  });

  it('say where a placement has had no start, and that a mean over several is none of them', () => {
    const places = [place('l3'), place('far')];

    expect(placeNotices({ classes: places }, { met: [{ placement: 'l3' }], starts: 1 })).toEqual([
      expect.stringMatching(/^2 placements, and one start of the threads, .* --starts\.$/),
    ]);
    expect(placeNotices({ classes: places }, { met, starts: 4 })).toEqual([
      expect.stringMatching(/^The starts had 2 placements in turn \(l3, far\)/),
    ]);
  });
});

describe('pinningNotice', () => {
  it('says why actors were nowhere kept, if that was wanted', () => {
    expect(pinningNotice(null)).toEqual([]);
    expect(pinningNotice('there is no taskset of util-linux')).toEqual([
      expect.stringContaining('own: there is no taskset of util-linux. The system placed'),
    ]);
  });
});
