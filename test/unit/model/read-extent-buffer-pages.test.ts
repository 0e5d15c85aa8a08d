import { describe, expect, it } from 'vitest';
import { BIO_INCOMPLETE, type BlockLayer } from '../../../src/model/block-layer.ts';
import { EIO, WAIT_COMPLETE, WAIT_NONE } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-io.ts';
import { noteNames, TestWorld } from '../../helpers/test-world.ts';

/** Fails to set up the bio of the page with the given number of calls before it; counts what is submitted. */
class FailingSetup implements BlockLayer {
  readonly submitted: number[] = [];
  #left: number;

  constructor(successes: number) {
    this.#left = successes;
  }

  submit(_fs: unknown, _eb: unknown, pages: number): void {
    this.submitted.push(pages);
  }

  setupFails(): boolean {
    return this.#left-- === 0;
  }
}

describe('readExtentBufferPages with WAIT_NONE (kernel.md 1.11)', () => {
  it('locks all pages, then counts, then sets io_pages, then submits with the pages locked', () => {
    const world = new TestWorld();

    const trace = world.trace((model) => {
      expect(model.readExtentBufferPages(world.buffer(0), WAIT_NONE)).toBe(0);
      expect(noteNames(model.notes)).toEqual(['ReadStarted']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.bflags:UPTODATE -> false
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
      rmw clear page1.flags:ERROR"
    `);
    expect(world.get('eb0.io_pages')).toBe(2);
    expect(world.verdict()).toBe('none');
  });

  it('does nothing where the buffer is up to date', () => {
    const world = new TestWorld().set({ 'eb0.bflags': ['UPTODATE', 'TREE_REF', 'IN_TREE'] });

    const trace = world.trace((model) => {
      expect(model.readExtentBufferPages(world.buffer(0), WAIT_NONE)).toBe(0);
      expect(noteNames(model.notes)).toEqual(['AlreadyUptodate']);
    });

    expect(trace).toBe('r eb0.bflags:UPTODATE -> true');
  });

  it('gives up at a locked third page without an error and unlocks what it has, the last page first', () => {
    const world = new TestWorld({ pages: 4 }).set({ 'page2.flags': ['LOCKED', 'PRIVATE', 'REFERENCED'] });

    const trace = world.trace((model) => {
      expect(model.readExtentBufferPages(world.buffer(0), WAIT_NONE)).toBe(0);
      expect(noteNames(model.notes)).toEqual(['ReadSkipped']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.bflags:UPTODATE -> false
      trylock page0 -> true
      trylock page1 -> true
      trylock page2 -> false
      unlock page1
      unlock page0"
    `);
    expect(world.get('eb0.io_pages')).toBe(0);
  });

  it('marks the buffer up to date before it unlocks where all pages are', () => {
    const world = new TestWorld().set({
      'page0.flags': ['UPTODATE', 'PRIVATE'],
      'page1.flags': ['UPTODATE', 'PRIVATE'],
    });

    const trace = world.trace((model) => {
      expect(model.readExtentBufferPages(world.buffer(0), WAIT_NONE)).toBe(0);
      expect(noteNames(model.notes)).toEqual(['AlreadyUptodate']);
    });

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.bflags:UPTODATE -> false
      trylock page0 -> true
      trylock page1 -> true
      r page0.flags:UPTODATE -> true
      r page1.flags:UPTODATE -> true
      rmw set eb0.bflags:UPTODATE
      unlock page1
      unlock page0"
    `);
  });

  it('reads only the pages that are not up to date and unlocks the others at once', () => {
    const world = new TestWorld({ pages: 3 }).set({ 'page1.flags': ['UPTODATE', 'PRIVATE'] });
    const device = new FailingSetup(Infinity);

    const trace = world.trace((model) => model.readExtentBufferPages(world.buffer(0), WAIT_NONE), {
      blockLayer: device,
    });

    expect(trace.slice(trace.indexOf('rmw clear eb0.bflags:READ_ERR'))).toMatchInlineSnapshot(`
      "rmw clear eb0.bflags:READ_ERR
      w eb0.read_mirror = 0
      w eb0.io_pages = 2
      r page0.flags:UPTODATE -> false
      rmw clear page0.flags:ERROR
      r page1.flags:UPTODATE -> true
      unlock page1
      r page2.flags:UPTODATE -> false
      rmw clear page2.flags:ERROR"
    `);
    expect(device.submitted).toEqual([0b101]);
    expect(world.get('eb0.io_pages')).toBe(2);
  });

  it('takes the pages that cannot be set up back from io_pages, and submits the ones before them', () => {
    const world = new TestWorld({ pages: 4 }).set({ 'page2.flags': ['UPTODATE', 'PRIVATE'] });
    const device = new FailingSetup(1);

    const trace = world.trace(
      (model) => {
        expect(model.readExtentBufferPages(world.buffer(0), WAIT_NONE)).toBe(EIO);
        expect(noteNames(model.notes)).toEqual(['ReadStarted', 'ReadFailed']);
      },
      { blockLayer: device },
    );

    expect(trace.slice(trace.indexOf('w eb0.io_pages'))).toMatchInlineSnapshot(`
      "w eb0.io_pages = 3
      r page0.flags:UPTODATE -> false
      rmw clear page0.flags:ERROR
      r page1.flags:UPTODATE -> false
      rmw clear page1.flags:ERROR
      unlock page1
      rmw dec eb0.io_pages
      r page2.flags:UPTODATE -> true
      unlock page2
      r page3.flags:UPTODATE -> false
      rmw dec eb0.io_pages
      unlock page3"
    `);
    expect(device.submitted).toEqual([0b1 | BIO_INCOMPLETE]);
    expect(world.get('eb0.io_pages')).toBe(1);
    expect(world.bits('page0.flags')).toContain('LOCKED');
  });

  it('submits nothing where the first page cannot be set up', () => {
    const world = new TestWorld();
    const device = new FailingSetup(0);

    const model = world.model(world.tracing(), undefined, device);

    expect(model.readExtentBufferPages(world.buffer(0), WAIT_NONE)).toBe(EIO);
    expect(device.submitted).toEqual([]);
    expect(noteNames(model.notes)).toEqual(['ReadFailed']);
    expect(world.verdict(true)).toBe('none');
  });
});

describe('readExtentBufferPages with WAIT_COMPLETE (kernel.md 1.11)', () => {
  it('takes the page locks unconditionally and waits for each page in order', () => {
    const world = new TestWorld();
    const endIo = world.model(world.memory(1));

    const trace = world.trace(
      (model) => expect(model.readExtentBufferPages(world.buffer(0), WAIT_COMPLETE)).toBe(0),
      { onBlocked: () => endIo.endBioExtentReadpage(0b11, 'ok') },
    );

    expect(trace).toMatchInlineSnapshot(`
      "r eb0.bflags:UPTODATE -> false
      lock page0
      lock page1
      r page0.flags:UPTODATE -> false
      r page1.flags:UPTODATE -> false
      rmw clear eb0.bflags:READ_ERR
      w eb0.read_mirror = 0
      w eb0.io_pages = 2
      r page0.flags:UPTODATE -> false
      rmw clear page0.flags:ERROR
      r page1.flags:UPTODATE -> false
      rmw clear page1.flags:ERROR
      wait page0
      r page0.flags:UPTODATE -> true
      wait page1
      r page1.flags:UPTODATE -> true"
    `);
  });

  it('waits for a page that somebody else has locked', () => {
    const world = new TestWorld().set({ 'page1.flags': ['LOCKED', 'PRIVATE'] });

    expect(() => world.trace((model) => model.readExtentBufferPages(world.buffer(0), WAIT_COMPLETE))).toThrow(
      "'lock page1' would wait for ever",
    );
  });

  it('is -EIO where a page came back not up to date, and still waits for the pages behind it', () => {
    const world = new TestWorld();
    const endIo = world.model(world.memory(1));

    const trace = world.trace(
      (model) => expect(model.readExtentBufferPages(world.buffer(0), WAIT_COMPLETE)).toBe(EIO),
      { onBlocked: () => endIo.endBioExtentReadpage(0b11, 'io-error') },
    );

    expect(trace.split('\n').slice(-4)).toEqual([
      'wait page0',
      'r page0.flags:UPTODATE -> false',
      'wait page1',
      'r page1.flags:UPTODATE -> false',
    ]);
  });

  it('does not wait where the set-up failed', () => {
    const world = new TestWorld();

    const trace = world.trace(
      (model) => expect(model.readExtentBufferPages(world.buffer(0), WAIT_COMPLETE)).toBe(EIO),
      { blockLayer: new FailingSetup(1) },
    );

    expect(trace).not.toContain('wait');
    expect(world.bits('page0.flags')).toContain('LOCKED');
  });
});
