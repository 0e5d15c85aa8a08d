import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { Note } from '../../../src/subject/extent-buffer/v5.7/note.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { Script } from '../../helpers/scripted-actor.ts';
import { TestWorld } from '../../helpers/test-world.ts';

const { starts, outcomes, classify, roles } = readaheadVsReleasepage;

/** Fields that an allocation zeroes: no start state needs to, where the buffer is free. */
function isOfFreeBuffer(world: TestWorld, word: string): boolean {
  const [buffer] = word.split('.');
  return word.startsWith('eb') && !word.endsWith('.slab') && world.get(`${buffer}.slab`) === 0;
}

describe.each(starts.map((start) => [start.name, start] as const))('the start state %s', (start, state) => {
  /** A world whose fields held garbage before its reset. Mailboxes are emptied by those who read them. */
  const reset = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.integer()))
    .map(([pages, buffers, garbage]) => {
      const fresh = new TestWorld({ start, pages, buffers });
      const used = new TestWorld({ start, pages, buffers });
      for (const word of used.names.words) {
        if (!word.startsWith('fs.bio')) used.set({ [word]: Number(garbage.next().value) });
      }
      state.reset(used.words, used.geometry, used.fs);
      return { fresh, used };
    });

  it('is the same in every field, whatever was there before', () => {
    fc.assert(
      fc.property(reset, ({ fresh, used }) => {
        const words = fresh.names.words.filter((word) => !isOfFreeBuffer(used, word));

        expect(words.map((word) => [word, used.get(word)])).toEqual(
          words.map((word) => [word, fresh.get(word)]),
        );
      }),
    );
  });

  it('leads to the same steps and the same end, whatever was there before', () => {
    fc.assert(
      fc.property(reset, ({ fresh, used }) => {
        const play = (world: TestWorld): string =>
          world.trace((model) => {
            model.readaheadTreeBlock();
            model.endBioExtentReadpage((1 << world.geometry.pages) - 1, 'ok');
            model.btreeReleasepage(world.page(0));
            model.freeExtentBuffer(model.allocExtentBuffer());
          });

        expect(play(used)).toBe(play(fresh));
        expect([used.verdict(true), fresh.verdict(true)]).toEqual(['none', 'none']);
      }),
    );
  });

  it('touches no word outside of its world', () => {
    const world = new TestWorld({ start });
    const before = world.words.map((_, address) => (address < world.fs ? address : 0));
    world.words.set(before);

    state.reset(world.words, world.geometry, world.fs);

    expect(world.words.slice(0, world.fs)).toEqual(before.slice(0, world.fs));
  });

  it('names actors that exist', () => {
    expect(state.actors.every(({ role }) => roles.some(({ name }) => name === role))).toBe(true);
  });

  it('has as many buffers as it says', () => {
    const world = new TestWorld({ start, buffers: 3 });

    expect([0, 1, 2].filter((index) => world.get(`eb${index}.slab`) === 1)).toHaveLength(state.buffers);
  });
});

describe('classify', () => {
  it('names an outcome other than the violation for any notes', () => {
    const notes = fc.oneof(
      fc.nat(2 ** 22 - 1),
      fc.subarray(Object.values(Note)).map((bits) => bits.reduce((all: number, bit) => all | bit, 0)),
    );
    fc.assert(
      fc.property(notes, (bits) => {
        const index = classify(bits);

        expect(Number.isInteger(index)).toBe(true);
        expect(index).toBeGreaterThanOrEqual(1);
        expect(index).toBeLessThan(outcomes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    { notes: [], outcome: 'idle' },
    { notes: ['Found', 'AlreadyUptodate'], outcome: 'idle' },
    { notes: ['Found', 'ReadSkipped'], outcome: 'skipped' },
    { notes: ['Missed', 'Released'], outcome: 'released' },
    { notes: ['ReadSkipped', 'Released'], outcome: 'released' },
    { notes: ['ReadSkipped', 'LastPut'], outcome: 'released' },
    { notes: ['Found', 'ReadStarted', 'ReleaseRefused'], outcome: 'read' },
    { notes: ['Released', 'Allocated', 'ReadStarted'], outcome: 'reread' },
    { notes: ['ReadStarted', 'ReadFailed', 'Released'], outcome: 'read-failed' },
    { notes: ['ReadSkipped', 'TreeRefStripped', 'ReadFailed'], outcome: 'stripped' },
    { notes: ['ReadStarted', 'TreeRefStripped', 'Rescued'], outcome: 'rescued' },
  ] as const)('calls a trial with the notes $notes $outcome', ({ notes, outcome }) => {
    const bits = notes.reduce((all: number, name) => all | Note[name], 0);

    expect(outcomes[classify(bits)]?.name).toBe(outcome);
  });
});

describe('the outcomes', () => {
  it('begin with the violation, the only one that is forbidden, and have names of their own', () => {
    expect(outcomes.map(({ grade }) => grade === 'FORBIDDEN')).toEqual(
      outcomes.map((_, index) => index === 0),
    );
    expect(new Set(outcomes.map(({ name }) => name)).size).toBe(outcomes.length);
  });
});

describe('the roles', () => {
  it('say that they submit reads exactly where their program may', () => {
    const submits = (role: string): boolean => {
      const actors = [
        { role, count: 1 },
        { role: 'reclaim', count: 1 },
        { role: 'end-io', count: 1 },
      ];
      const script = new Script({ strategy: upstream, actors });
      return script.finish().notes.includes('ReadStarted');
    };
    const expected = roles.filter(({ submitsReads }) => submitsReads).map(({ name }) => name);

    expect(roles.map(({ name }) => name).filter(submits)).toEqual(expected);
  });

  it('let every reclaim begin at another page, the first one at the last', () => {
    const actors = [{ role: 'reclaim', count: 5 }];
    const script = new Script({ strategy: upstream, pages: 4, actors });

    for (const actor of script.actors) actor.take(1);

    expect(script.actors.flatMap(({ trace }) => trace)).toEqual([
      'trylock page3 -> true',
      'trylock page2 -> true',
      'trylock page1 -> true',
      'trylock page0 -> true',
      'trylock page3 -> false',
    ]);
  });

  it('leave a page alone that reclaim finds locked', () => {
    const script = new Script({ strategy: upstream });
    script.actor('finder').until('@read:submitted');

    script.actor('reclaim').finish();

    expect(script.actor('reclaim').trace).toEqual(['trylock page1 -> false']);
    expect(script.actor('reclaim').notes).toEqual(['PageBusy']);
  });
});
