import type { Prng } from '../../src/stats/prng.ts';
import type { ModelMethod } from './model-method.ts';

/**
 * What an edit may need that an engine does not judge yet: programs with such edits can be left out.
 *
 * - `catch`: code that sees exceptions which pass through it;
 * - `unallocated`: an access to an object of the slab that was never handed out in the trial;
 * - `array`: a loop that hands something on from round to round in an object.
 */
export type Tag = 'catch' | 'unallocated' | 'array';

export const TAGS: readonly Tag[] = ['catch', 'unallocated', 'array'];

/** Where a snippet is to stand. */
export interface Scope {
  readonly method: ModelMethod;
  /** Whether `eb` may be used: an argument, or the buffer that the trial starts with. */
  readonly hasBuffer: boolean;
  readonly without: ReadonlySet<Tag>;
}

/** Methods of the fuzzer's own: loops whose rounds explore may cut, and loops whose rounds it must not. */
export const helpers: readonly ModelMethod[] = [
  helper(
    '_settle',
    `
    !for (;;) {
      !const refs = mem.atomicRead(eb + EB_REFS);
      if (refs !== 2) {
        !return;
      }
      mem.cpuRelax();
    }`,
  ),
  helper(
    '_raise',
    `
    !for (;;) {
      !const refs = mem.atomicRead(eb + EB_REFS);
      if (refs === 0) {
        !return;
      }
      if (mem.atomicCmpxchg(eb + EB_REFS, refs, refs + 1) === refs) {
        !break;
      }
    }
    mem.atomicDec(eb + EB_REFS);`,
  ),
  helper(
    '_waitForPage',
    `
    while (mem.testBit(PG_LOCKED, page + PAGE_FLAGS)) {
      mem.cpuRelax();
    }`,
  ),
  helper(
    '_sum',
    `
    n = 0;
    for (let round = 0; round < 2; round++) {
      n += mem.atomicRead(eb + EB_REFS);
    }
    if (n === 3) {
      mem.setBit(READAHEAD, eb + EB_BFLAGS);
    }`,
  ),
  helper(
    '_remember',
    `
    !const seen = [];
    !while (seen.push(0) <= 3) {
      if (mem.testBit(TREE_REF, eb + EB_BFLAGS)) {
        mem.atomicInc(eb + EB_READ_MIRROR);
      }
    }`,
  ),
];

function helper(name: string, source: string): ModelMethod {
  return { name, parameters: ['eb', 'page'], source, returns: '', rank: 0, needs: 'nothing' };
}

export function pick<T>(prng: Prng, all: readonly T[]): T {
  const one = all[prng.nextBelow(all.length)];
  if (one === undefined) throw new RangeError('there is nothing to choose from');
  return one;
}

const BITS = ['TREE_REF', 'TREE_REF', 'IN_TREE', 'STALE', 'UPTODATE', 'READAHEAD', 'READ_ERR', 'DIRTY'];
const PAGE_BITS = ['PG_PRIVATE', 'PG_REFERENCED', 'PG_UPTODATE', 'PG_DIRTY', 'PG_ERROR', 'PG_LOCKED'];
const BUFFER_WORDS = ['EB_REFS', 'EB_REFS', 'EB_IO_PAGES', 'EB_READ_MIRROR', 'EB_PAGES'];

