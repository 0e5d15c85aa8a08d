/** What charts draw is where their axes have it, in both widths. */
import { describe, expect, it } from 'vitest';
import { armLabels } from '../../../src/report/arm-label.ts';
import type { BlockResult } from '../../../src/stress/plan/block-result.ts';
import { instanceBlock } from '../../helpers/instance-blocks.ts';
import { placeInPlot, plotsIn } from '../../helpers/plots.ts';
import { placed, placedSilently } from './sample-classes.ts';
import { pageOf, withBlocks } from './sample-page.ts';
import * as samples from './sample-results.ts';
import { windowOfNone, windowOfUpstream, windowPlaced } from './sample-window.ts';

describe('charts', () => {
  it('draw the rate of every arm and its interval where the axis has them', async () => {
    const result = withBlocks(samples.asDeclared);
    const plots = plotsIn(await pageOf(result)).filter(({ caption }) =>
      caption.startsWith('Violations per million trials with'),
    );
    expect(plots.map(({ format }) => format)).toEqual(['wide', 'narrow']);
    for (const plot of plots) {
      const { arms } = result;
      for (const { strategy, rate } of arms) {
        const of = (what: string) => placeInPlot(plot, `${strategy}|${what}`);
        const interval = of('interval') ?? of('bound');
        expect(Math.max(...(interval?.x ?? [])) / rate.high).toBeCloseTo(1, 2);
        // A zero has a bound alone.
        const isSeen = rate.perMillion > 0;
        expect(of('rate') !== undefined).toBe(isSeen);
        expect((of('rate')?.x[0] ?? 1) / (isSeen ? rate.perMillion : 1)).toBeCloseTo(1, 2);
      }
    }
  });

  it('draw every point of a window, scaled by the curves and not by a stray interval', async () => {
    const stray = {
      ...windowOfUpstream,
      profiles: windowOfUpstream.profiles.map((profile) => ({
        ...profile,
        points: profile.points.map((point, index) =>
          profile.isControl && index === 20
            ? { ...point, hits: Math.max(1, point.hits), low: 2e-10, high: 1 }
            : point,
        ),
      })),
    };
    for (const result of [windowOfNone, stray, windowPlaced]) {
      const plots = plotsIn(await pageOf(result)).filter(({ caption }) =>
        caption.startsWith('Share of the trials'),
      );
      expect(plots).toHaveLength(
        2 * result.profiles.filter(({ strategy }) => strategy === result.strategy).length,
      );
      for (const plot of plots) {
        const rates = plot.marks.map(({ y }) => y[0] ?? 0);
        const top = Math.max(...rates);
        // The highest point stands within a tenth of the top of the chart.
        expect(top).toBeGreaterThan(0.9 * Math.max(...(plot.y?.domain ?? [])));
        const [lastToucher] = /\w+(?= last)/.exec(plot.caption) ?? [];
        const roundTrip = Number(/round trip (\d+)/.exec(plot.caption)?.[1]);
        const points = plot.marks.flatMap(({ name, x, y }) => {
          const match = /^(\S+) violated\|(-?\d+)$/.exec(name);
          return match === null
            ? []
            : [{ strategy: match[1], offset: Number(match[2]), x: x[0] ?? 0, y: y[0] ?? 0 }];
        });
        expect(points.length).toBeGreaterThan(10);
        for (const { strategy, offset, x, y } of points) {
          const profile = result.profiles.find(
            (each) =>
              each.strategy === strategy &&
              each.lastToucher === lastToucher &&
              Math.round(each.placement.roundTripNs) === roundTrip &&
              (each.placement.placement === undefined ||
                plot.caption.includes(`placed ${each.placement.placement},`)),
          );
          const point = profile?.points.find(({ offsetNs }) => offsetNs === offset);
          expect(x).toBeCloseTo(offset, 0);
          expect(Math.abs(y - (point?.hits ?? 0) / (point?.trials ?? 1))).toBeLessThan(0.005 * top);
        }
      }
    }
  });

  it('have a curve for the fix over that of its control, and names of both', async () => {
    const plots = plotsIn(await pageOf(windowOfUpstream)).filter(({ caption }) =>
      caption.startsWith('Share'),
    );
    for (const { marks } of plots) {
      const names = new Set(marks.map(({ name }) => name.replace(/\|.*/, '')));
      expect([...names]).toContain('none violated');
      expect([...names].some((name) => name.startsWith('upstream: '))).toBe(true);
    }
    expect(await pageOf(windowOfUpstream)).toContain('finder starts later by, in ns');
  });

  it('draw every block that ran in the lane of its arm, those left out in another shape', async () => {
    const page = await pageOf(withBlocks(samples.asDeclared));
    const wide = plotsIn(page).find(({ caption }) => caption.includes('one lane per strategy'));
    const blocks = wide?.marks ?? [];
    expect(blocks).toHaveLength(24);
    expect(blocks.filter(({ classes }) => classes.includes('out'))).toHaveLength(4);
    expect(
      new Set(blocks.filter(({ classes }) => classes.includes('out')).map(({ shape }) => shape)).size,
    ).toBe(1);
    expect(blocks.find(({ classes }) => classes.includes('out'))?.shape).not.toBe(
      blocks.find(({ classes }) => !classes.includes('out'))?.shape,
    );
    expect(page).toContain('left out of the rate');
    for (const arm of withBlocks(samples.asDeclared).arms) {
      for (const { order, violations, trials } of arm.blockResults) {
        const mark = blocks.find(({ name }) => name === `block ${order}`);
        expect(mark?.x[0]).toBeCloseTo(order, 0);
        const rate = violations === 0 ? (wide?.y?.domain[0] ?? 0) : (1e6 * violations) / trials;
        expect((mark?.y[0] ?? 0) / rate).toBeCloseTo(1, 1);
      }
    }
    const trips = plotsIn(page).find(({ caption }) => caption.startsWith('Core-to-core'));
    expect(trips?.marks).toHaveLength(20);
  });

  it('draw the rates of each placement by itself, and call their mixture one', async () => {
    for (const result of [placed, placedSilently]) {
      const page = await pageOf(result);
      const plots = plotsIn(page).filter(({ caption }) => caption.includes('by placement of the actors'));
      expect(plots).toHaveLength(2);
      for (const plot of plots) {
        for (const [index, label] of armLabels(result.arms).entries()) {
          for (const { placement, arms } of result.classes ?? []) {
            const rate = arms[index]?.rate;
            const what = rate?.perMillion === 0 ? 'bound' : 'rate';
            const wanted = rate?.perMillion === 0 ? rate.high : rate?.perMillion;
            const mark = placeInPlot(plot, `${label}, ${placement}|${what}`);
            expect((mark?.x[0] ?? 0) / (wanted ?? 1)).toBeCloseTo(1, 1);
          }
        }
      }
      for (const label of armLabels(result.arms)) expect(page).toContain(`>${label}, mixed</text>`);
      expect(page).toContain('over all placements as this run mixed them');
      expect(page).toContain('upstream against none by placement');
      expect(page).toContain('What instances do to each other');
      expect(
        /<dt>places<\/dt><dd>(?:\d+ instances of 2 actors, (?:sibling|l3|far): [^;]*(?:; )?){3}<\/dd>/.test(
          page,
        ),
      ).toBe(true);
    }
    expect(await pageOf(placedSilently)).toContain(
      'No control violated in sibling: a zero says nothing there.',
    );
    expect(await pageOf(samples.stressClean)).not.toContain('Placements and instances');
  });

  it('draw blocks in another shape that one instance played alone', async () => {
    const [arm] = samples.asDeclared.arms;
    const blockResults = Array.from({ length: 12 }, (_, round) =>
      instanceBlock({
        round,
        start: 0,
        instances: [{ instance: 0, trials: 1e6, violations: 9 }],
        ...(round % 4 === 3 && { alone: true }),
      }),
    );
    const page = await pageOf({ ...samples.asDeclared, arms: [{ ...arm, blockResults }] });
    const plot = plotsIn(page).find(({ caption }) => caption.includes('one lane'));
    expect(plot?.marks.filter(({ classes: names }) => names.includes('out'))).toHaveLength(3);
    expect(page).toContain('one instance alone');
  });

  it('draw some of the blocks of a run of hours, and say so', async () => {
    const [arm] = samples.asDeclared.arms;
    const block = {
      start: 0,
      seed: 1,
      seconds: 0.2,
      trials: 1e6,
      violations: 9,
      roundTripNs: 110,
      host: null,
      rejected: null,
    };
    const blockResults = Array.from({ length: 200_000 }, (_, round): BlockResult => ({
      ...block,
      order: round,
      round,
    }));
    const page = await pageOf({ ...samples.asDeclared, arms: [{ ...arm, blockResults }] });
    expect(page).toContain('the blocks of every 100th round');
    expect(plotsIn(page).find(({ caption }) => caption.includes('one lane'))?.marks).toHaveLength(2_000);
  });
});
