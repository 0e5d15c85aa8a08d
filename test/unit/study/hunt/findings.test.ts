import { describe, expect, it } from 'vitest';
import { alphabetOf } from '../../../../src/catalog/alphabets.ts';
import type { Strategy } from '../../../../src/fix/strategy.ts';
import { parseHunted } from '../../../../src/scenario/hunted/hunted-names.ts';
import {
  type HuntedParts,
  huntedParts,
  huntedScenario,
} from '../../../../src/scenario/hunted/hunted-scenario.ts';
import { Programs } from '../../../../src/scenario/hunted/programs.ts';
import { conflictIn, findingOf } from '../../../../src/study/hunt/finding.ts';
import { delaysOf } from '../../../../src/study/hunt/hunt-hardware.ts';
import { chunksOf, huntOrder } from '../../../../src/study/hunt/hunt-order.ts';
import { KnownRaces } from '../../../../src/study/hunt/known-races.ts';
import { ProgramSearcher, searchProgram } from '../../../../src/study/hunt/search-program.ts';
import { shrunk } from '../../../../src/study/hunt/shrink.ts';

const LIMITS = { statesMax: 200_000, localStatesMax: 50_000 };

function partsOf(program: string): HuntedParts {
  const names = parseHunted(`hunt@5.7@${program}`);
  const alphabet = alphabetOf('5.7');
  const parts = names === undefined || alphabet === undefined ? 'none' : huntedParts(alphabet, names);
  if (typeof parts === 'string') throw new Error(parts);
  return parts;
}

