import { describe, expect, it } from 'vitest';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { invariants } from '../../../src/catalog/registry.ts';
import { POINTS } from '../../../src/subject/extent-buffer/v5.7/point.ts';
import { listing, TOPICS } from '../../../src/report/listing.ts';
import { listingReport } from '../../../src/report/listing-report.ts';

describe('listing', () => {
  it('has every strategy, invariant and point', () => {
    const all = listing();

    expect(all.strategies?.map(({ name }) => name)).toEqual(strategies.map(({ name }) => name));
    expect(all.invariants?.map(({ id }) => id)).toEqual(invariants.map(({ id }) => id));
    expect(all.points?.map(({ name }) => name)).toEqual(POINTS.map(({ name }) => name));
  });

  it.each(TOPICS)('has %s alone if asked for them', (topic) => {
    expect(Object.keys(listing(topic))).toEqual(['schema', topic]);
    expect(listing(topic)[topic]).toEqual(listing()[topic]);
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(listing()))).toEqual(listing());
  });
});

describe('listingReport', () => {
  it('fits 80 columns and shows where each strategy comes from', () => {
    const text = listingReport(listing());

    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const { origin } of strategies) expect(text.replaceAll(/\s+/g, ' ')).toContain(origin);
  });
});
