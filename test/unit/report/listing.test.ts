import { describe, expect, it } from 'vitest';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { invariants, scenarios } from '../../../src/catalog/registry.ts';
import { POINTS } from '../../../src/subject/extent-buffer/v5.7/point.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
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

  it('breaks no name and no command inside a word', () => {
    const words = listingReport(listing()).split(/\s+/);
    const commands = (listing().invariants ?? []).flatMap(({ brokenBy = '' }) => brokenBy.split(' '));
    expect(commands.length).toBeGreaterThan(50);
    for (const word of commands.filter((each) => each !== '')) expect(words).toContain(word);
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(listing()))).toEqual(listing());
  });
});

describe('listing of one scenario', () => {
  const [built] = scenarios;
  if (built === undefined) throw new Error('there is no scenario');
  const check = { number: 32, id: 'TORN', title: 'a torn read', origin: 'seqlock.h' };
  const own: Scenario = {
    ...built,
    name: './my-race.mjs',
    checks: [check],
    atRest: () => 0,
    promises: { none: 'holds' },
  };

  it('has its own checks first, and what it is judged by beside them', () => {
    const { invariants: listed = [] } = listing('invariants', own);

    expect(listed[0]).toEqual({ id: 'TORN', title: 'a torn read', origin: 'seqlock.h', grade: 'FORBIDDEN' });
    expect(listed.map(({ id }) => id)).toContain('B1');
    // It judges the world at rest itself, but what an actor still holds is seen all the same.
    expect(listed.map(({ id }) => id)).not.toContain('Q1');
    expect(listed.map(({ id }) => id)).toContain('L4');
    const { atRest: _, ...unjudged } = own;
    expect(listing('invariants', unjudged).invariants?.map(({ id }) => id)).toContain('Q1');
  });

  it('has what strategies promise in it', () => {
    const { strategies: listed } = listing('strategies', own);

    expect(listed?.find(({ name }) => name === 'none')?.expectation).toBe('holds');
  });

  it('has what its own subject has, where it brings one', () => {
    const { plantedBugs: _, ...subject } = own.subject;
    const [fix] = subject.strategies.slice(-1);
    if (fix === undefined) throw new Error('there is no strategy');
    const other = { ...own, subject: { ...subject, strategies: [fix], points: [] } };

    const { strategies: listed, points, invariants: judged } = listing(undefined, other);

    expect(listed?.map(({ name }) => name)).toEqual([fix.name]);
    expect(points).toEqual([]);
    expect(judged?.some((invariant) => 'brokenBy' in invariant)).toBe(false);
    expect(listingReport(listing('points', other))).toMatch(/^Delay points .*\n {2}none\n$/);
  });

  it('says no more of a part than is known of it', () => {
    const bare = { ...own, outcomes: own.outcomes.map(({ name, grade }) => ({ name, grade, summary: '' })) };

    const text = listingReport(listing('scenarios', bare));

    expect(text).toMatch(/^Scenario\n {2}\.\/my-race\.mjs /);
    expect(text).not.toMatch(/FORBIDDEN:/);
  });
});

describe('listingReport', () => {
  it('fits 80 columns and shows where each strategy comes from', () => {
    const text = listingReport(listing());

    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const { origin } of strategies) expect(text.replaceAll(/\s+/g, ' ')).toContain(origin);
  });
});