/** An expression of one step that says yes or no. */
export function condition(prng: Prng, { hasBuffer }: Scope): string {
  const ofPage = [
    () => `mem.testBit(${pick(prng, PAGE_BITS)}, page + PAGE_FLAGS)`,
    () => `mem.readOnce(page + PAGE_PRIVATE) === NULL`,
    () => `mem.atomicRead(page + PAGE_REFCOUNT) === ${1 + prng.nextBelow(3)}`,
    () => `mem.readOnce(fs + FS_TREE_SLOT) === NULL`,
    () => `mem.readOnce(fs + ${pick(prng, ['FS_BUFFER_LOCK', 'FS_PRIVATE_LOCK'])}) === 0`,
  ];
  const ofBuffer = [
    () => `mem.testBit(${pick(prng, BITS)}, eb + EB_BFLAGS)`,
    () => `mem.testBit(${pick(prng, BITS)}, eb + EB_BFLAGS)`,
    () => `mem.atomicRead(eb + EB_REFS) === ${prng.nextBelow(4)}`,
    () => `mem.readOnce(eb + ${pick(prng, BUFFER_WORDS)}) > 1`,
    () => `mem.readOnce(eb + EB_REFS_LOCK) === 0`,
    () => `mem.testAndSetBit(${pick(prng, BITS)}, eb + EB_BFLAGS)`,
    () => `mem.testAndClearBit(${pick(prng, BITS)}, eb + EB_BFLAGS)`,
    () => `mem.atomicIncNotZero(eb + EB_REFS)`,
    () => `mem.atomicSubAndTest(eb + EB_READ_MIRROR, ${prng.nextBelow(3)})`,
    () => `mem.atomicFetchInc(eb + EB_READ_MIRROR) === 0`,
    () => `mem.atomicCmpxchg(eb + EB_READ_MIRROR, 0, 1) === 0`,
    () => `this.extentBufferUnderIo(eb)`,
  ];
  return pick(prng, hasBuffer ? [...ofBuffer, ...ofPage] : ofPage)();
}

/** A statement of one step that changes something. */
export function write(prng: Prng, { hasBuffer }: Scope): string {
  const word = (): string => pick(prng, BUFFER_WORDS);
  const ofPage = [
    () => `mem.setBit(${pick(prng, PAGE_BITS.slice(0, -1))}, page + PAGE_FLAGS);`,
    () => `mem.clearBit(${pick(prng, PAGE_BITS.slice(0, -1))}, page + PAGE_FLAGS);`,
    () => `mem.atomicInc(page + PAGE_REFCOUNT);`,
    () => `mem.atomicDec(page + PAGE_REFCOUNT);`,
    () => `mem.unlockPage(page);`,
    () => `mem.writeOnce(fs + FS_TREE_SLOT, NULL);`,
    () => `this.putPage(page);`,
    () => `mem.writeGhost(page + PAGE_PAYLOAD, ${prng.nextBelow(3)});`,
  ];
  const ofBuffer = [
    () => `mem.setBit(${pick(prng, BITS)}, eb + EB_BFLAGS);`,
    () => `mem.clearBit(${pick(prng, BITS)}, eb + EB_BFLAGS);`,
    () => `mem.testAndClearBit(${pick(prng, BITS)}, eb + EB_BFLAGS);`,
    () => `mem.atomicInc(eb + ${word()});`,
    () => `mem.atomicDec(eb + ${word()});`,
    () => `mem.atomicDecAndTest(eb + ${word()});`,
    () => `mem.atomicSet(eb + ${word()}, ${prng.nextBelow(3)});`,
    () => `mem.writeOnce(eb + EB_READ_MIRROR, ${prng.nextBelow(3)});`,
    () => `mem.atomicCmpxchg(eb + EB_REFS, ${1 + prng.nextBelow(3)}, ${prng.nextBelow(4)});`,
    () => pick(prng, ['mem.callRcuFree(eb);', 'mem.kmemCacheFree(eb);']),
    () => `mem.writeOnce(page + PAGE_PRIVATE, eb);`,
    () => `mem.writeOnce(fs + FS_TREE_SLOT, eb);`,
  ];
  return pick(prng, hasBuffer ? [...ofBuffer, ...ofBuffer, ...ofPage] : ofPage)();
}

