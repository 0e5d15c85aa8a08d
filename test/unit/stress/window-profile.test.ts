import { describe, expect, it } from 'vitest';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resolveSetting } from '../../../src/scenario/setting.ts';
import { profilesOf } from '../../../src/stress/window/window-profile.ts';
import { Prng } from '../../../src/stats/prng.ts';
import type { Visit } from '../../../src/stress/window/window-visit.ts';
import { headOf, sampleVisits } from '../report/sample-window.ts';

const setting = resolveSetting({ scenario: readaheadVsReleasepage });
const ofNone = (visits: readonly Visit[]): ReturnType<typeof profilesOf> =>
  profilesOf({ visits, head: headOf(setting, [none]), seed: 1 });

describe('profilesOf', () => {
  it('finds peak, half width and width of the curve that the visits were made from', () => {
    const { profiles } = ofNone(sampleVisits({ strategies: [none] }));

    expect(profiles.map(({ lastToucher }) => lastToucher)).toEqual(['finder', 'reclaim']);
    const violations = profiles[0]?.violations;
    // A triangle of height 0.2 (times 1 on the average over the starts) and half width 120, at 60 and at 40.
    expect(profiles.map((profile) => profile.violations.peak?.offsetNs)).toEqual([60, 40]);
    expect(violations?.peak?.rate).toBeCloseTo(0.2, 2);
    expect(violations?.halfWidthNs).toBeCloseTo(120, 0);
    expect(violations?.widthNs).toBeCloseTo(24, 1);
    expect(violations?.widthInterval).toMatchObject({ units: 'starts', count: 6 });
    expect(violations?.widthInterval?.low).toBeLessThan(24);
    expect(violations?.widthInterval?.high).toBeGreaterThan(24);
    expect(profiles[0]?.strips?.widthNs).toBeCloseTo(60, 1);
  });

  it('adds up to the trials of the visits, at every point', () => {
    const visits = sampleVisits({ strategies: [none] });
    const { profiles } = ofNone(visits);

    const total = profiles.reduce((sum, { trials }) => sum + trials, 0);
    expect(total).toBe(visits.reduce((sum, { trials }) => sum + trials, 0));
    for (const { points, trials, violations } of profiles) {
      expect(points.reduce((sum, point) => sum + point.trials, 0)).toBe(trials);
      expect(points.reduce((sum, { hits }) => sum + hits, 0)).toBe(violations.total);
      expect(points.every(({ low, rate, high }) => low <= rate && rate <= high)).toBe(true);
    }
  });

  it('shows rescues of a fix over the window of its control, and no violation', () => {
    const strategies = [upstream, none];
    const visits = sampleVisits({ strategies });
    const { profiles } = profilesOf({ visits, head: headOf(setting, strategies), seed: 1 });

    const fix = profiles.find(({ isControl }) => !isControl);
    const control = profiles.find(({ isControl }) => isControl);
    expect(fix?.violations).toMatchObject({ total: 0, peak: null, widthNs: 0, widthInterval: null });
    expect(fix?.rescues?.widthNs).toBeCloseTo(control?.violations.widthNs ?? 0, 9);
    expect(control?.strategy).toBe('none');
  });

  it('says of eight instances that do the same no more than of one', () => {
    const rolls = new Prng(5);
    // A flat curve: two samples in three that two instances have in common are no two looks at a peak.
    const rolled = (visit: Visit): Visit => ({ ...visit, violations: rolls.nextBelow(40) === 0 ? 400 : 4 });
    const flat = sampleVisits({ strategies: [none] }).map(rolled);
    const eightfold = flat.flatMap((visit) => Array.from({ length: 8 }, () => visit));
    const [one, eight] = [ofNone(flat).profiles, ofNone(eightfold).profiles];

    expect(eight.map(({ violations }) => violations.peak)).toEqual(
      one.map(({ violations }) => violations.peak),
    );
    for (const [index, { points, violations, trials }] of eight.entries()) {
      const single = one[index];
      expect(trials).toBe(8 * (single?.trials ?? 0));
      expect(violations.widthInterval).toEqual(single?.violations.widthInterval);
      // Points that hold a burst or more: eight times the trials make counting surer, but not what visits vary by.
      const bursts = points.flatMap((point, at) => {
        const { low = 0, high = 0, hits = 0 } = single?.points[at] ?? {};
        return hits > 400 ? [(point.high - point.low) / (high - low)] : [];
      });
      expect(bursts.length).toBeGreaterThan(5);
      expect(Math.min(...bursts)).toBeGreaterThan(0.9);
    }
  });

  it('makes no profile of a single sweep, however many instances made it', () => {
    const visits = sampleVisits({ strategies: [none] }).filter(({ start, sweep }) => start + sweep === 0);
    expect(ofNone(visits.flatMap((visit) => Array.from({ length: 8 }, () => visit))).profiles).toEqual([]);
  });

  it('keeps the placement classes of its starts apart, whatever the round trip', () => {
    const placementOf = (start: number): string => (start % 2 === 0 ? 'sibling' : 'l3');
    const visits = sampleVisits({ strategies: [none], placementOf });
    const { profiles } = ofNone(visits);

    expect(profiles.map(({ placement }) => [placement.placement, placement.name])).toEqual([
      ['sibling', 'only'],
      ['sibling', 'only'],
      ['l3', 'only'],
      ['l3', 'only'],
    ]);
    for (const { placement, trials } of profiles) {
      const own = visits.filter((visit) => visit.placement === placement.placement);
      expect(2 * trials).toBe(own.reduce((sum, visit) => sum + visit.trials, 0));
    }
  });

  it('keeps placements apart and names them by their round trip', () => {
    const { profiles } = ofNone(
      sampleVisits({ strategies: [none], roundTripNs: (start) => (start < 3 ? 420 : 107) }),
    );

    expect(profiles.map(({ placement, lastToucher }) => `${placement.name} ${lastToucher}`)).toEqual([
      'near finder',
      'near reclaim',
      'far finder',
      'far reclaim',
    ]);
    // Three starts in each are too few to tell how starts differ.
    expect(profiles[0]?.violations.widthInterval).toMatchObject({ units: 'sweeps', count: 9 });
  });

  it('leaves out visits of actors that did not run side by side, and counts them', () => {
    const visits = sampleVisits({ strategies: [none] }).map((visit, index) =>
      index % 10 === 0 ? Object.assign({}, visit, { roundTripNs: null }) : visit,
    );
    const { profiles, notSideBySide, stray } = ofNone(visits);

    expect(notSideBySide).toBe(visits.filter(({ roundTripNs }) => roundTripNs === null).length);
    expect(stray).toBe(0);
    expect(profiles).toHaveLength(2);
  });

  it('makes no profile of a placement met too rarely for a curve', () => {
    const visits = sampleVisits({ strategies: [none] });
    const { profiles, stray } = ofNone(
      visits.map((visit) =>
        visit.start === 0 && visit.offsetNs < 0 ? Object.assign({}, visit, { roundTripNs: 420 }) : visit,
      ),
    );

    expect(profiles.every(({ placement }) => placement.roundTripNs === 107)).toBe(true);
    expect(profiles.every(({ placement }) => placement.name === 'only')).toBe(true);
    expect(stray).toBe(visits.filter(({ start, offsetNs }) => start === 0 && offsetNs < 0).length);
  });

  it('says that a flat curve has no peak', () => {
    const flat = sampleVisits({ strategies: [none] }).map((visit) =>
      Object.assign({}, visit, { violations: 40 }),
    );

    expect(ofNone(flat).profiles.map(({ violations }) => violations.peak)).toEqual([null, null]);
  });
});
