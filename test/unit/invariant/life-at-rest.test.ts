import { describe, expect, it } from 'vitest';
import { lifeAtRest } from '../../../src/subject/extent-buffer/life/at-rest.ts';
import { ExtentBufferLife } from '../../../src/subject/extent-buffer/life/extent-buffer-life.ts';
import { lastPuts } from '../../../src/subject/extent-buffer/life/scenarios/last-puts.ts';
import { lifeScenarios } from '../../../src/subject/extent-buffer/life/scenarios/registry.ts';
import { SlowDevice } from '../../../src/model/block-layer.ts';
import { LifeWorld } from '../../helpers/life-world.ts';
import type { WordValue } from '../../helpers/test-world.ts';
import { ATTACHED, IDLE } from './planted.ts';

type State = Readonly<Record<string, WordValue>>;

/** Start states of a buffer that nobody has a reference of and that no IO is in flight for: a trial may end in them. */
const QUIET = new Set(['clean', 'dirty', 'cold']);
const DIRTY: State = { 'eb0.bflags': [...IDLE, 'DIRTY'], 'page0.flags': [...ATTACHED, 'DIRTY'] };

describe('the checks at rest', () => {
  it.each(
    lifeScenarios.flatMap((scenario) =>
      scenario.starts
        .filter(({ name }) => QUIET.has(name))
        .flatMap((start) => [1, 2, 16].map((pages) => ({ scenario, start, pages, name: scenario.name }))),
    ),
  )('of $name pass the start state $start.name with $pages pages', ({ scenario, start, pages }) => {
    const world = new LifeWorld({ pages });
    start.reset(world.words, world.geometry, world.fs);

    expect(world.lifeVerdict(scenario.atRest ?? lifeAtRest)).toBe('none');
  });

  it.each<readonly [string, State, string]>([
    ['a spin lock', { private_lock: 1 }, 'L4'],
    ['the refs_lock', { 'eb0.refs_lock': 1 }, 'L4'],
    ['the tree lock', { 'eb0.lock': 1 }, 'L4'],
    ['a page lock', { 'page0.flags': [...ATTACHED, 'LOCKED'] }, 'L4'],
    ['io_pages', { 'eb0.io_pages': 1 }, 'Q5'],
    ['WRITEBACK', { 'eb0.bflags': [...IDLE, 'WRITEBACK'] }, 'Q5'],
    ['a page under writeback', { 'page0.flags': [...ATTACHED, 'WRITEBACK'] }, 'Q5'],
    ['a reference', { 'eb0.refs': 2 }, 'Q1'],
    ['no reference of the tree', { 'eb0.bflags': ['IN_TREE'] }, 'Q1'],
    ['no place in the tree', { 'fs.tree_slot': 0 }, 'Q1'],
    ['a page without its buffer', { 'page0.flags': ['REFERENCED'] }, 'Q2'],
    ['a reference of a page', { 'page0.refcount': 4 }, 'Q2'],
    ['content that nobody verified', { 'eb0.bflags': [...IDLE, 'UPTODATE'] }, 'Q3'],
    ['a read that failed', { 'eb0.read_failed': 1 }, 'Q4'],
    ['a dirty buffer with clean pages', { 'eb0.bflags': [...IDLE, 'DIRTY'] }, 'Q6'],
    ['a change that is neither dirty nor on the disk', { 'page0.behind': 1, 'page0.payload': 3 }, 'Q6'],
    ['a change under which the content went', { ...DIRTY, 'page0.behind': 1, 'page0.payload': 2 }, 'Q6'],
  ])('notice %s that is left', (_what, state, id) => {
    expect(new LifeWorld().lifeVerdict()).toBe('none');
    expect(new LifeWorld().set(state).lifeVerdict()).toBe(id);
  });

  it('notice a stale buffer that is left where the last put is to release it', () => {
    const { atRest = lifeAtRest } = lastPuts;

    expect(new LifeWorld().set({ 'eb0.bflags': [...IDLE, 'STALE'] }).lifeVerdict(atRest)).toBe('Q7');
    expect(new LifeWorld().lifeVerdict(atRest)).toBe('none');
  });
});

describe('a buffer that is made dirty', () => {
  class Blind extends ExtentBufferLife {
    override checkBufferTreeRef(): boolean {
      return false;
    }
  }

  it.each([
    ['breaks B8 without a look at TREE_REF', Blind, 'B8'],
    ['breaks nothing with it', ExtentBufferLife, 'none'],
  ])('%s', (_what, Model, id) => {
    const world = new LifeWorld().set({ 'eb0.bflags': ['IN_TREE'], 'page0.payload': 3 });
    const model = new Model({
      memory: world.memory(),
      geometry: world.geometry,
      blockLayer: new SlowDevice(),
    });
    model.fsInfo = world.fs;

    model.setExtentBufferDirty(world.buffer(0));
    // Whoever has made it dirty has the other reference.
    if (id === 'none') model.freeExtentBuffer(world.buffer(0));

    expect(world.lifeVerdict()).toBe(id);
  });
});

describe('a buffer that is cleaned', () => {
  it.each([
    ['breaks B9 if its page is detached by then', ['REFERENCED', 'DIRTY'], 'B9'],
    ['breaks nothing otherwise', [...ATTACHED, 'DIRTY'], 'none'],
  ])('%s', (_what, flags, id) => {
    const world = new LifeWorld().set({ ...DIRTY, 'page0.flags': flags });

    world.life().btrfsCleanTreeBlock(world.buffer(0));

    expect(world.lifeVerdict()).toBe(id);
  });
});