/** A lock: what takes it and what gives it back. */
export function lock(prng: Prng, { hasBuffer }: Scope): readonly [string, string] {
  const locks = ['fs + FS_BUFFER_LOCK', 'fs + FS_PRIVATE_LOCK', ...(hasBuffer ? ['eb + EB_REFS_LOCK'] : [])];
  const sem = pick(prng, [
    'fs + FS_OWN',
    'page + PAGE_OWN',
    ...(hasBuffer ? ['eb + EB_OWN', 'eb + EB_OWN'] : []),
  ]);
  const of = pick(prng, locks);
  return pick(prng, [
    [`mem.downRead(${sem});`, `mem.upRead(${sem});`],
    [`mem.downWrite(${sem});`, `mem.upWrite(${sem});`],
    [`mem.downRead(${sem});`, `mem.upRead(${sem});`],
    [`if (!mem.downReadTrylock(${sem})) return;`, `mem.upRead(${sem});`],
    [`if (!mem.downWriteTrylock(${sem})) return;`, `mem.upWrite(${sem});`],
    [`while (!mem.downWriteTrylock(${sem})) mem.cpuRelax();`, `mem.upWrite(${sem});`],
    [`mem.spinLock(${of});`, `mem.spinUnlock(${of});`],
  ]);
}

interface Call {
  readonly text: string;
  readonly rank: number;
  readonly usesBuffer: boolean;
  readonly tag?: Tag;
}

const CALLS: readonly Call[] = [
  { text: 'this.checkBufferTreeRef(eb);', rank: 1, usesBuffer: true },
  { text: 'this.markExtentBufferAccessed(eb, NULL);', rank: 2, usesBuffer: true },
  { text: 'this.findExtentBuffer();', rank: 3, usesBuffer: false },
  { text: 'this.freeExtentBuffer(eb);', rank: 5, usesBuffer: true },
  { text: 'this.freeExtentBufferStale(eb);', rank: 5, usesBuffer: true },
  { text: 'this.tryReleaseExtentBuffer(page);', rank: 6, usesBuffer: false },
  { text: 'this.btrfsReleaseExtentBufferPages(eb);', rank: 2, usesBuffer: true },
  { text: 'this.setIoPages(eb, 1);', rank: 2, usesBuffer: true },
  { text: 'this.unlockPages(1);', rank: 0, usesBuffer: false },
  { text: 'this.lockExtentBufferPages(eb, 0);', rank: 1, usesBuffer: true },
  { text: 'this.markPages(true);', rank: 0, usesBuffer: false },
  { text: 'this.submitReads(eb);', rank: 3, usesBuffer: true },
  { text: 'this._settle(eb, page);', rank: 0, usesBuffer: true },
  { text: 'this._raise(eb, page);', rank: 0, usesBuffer: true },
  { text: 'this._raise(eb, page);', rank: 0, usesBuffer: true },
  { text: 'this._waitForPage(eb, page);', rank: 0, usesBuffer: true },
  { text: 'this._sum(eb, page);', rank: 0, usesBuffer: true },
  { text: 'this._remember(eb, page);', rank: 0, usesBuffer: true, tag: 'array' },
];

/** A call of another method of the model, or of a helper. */
export function call(prng: Prng, { method, hasBuffer, without }: Scope): string {
  const allowed = CALLS.filter(
    ({ rank, usesBuffer, tag }) =>
      rank < method.rank && (hasBuffer || !usesBuffer) && (tag === undefined || !without.has(tag)),
  );
  return allowed.length === 0 ? 'mem.atomicRead(page + PAGE_REFCOUNT);' : pick(prng, allowed).text;
}

/** A statement that changes nothing but what the actor knows, waits, or notes. */
export function odd(prng: Prng, scope: Scope): string {
  return pick(prng, [
    () => `mem.rcuReadLock();`,
    () => `mem.rcuReadUnlock();`,
    () => `this.warnOn(${condition(prng, scope)}, ${pick(prng, ['3', '5', '7'])});`,
    () => `this.bugOn(${condition(prng, scope)}, 2);`,
    () => `this.note(${pick(prng, ['RESCUED', 'RELEASED', 'READ_FAILED', 'TREE_REF_STRIPPED'])});`,
    () => `mem.waitOnPageLocked(page);`,
    () => `mem.waitOnBit(PG_ERROR, page + PAGE_FLAGS);`,
    () => pick(prng, ['mem.trylockPage(page);', 'mem.lockPage(page);']),
    () => pick(prng, [...lock(prng, scope)]),
    () => `${condition(prng, scope)};`,
    () => `${condition(prng, scope)};`,
  ])();
}
