import { describe, expect, it } from 'vitest';
import { alphabetOf } from '../../../../src/catalog/alphabets.ts';
import type { Alphabet } from '../../../../src/scenario/alphabet.ts';
import { actorProgram } from '../../../../src/scenario/hunted/actor-program.ts';
import { formatHunted, parseHunted } from '../../../../src/scenario/hunted/hunted-names.ts';
import { huntedParts, huntedScenario } from '../../../../src/scenario/hunted/hunted-scenario.ts';
import { actorPrograms, programSize, Programs } from '../../../../src/scenario/hunted/programs.ts';
import { startNamed, startsOf } from '../../../../src/scenario/hunted/start.ts';
import { resolveSetting } from '../../../../src/scenario/setting.ts';

function alphabet(): Alphabet {
  const found = alphabetOf('5.7');
  if (found === undefined) throw new Error('there is no alphabet');
  return found;
}

const only = new Set(['find', 'alloc', 'readahead', 'reclaim', 'end-io', 'look', 'read-block']);
const programs = new Programs({ alphabet: alphabet(), only });

describe('actorProgram', () => {
  it.each([
    ['put', 'nobody lets go of what he does not have'],
    ['look', 'nor looks at it'],
    ['alloc.look', 'and only at what was verified'],
    ['hold.reclaim', 'reclaim runs in a context of its own'],
    ['reclaim.find', 'from its beginning to its end'],
    ['no-such', 'names are looked up'],
    ['hold', 'to hold is no operation'],
    ['', 'and neither is nothing'],
  ])('does not allow %j: %s', (text) => {
    expect(actorProgram(alphabet(), text.split('.'))).toBeUndefined();
  });

  it('lets go of everything at the end, and before what needs nothing', () => {
    const names = (text: string): readonly string[] | undefined =>
      actorProgram(alphabet(), text.split('.'))?.parts.map(({ name }) => name);

    expect(names('alloc')).toEqual(['alloc_extent_buffer', 'free_extent_buffer']);
    expect(names('alloc.find')).toEqual([
      'alloc_extent_buffer',
      'free_extent_buffer',
      'find_extent_buffer',
      'free_extent_buffer',
    ]);
    expect(names('init')).toEqual([
      'btrfs_alloc_tree_block',
      'btrfs_init_new_buffer',
      'set_extent_buffer_dirty',
      'btrfs_tree_unlock',
      'free_extent_buffer',
    ]);
  });
});

describe('Programs', () => {
  const sizes = [2, 3].map((size) => programs.ofSize(size));
  const texts = sizes.map((table) =>
    Array.from({ length: table.length }, (_, index) => huntedScenario(table.at(index)).name),
  );

  it('has each program once, however its actors are ordered', () => {
    for (const all of texts) {
      expect(all.length).toBeGreaterThan(20);
      const canonical = all.map((text) => {
        const names = parseHunted(text);
        return JSON.stringify({ ...names, actors: names?.actors.toSorted() });
      });
      expect(new Set(canonical).size).toBe(all.length);
    }
  });

  it('has so many operations, further pages and failures in each', () => {
    for (const [index, all] of texts.entries())
      for (const text of all) {
        const names = parseHunted(text);
        const isOneOfTwo = names?.actors.length === 2;
        const operations = (names?.actors ?? []).flatMap((actor) =>
          actor.split('.').filter((name) => name !== 'hold' && (name !== 'end-io' || isOneOfTwo)),
        ).length;
        const extra = (names?.pages ?? 1) - 1 + Number(names?.readsFail) + Number(names?.setupsFail);
        expect([text, operations + extra]).toEqual([text, index + 2]);
      }
  });

  it('tells the size of each', () => {
    for (const table of sizes)
      for (let index = 0; index < table.length; index++)
        expect(programSize(table.at(index))).toBe(table === sizes[0] ? 2 : 3);
  });

  it('makes each of a name again, as a setting whose text it is', () => {
    for (const text of texts.flat().filter((_, index) => index % 7 === 0)) {
      const names = parseHunted(text);
      const parts = names === undefined ? 'no names' : huntedParts(alphabet(), names);
      if (typeof parts === 'string') throw new Error(`${text}: ${parts}`);
      const scenario = huntedScenario(parts);

      expect(scenario.name).toBe(text);
      expect(resolveSetting({ scenario }).actors.length).toBe(names?.actors.length);
    }
  });

  it('has no program where a wait is for nobody, and none twice for what a put changes', () => {
    const all = texts.flat();

    expect(all.filter((text) => text.includes('read-block') && !text.includes('end-io'))).toEqual([]);
    expect(all.filter((text) => /\.put/.test(text) && !/@hold\.put(@|$)/.test(text))).toEqual([]);
  });

  it('has all of the few that there are: counted by hand', () => {
    const few = new Programs({ alphabet: alphabet(), only: new Set(['find', 'reclaim']) });
    const actors = actorPrograms(alphabet(), new Set(['find', 'reclaim'])).map(({ text }) => text);
    // Two operations: find and find, find and reclaim, reclaim and reclaim, wherever nobody holds anything.
    const table = few.ofSize(2);
    const unheld = startsOf(alphabet(), 1).filter(
      ({ held, inFlight }) => held === 0 && inFlight === undefined,
    );
    const ofUnheld = Array.from({ length: table.length }, (_, index) => table.at(index)).filter(
      ({ start }) => start.held === 0,
    );

    expect(actors).toContain('hold.find.find');
    expect(ofUnheld).toHaveLength(3 * unheld.length);
  });
});

