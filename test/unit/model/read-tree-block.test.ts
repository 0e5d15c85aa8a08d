import { describe, expect, it } from 'vitest';
import type { BlockLayer } from '../../../src/model/block-layer.ts';
import type { BioStatus } from '../../../src/model/block-layer.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

/** Answers each read as told, when the reader begins to wait for it. */
class AnsweringDevice implements BlockLayer {
  readonly submitted: number[] = [];
  setupFailures = 0;
  readonly #world: TestWorld;
  readonly #answers: BioStatus[];
  #pending = 0;

  constructor(world: TestWorld, answers: readonly BioStatus[]) {
    this.#world = world;
    this.#answers = [...answers];
  }

  submit(_fs: unknown, _eb: unknown, pages: number): void {
    this.submitted.push(pages);
    this.#pending = pages;
  }

  setupFails(): boolean {
    return this.setupFailures-- > 0;
  }

  answer(): void {
    const status = this.#answers.shift();
    if (status === undefined) return;
    this.#world.model(this.#world.memory(1)).endBioExtentReadpage(this.#pending, status);
  }
}

/** The steps whose names begin with one of these. */
function only(trace: string, ...prefixes: readonly string[]): readonly string[] {
  return trace.split('\n').filter((line) => prefixes.some((prefix) => line.startsWith(prefix)));
}

describe('readaheadTreeBlock (kernel.md 1.17)', () => {
  it('is a whole alloc, a WAIT_NONE read and a free at once, with the read in flight', () => {
    const world = new TestWorld();

    const trace = world.trace((model) => model.readaheadTreeBlock());

    expect(trace).toMatchInlineSnapshot(`
      "rcu_read_lock
      r fs.tree_slot -> eb0
      rmw inc_not_zero eb0.refs -> true
      rcu_read_unlock
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      r eb0.bflags:TREE_REF -> true
      r page0.flags:REFERENCED -> true
      r page1.flags:REFERENCED -> true
      r eb0.bflags:UPTODATE -> false
      trylock page0 -> true
      trylock page1 -> true
      r page0.flags:UPTODATE -> false
      r page1.flags:UPTODATE -> false
      rmw clear eb0.bflags:READ_ERR
      w eb0.read_mirror = 0
      w eb0.io_pages = 2
      r page0.flags:UPTODATE -> false
      rmw clear page0.flags:ERROR
      r page1.flags:UPTODATE -> false
      rmw clear page1.flags:ERROR
      r eb0.refs -> 2
      r eb0.bflags:UNMAPPED -> false
      L(eb0.refs_lock)
      r eb0.refs -> 2
      r eb0.bflags:STALE -> false
      r eb0.refs -> 2
      rmw dec_and_test eb0.refs -> false
      U(eb0.refs_lock)"
    `);
    expect(world.get('eb0.refs')).toBe(1);
    expect(world.get('eb0.io_pages')).toBe(2);
    expect(world.verdict()).toBe('none');
  });

  it('leaves a new buffer to the tree', () => {
    const world = new TestWorld({ start: 'cold' });

    const model = world.model(world.tracing());
    model.readaheadTreeBlock();

    expect(noteNames(model.notes)).toEqual(['Missed', 'ReadStarted', 'Allocated']);
    expect(world.get('fs.tree_slot')).toBe(world.buffer(0));
    expect(world.verdict()).toBe('none');
  });

  it('frees as stale where nothing could be set up', () => {
    const world = new TestWorld();
    const device = new AnsweringDevice(world, []);
    device.setupFailures = 2;

    const trace = world.trace((model) => model.readaheadTreeBlock(), { blockLayer: device });

    expect(only(trace, 'rmw set eb0.bflags', 'call_rcu')).toEqual([
      'rmw set eb0.bflags:STALE',
      'call_rcu eb0 -> true',
    ]);
    expect(world.verdict(true)).toBe('none');
  });

  it('keeps a page lock of somebody else from being an error', () => {
    const world = new TestWorld().set({ 'page1.flags': ['LOCKED', 'PRIVATE', 'REFERENCED'] });

    const model = world.model(world.tracing());
    model.readaheadTreeBlock();

    expect(noteNames(model.notes)).toEqual(['Found', 'ReadSkipped']);
    expect(world.bits('eb0.bflags')).toEqual(['TREE_REF', 'IN_TREE']);
    expect(world.get('eb0.refs')).toBe(1);
  });
});

describe('readTreeBlock (kernel.md 1.17)', () => {
  it('returns the buffer referenced and up to date', () => {
    const world = new TestWorld({ start: 'cold' });
    const device = new AnsweringDevice(world, ['ok']);

    const trace = world.trace((model) => expect(model.readTreeBlock()).toBe(world.buffer(0)), {
      blockLayer: device,
      onBlocked: () => device.answer(),
    });

    expect(only(trace, 'slab', 'lock page', 'w eb0.io_pages', 'wait')).toMatchInlineSnapshot(`
      [
        "slab alloc -> eb0",
        "lock page0",
        "lock page1",
        "lock page0",
        "lock page1",
        "w eb0.io_pages = 2",
        "wait page0",
        "wait page1",
      ]
    `);
    expect(world.get('eb0.refs')).toBe(2);
    expect(world.bits('eb0.bflags')).toContain('UPTODATE');
  });

  it('tries the second mirror where the first one does not verify', () => {
    const world = new TestWorld();
    const device = new AnsweringDevice(world, ['bad-content', 'ok']);

    world.trace((model) => expect(model.readTreeBlock()).toBe(world.buffer(0)), {
      blockLayer: device,
      onBlocked: () => device.answer(),
    });

    expect(device.submitted).toEqual([0b11, 0b11]);
    expect(world.bits('eb0.bflags')).toEqual(['UPTODATE', 'TREE_REF', 'IN_TREE']);
  });

  it('frees as stale and returns NULL where no mirror could be read', () => {
    const world = new TestWorld();
    const device = new AnsweringDevice(world, ['io-error', 'bad-content']);

    const trace = world.trace(
      (model) => {
        expect(model.readTreeBlock()).toBe(0);
        expect(noteNames(model.notes)).toEqual(['Found', 'ReadStarted', 'LastPut']);
      },
      { blockLayer: device, onBlocked: () => device.answer() },
    );

    expect(only(trace, 'rmw set eb0.bflags', 'call_rcu')).toEqual([
      'rmw set eb0.bflags:STALE',
      'call_rcu eb0 -> true',
    ]);
    expect(world.verdict(true)).toBe('none');
  });
});
