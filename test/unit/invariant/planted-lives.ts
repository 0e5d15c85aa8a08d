import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { modelOf } from '../../../src/fix/plug-in/load.ts';
import { type AtomicsMemory, atomicsMemoryClass } from '../../../src/memory/atomics-memory.ts';
import type { ActorMemory } from '../../../src/memory/actor-memory.ts';
import {
  EB_BFLAGS,
  EB_REFS,
  type ExtentBuffer,
  PAGE_PRIVATE,
} from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { type Address, type Page } from '../../../src/memory/layout.ts';
import { PG_PRIVATE } from '../../../src/memory/page-flags.ts';
import { EXTENT_BUFFER_DIRTY } from '../../../src/subject/extent-buffer/v5.7/bflags.ts';
import { Check, type CheckNumber } from '../../../src/subject/extent-buffer/v5.7/check.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { EIO, WAIT_NONE } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import type { TestWorld } from '../../helpers/test-world.ts';
import { ATTACHED, IDLE, type Planted } from './planted.ts';

/** Puts a reference too much. */
export class PutsTwice extends ExtentBufferModel {
  override freeExtentBuffer(eb: ExtentBuffer): void {
    this.mem.atomicDec(eb + EB_REFS);
    super.freeExtentBuffer(eb);
  }
}

/** Detaches a page without clearing PG_private. */
class ForgetsPrivate extends ExtentBufferModel {
  override btreeReleasepage(page: Page): boolean {
    this.mem.writeOnce(page + PAGE_PRIVATE, 0);
    return super.btreeReleasepage(page);
  }
}

/** Keeps a reference of its own on each new buffer. */
class KeepsNewBuffer extends ExtentBufferModel {
  protected override attachExtentBufferPage(eb: ExtentBuffer, page: Page): ExtentBuffer {
    this.mem.atomicInc(eb + EB_REFS);
    return super.attachExtentBufferPage(eb, page);
  }
}

/** Gives a buffer to RCU as soon as its pages are released, as its caller will. */
class FreesTwice extends ExtentBufferModel {
  override btrfsReleaseExtentBufferPages(eb: ExtentBuffer): boolean {
    const isReleased = super.btrfsReleaseExtentBufferPages(eb);
    this.mem.callRcuFree(eb);
    return isReleased;
  }
}

/** Looks at a buffer once more after its release. */
class LooksBack extends ExtentBufferModel {
  override releaseExtentBuffer(eb: ExtentBuffer): boolean {
    const isGone = super.releaseExtentBuffer(eb);
    this.extentBufferUnderIo(eb);
    return isGone;
  }
}

/** A kernel built without BUG_ON in the release path. */
class WithoutB1 extends ExtentBufferModel {
  protected override bugOn(condition: boolean, check: CheckNumber): boolean {
    return check !== Check.B1 && super.bugOn(condition, check);
  }
}

/** A device that fails every read at once. */
class FailsReads extends ExtentBufferModel {
  override btreeReadExtentBufferPages(): number {
    return EIO;
  }
}

/** Memory in which ClearPagePrivate does nothing. */
function keepsPrivateBit(place: ActorMemory): AtomicsMemory {
  const KeepsPrivateBit = class extends atomicsMemoryClass(place) {
    override clearBit(bit: number, address: Address): void {
      if (bit !== PG_PRIVATE) super.clearBit(bit, address);
    }
  };
  return new KeepsPrivateBit();
}

/** A readahead whose buffer lost TREE_REF, without the BUG_ON; its read ends, and the block is read ahead again. */
function readWithoutTreeRef(model: ExtentBufferModel, world: TestWorld): void {
  model.readExtentBufferPages(world.buffer(0), WAIT_NONE);
  model.freeExtentBuffer(world.buffer(0));
  model.endBioExtentReadpage(1, 'ok');
  model.readaheadTreeBlock();
}