describe('start states', () => {
  it('are the same state again by their names, at whatever address, and no two are equal', () => {
    for (const pages of [1, 2]) {
      const starts = startsOf(alphabet(), pages);

      expect(new Set(starts.map(({ key }) => key)).size).toBe(starts.length);
      expect(starts.length).toBeGreaterThan(20);
      for (const start of starts) expect(startNamed(alphabet(), pages, start.name)?.key).toBe(start.key);
    }
  });

  it('hold at rest with those references that are held', () => {
    const { atRest } = alphabet();
    for (const start of startsOf(alphabet(), 1).filter(({ inFlight }) => inFlight === undefined)) {
      const { geometry } = resolveSetting({ scenario: scenarioFrom(start.name, start.held) });
      const words = new Int32Array(4096);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any address but NULL
      const fs = 64 as Parameters<typeof start.reset>[2];
      start.reset(words, geometry, fs);
      const world = { fs, held: start.held, operations: new Set(start.name.split(/[.~]/)) };

      expect([start.name, atRest(words, geometry, world)]).toEqual([start.name, 0]);
      // A reference more is told, where there is a buffer.
      const isTold = atRest(words, geometry, { ...world, held: start.held + 1 }) !== 0;
      expect([start.name, isTold]).toEqual([start.name, start.buffers > 0]);
    }
  });

  it.each(['no-such', 'cold~look', 'cold~find.keep', 'cold~alloc.flight', 'cold~end-io'])(
    'are not led to by %s',
    (name) => {
      expect(startNamed(alphabet(), 1, name)).toBeUndefined();
    },
  );

  function scenarioFrom(start: string, held: number): ReturnType<typeof huntedScenario> {
    const actors = held === 0 ? ['find', 'find'] : Array.from({ length: held }, () => 'hold.put');
    const all = held === 1 ? [...actors, 'reclaim'] : actors;
    const names = { kernel: '5.7', start, actors: all, pages: 1, readsFail: false, setupsFail: false };
    const parts = huntedParts(alphabet(), names);
    if (typeof parts === 'string') throw new Error(`${start}: ${parts}`);
    return huntedScenario(parts);
  }
});

describe('names of programs', () => {
  const names = {
    kernel: '5.7',
    start: 'free~alloc.keep',
    actors: ['readahead', 'hold.read'],
    pages: 2,
    readsFail: true,
    setupsFail: false,
  };

  it('say all of it, and are read as they were written', () => {
    expect(formatHunted(names)).toBe('hunt@5.7@free~alloc.keep@readahead@hold.read@p2@reads-fail');
    expect(parseHunted(formatHunted(names))).toEqual(names);
    expect(parseHunted('readahead-vs-releasepage')).toBeUndefined();
    expect(parseHunted('hunt@5.7')).toBeUndefined();
  });

  it.each([
    [{ actors: ['find'] }, 'expected 2 to 4 actors, got 1'],
    [{ actors: ['find', 'find'] }, '1 references are held at the start, and 0 actors have one'],
    [{ start: 'nowhere' }, "nothing leads to a start state 'nowhere'"],
    [{ actors: ['readahead', 'hold.look'] }, "the rules of the kernel allow no program 'hold.look'"],
    [{ actors: ['hold.put', 'end-io'], readsFail: false }, 'nobody submits anything to be completed'],
    [{ actors: ['hold.put', 'find'] }, 'nobody reads'],
    [{ pages: 17 }, 'expected 1 to 16 pages, got 17'],
  ])('are refused with half a sentence: %j', (changed, why) => {
    expect(huntedParts(alphabet(), { ...names, ...changed })).toBe(why);
  });
});