function strategyOf({ alphabet }: Pick<HuntedParts, 'alphabet'>, name: string): Strategy {
  const found = alphabet.subject.strategies.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no strategy ${name}`);
  return found;
}

describe('chunksOf', () => {
  const alphabet = alphabetOf('5.7');
  if (alphabet === undefined) throw new Error('there is no alphabet');
  const programs = new Programs({ alphabet, only: new Set(['alloc', 'readahead', 'end-io']) });

  it.each([null, 7])('has every program of every size once, with seed %j', (seed) => {
    const begun: (number | undefined)[] = [];
    const chunks = [...chunksOf(programs, { size: 3, seed }, (...counts) => begun.push(...counts))];
    const texts = chunks.flatMap((chunk) => chunk.texts);
    const totals = [2, 3].map((size) => programs.ofSize(size).length);

    expect(begun).toEqual([2, totals[0], 3, totals[1]]);
    expect(texts).toHaveLength((totals[0] ?? 0) + (totals[1] ?? 0));
    expect(new Set(texts).size).toBe(texts.length);
    expect(new Set(chunks.map(({ size, from }) => `${size} ${from}`)).size).toBe(chunks.length);
  });

  it('has those that complete IO beside two others in turns with the larger ones that do not', () => {
    const chunks = [...chunksOf(programs, { size: 3, seed: null }, () => {})];
    const isLast = (text: string): boolean =>
      text.includes('end-io') && (parseHunted(text)?.actors.length ?? 0) > 2;
    const kinds = chunks.map(({ size, texts }) => `${size}${isLast(texts[0] ?? '') ? ' IO' : ''}`);
    const order = kinds.filter((kind, index) => kind !== kinds[index - 1]);

    expect(order.slice(0, 4)).toEqual(['2', '2 IO', '3', '2 IO']);
    expect(kinds.lastIndexOf('2 IO')).toBeLessThan(kinds.indexOf('3 IO'));
    for (const { texts } of chunks) expect(new Set(texts.map(isLast)).size).toBe(1);
  });
});

describe('huntOrder', () => {
  it('is the order of the table without a seed, and a permutation with one', () => {
    const plain = huntOrder(100, null);
    const order = huntOrder(100, 7);
    const all = Array.from({ length: 100 }, (_, index) => order(index));

    expect(Array.from({ length: 100 }, (_, index) => plain(index))).toEqual(all.toSorted((a, b) => a - b));
    expect(all).not.toEqual(all.toSorted((a, b) => a - b));
    expect(Array.from({ length: 100 }, (_, index) => huntOrder(100, 7)(index))).toEqual(all);
    expect(huntOrder(100, 8)(0) === order(0) && huntOrder(100, 8)(1) === order(1)).toBe(false);
  });

  it('draws uniformly: each place has each program equally often', () => {
    // 600 seeds, three programs, six orders: 100 each, with a standard deviation of 9; five of them are one in 1.7 million.
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const order = huntOrder(3, seed);
      const text = [0, 1, 2].map((index) => order(index)).join('');
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }

    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(46);
  });
});

describe('KnownRaces', () => {
  it('knows a race of a program inside of another, and no other invariant of it', () => {
    const races = new KnownRaces();
    races.add({ actors: ['readahead', 'reclaim'] }, 'B1');

    expect(races.isKnown({ actors: ['reclaim', 'readahead'] }, 'B1')).toBe(true);
    expect(races.isKnown({ actors: ['readahead', 'reclaim', 'find'] }, 'B1')).toBe(true);
    expect(races.isKnown({ actors: ['find.readahead', 'reclaim'] }, 'B1')).toBe(true);
    expect(races.isKnown({ actors: ['readahead', 'reclaim'] }, 'B8')).toBe(false);
    expect(races.isKnown({ actors: ['readahead', 'find'] }, 'B1')).toBe(false);
  });
});

describe('findingOf', () => {
  const parts = partsOf('cold~alloc@readahead@reclaim');

  it('is the race of the seed commit: the reference that reclaim drops between two steps of the reader', () => {
    const finding = findingOf(parts, strategyOf(parts, 'none'), {
      invariant: 'B1',
      source: 'none',
      statesMax: LIMITS.statesMax,
    });

    expect(finding.pair.join(' ')).toContain(
      'try_release_extent_buffer > test_and_clear_bit(eb.bflags:TREE_REF)',
    );
    expect(finding.key).toBe(['B1', ...finding.pair.toSorted()].join(' | '));
    expect(finding.operations).toBe(2);
    expect(finding.witness?.schedule).toMatch(/^eb1:hunt@5\.7@cold~alloc@readahead@reclaim:start:none:/);
    expect(finding.witness?.steps.length).toBeGreaterThan(20);
    expect(finding.stalls.length).toBeGreaterThan(0);
    // One of the two is stopped, and not inside a spin lock for ever.
    for (const { steps, before } of finding.stalls) {
      expect(steps).toBeGreaterThan(0);
      expect(before).toMatch(/ > /);
    }
    expect(finding.rules).toEqual(['locked-page']);
  });

  it('is nothing in the kernel that mended it', () => {
    expect(searchProgram(parts, strategyOf(parts, 'none'), LIMITS).invariants).toEqual(['B1']);
    expect(searchProgram(parts, strategyOf(parts, 'upstream'), LIMITS)).toMatchObject({
      invariants: [],
      isComplete: true,
      isVacuous: false,
    });
  });

  it('is never lost: where the limit is too small for a witness it has none', () => {
    const finding = findingOf(parts, strategyOf(parts, 'none'), {
      invariant: 'B1',
      source: 'none',
      statesMax: 1,
    });

    expect(finding).toMatchObject({ key: 'B1', invariant: 'B1', title: 'released under IO', witness: null });
  });
});

describe('ProgramSearcher', () => {
  it('says of each start state what a search of its own says', () => {
    const alphabet = alphabetOf('5.7');
    if (alphabet === undefined) throw new Error('there is no alphabet');
    const only = new Set(['init', 'reclaim', 'readahead']);
    const table = new Programs({ alphabet, only }).ofSize(2);
    const strategy = strategyOf({ alphabet }, 'none');
    const searcher = new ProgramSearcher(strategy, LIMITS);
    const violated = new Set<string>();
    for (let index = 0; index < table.length; index += index % 30 === 0 ? 1 : 29) {
      const parts = table.at(index);
      const { states: _, ...shared } = searcher.search(parts);
      const { states: _own, ...own } = searchProgram(parts, strategy, LIMITS);

      const { name } = huntedScenario(parts);
      expect({ name, ...shared }).toEqual({ name, ...own });
      violated.add(own.invariants.join());
    }
    expect(violated.size).toBeGreaterThan(2);
  }, 60_000);
});

describe('conflictIn', () => {
  it('has the change of another actor and the step that comes upon it, where nobody is too late', () => {
    const names = parseHunted('hunt@7.3@free~readahead.flight@init@end-io');
    const alphabet = alphabetOf('7.3');
    const parts = names === undefined || alphabet === undefined ? 'none' : huntedParts(alphabet, names);
    if (typeof parts === 'string') throw new Error(parts);
    const { pair, witness } = findingOf(parts, strategyOf(parts, 'none'), {
      invariant: 'N10',
      source: 'none',
      statesMax: LIMITS.statesMax,
    });

    expect(witness?.preemptions).toBe(0);
    expect(pair).toEqual([
      'set_extent_buffer_uptodate > set_bit(eb.bflags:UPTODATE)',
      'extent_buffer_uptodate > test_bit(eb.bflags:UPTODATE)',
    ]);
  });

  it('has nothing of what actors and the device tell each other', () => {
    const names = parseHunted('hunt@7.3@free~init.find.keep@read-block@hold.compare@end-io');
    const alphabet = alphabetOf('7.3');
    const parts = names === undefined || alphabet === undefined ? 'none' : huntedParts(alphabet, names);
    if (typeof parts === 'string') throw new Error(parts);
    const { pair } = findingOf(parts, strategyOf(parts, 'none'), {
      invariant: 'P5',
      source: 'none',
      statesMax: LIMITS.statesMax,
    });

    expect(pair).toHaveLength(2);
    expect(pair.join(' ')).not.toContain('fs.io');
  });

  it('has nothing of no steps', () => {
    expect(conflictIn([])).toEqual([]);
  });
});

describe('delaysOf', () => {
  const points = [
    { name: 'find:ref', where: 'find_extent_buffer: reference taken' },
    { name: 'read:entry', where: 'read_extent_buffer_pages: not up to date' },
  ];

  it('holds actors in the functions in which one must stall, and everywhere if they have no point', () => {
    const stall = (before: string): { readonly stalls: readonly { readonly before: string }[] } => ({
      stalls: [{ before }],
    });

    expect(Object.keys(delaysOf(stall('find_extent_buffer > test_bit(eb.bflags:STALE)'), points))).toEqual([
      'find:ref',
    ]);
    expect(Object.keys(delaysOf(stall('unlock_page > unlock_page(page.flags:LOCKED)'), points))).toEqual([
      'find:ref',
      'read:entry',
    ]);
  });
});

describe('shrunk', () => {
  it('comes to the smallest program that shows the same', async () => {
    const large = partsOf('cold~alloc@find.readahead@find@reclaim@p2@reads-fail');
    const shows = async (parts: HuntedParts): Promise<boolean> =>
      Promise.resolve(searchProgram(parts, strategyOf(parts, 'none'), LIMITS).invariants.includes('B1'));
    const smallest = await shrunk(large, shows);

    expect(huntedScenario(smallest).name).toBe('hunt@5.7@cold~alloc@readahead@reclaim');
  });
});