/** Bugs in the lives of buffers and pages. */
export const plantedInLives: readonly Planted[] = [
  {
    check: Check.B1,
    bug: 'the last reference is put while a read is in flight',
    state: { 'eb0.refs': 1 },
    buggy: { state: { 'eb0.bflags': ['IN_TREE'] } },
    repaired: { state: { 'eb0.bflags': ['IN_TREE'] }, Model: modelOf(upstream) },
    run: (model, world) => {
      model.readExtentBufferPages(world.buffer(0), WAIT_NONE);
      model.freeExtentBuffer(world.buffer(0));
      model.endBioExtentReadpage(0b11, 'ok');
    },
  },
  ...['WRITEBACK', 'DIRTY'].map((flag): Planted => ({
    check: Check.B2,
    bug: `a page is detached with ${flag}`,
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: { state: { 'page1.flags': [...ATTACHED, flag] } },
    run: (model, world) => model.freeExtentBuffer(world.buffer(0)),
  })),
  {
    check: Check.B2,
    bug: 'the buffer becomes dirty between the tests of the release path',
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: {
      Model: class extends ExtentBufferModel {
        override extentBufferUnderIo(eb: ExtentBuffer): boolean {
          const isUnderIo = super.extentBufferUnderIo(eb);
          this.mem.setBit(EXTENT_BUFFER_DIRTY, eb + EB_BFLAGS);
          return isUnderIo;
        }
      },
    },
    run: (model, world) => model.freeExtentBuffer(world.buffer(0)),
  },
  {
    check: Check.B3,
    bug: 'a reference is put twice',
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: { Model: PutsTwice },
    run: (model, world) => model.freeExtentBuffer(world.buffer(0)),
  },
  {
    check: Check.B4,
    bug: 'a page is private and has no buffer',
    buggy: { Model: ForgetsPrivate },
    run: (model, world) => model.btreeReleasepage(world.page(0)),
  },
  {
    check: Check.B4,
    bug: 'a read fails on a page that was detached',
    world: { start: 'cold' },
    state: { 'page0.flags': ['LOCKED'] },
    buggy: {},
    repaired: {
      state: {
        'eb0.slab': 1,
        'eb0.refs': 1,
        'eb0.bflags': IDLE,
        'eb0.io_pages': 1,
        'eb0.refs_lock': 0,
        'eb0.read_mirror': 0,
        'eb0.pages': 1,
        'fs.tree_slot': 'eb0',
        'page0.private': 'eb0',
        'page0.flags': ['LOCKED', 'PRIVATE'],
        'page0.refcount': 3,
      },
    },
    run: (model) => model.endBioExtentReadpage(1, 'io-error'),
  },
  {
    check: Check.B5,
    bug: 'a new buffer that turns out to be superfluous has a second reference',
    state: { 'fs.tree_slot': 'NULL' },
    buggy: { Model: KeepsNewBuffer },
    run: (model, world) => {
      model.freeExtentBuffer(model.allocExtentBuffer());
      world.set({ 'fs.tree_slot': 'eb0' });
    },
  },
  {
    check: Check.B6,
    bug: 'a page that nobody owns is dirty',
    world: { start: 'cold' },
    buggy: { state: { 'page0.flags': ['DIRTY'] } },
    run: (model) => model.freeExtentBuffer(model.allocExtentBuffer()),
  },
  {
    check: Check.B6,
    bug: 'the page of a dying buffer is dirty',
    state: { 'fs.tree_slot': 'NULL', 'eb0.refs': 0, 'eb0.bflags': [] },
    buggy: { state: { 'page0.flags': [...ATTACHED, 'DIRTY'] } },
    run: (model, world) => {
      model.freeExtentBuffer(model.allocExtentBuffer());
      world.set({ 'eb0.slab': 0, 'page0.refcount': 3, 'page1.refcount': 3 });
    },
  },
  {
    check: Check.B7,
    bug: 'the page of a dying buffer is not given up',
    world: { pages: 1 },
    state: { 'fs.tree_slot': 'NULL', 'eb0.refs': 0, 'eb0.bflags': [] },
    buggy: { memory: (world) => keepsPrivateBit(world.place()) },
    run: (model, world) => {
      model.freeExtentBuffer(model.allocExtentBuffer());
      world.set({ 'eb0.slab': 0, 'page0.refcount': 3 });
    },
  },
  {
    check: Check.B10,
    bug: 'a read completes on a buffer without references',
    state: {
      'eb0.io_pages': 2,
      'page0.flags': [...ATTACHED, 'LOCKED'],
      'page1.flags': [...ATTACHED, 'LOCKED'],
    },
    buggy: { state: { 'eb0.refs': 0 } },
    run: (model) => model.endBioExtentReadpage(0b11, 'ok'),
  },
  {
    check: Check.UseAfterFree,
    bug: 'a buffer is read after its release',
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: { Model: LooksBack },
    run: (model, world) => model.freeExtentBuffer(world.buffer(0)),
  },
  {
    check: Check.DoubleFree,
    bug: 'a buffer from the tree is freed by two functions',
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: { Model: FreesTwice },
    run: (model, world) => model.freeExtentBuffer(world.buffer(0)),
  },
  {
    check: Check.DoubleFree,
    bug: 'a new buffer is freed by two functions',
    state: { 'fs.tree_slot': 'NULL' },
    buggy: { Model: FreesTwice },
    run: (model, world) => {
      model.freeExtentBuffer(model.allocExtentBuffer());
      world.set({ 'fs.tree_slot': 'eb0' });
    },
  },
  {
    check: Check.Q1,
    bug: 'a reference is never put',
    buggy: {
      Model: class extends ExtentBufferModel {
        override freeExtentBuffer(): void {}
      },
    },
    run: (model) => model.freeExtentBuffer(model.findExtentBuffer()),
  },
  {
    check: Check.Q2,
    bug: 'a page reference is never put',
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: {
      Model: class extends ExtentBufferModel {
        protected override putPage(): void {}
      },
    },
    run: (model, world) => model.freeExtentBuffer(world.buffer(0)),
  },
  {
    check: Check.Q2,
    bug: 'the last reference of a page is put',
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: { state: { 'page0.refcount': 2 } },
    run: (model, world) => model.freeExtentBuffer(world.buffer(0)),
  },
  {
    check: Check.Q4,
    bug: 'a failed read drops its reference as any other',
    world: { start: 'cold', pages: 1 },
    buggy: {
      Model: class extends FailsReads {
        override freeExtentBufferStale(eb: ExtentBuffer): void {
          this.freeExtentBuffer(eb);
        }
      },
    },
    repaired: { Model: FailsReads },
    run: (model) => model.readTreeBlock(),
  },
  {
    check: Check.Q3,
    bug: 'alloc trusts a page that was read after its detachment',
    world: { pages: 1 },
    state: { 'eb0.bflags': ['IN_TREE'] },
    buggy: { Model: WithoutB1 },
    repaired: { Model: upstream.extend(WithoutB1) },
    run: readWithoutTreeRef,
  },
];
