import { describe, expect, it } from 'vitest';
import { scenarios } from '../../../src/catalog/registry.ts';
import { TestWorld, type TestWorldOptions, type WordValue } from '../../helpers/test-world.ts';

type State = Readonly<Record<string, WordValue>>;

const ATTACHED = ['REFERENCED', 'PRIVATE'];
const READING: State = {
  'eb0.io_pages': 2,
  'page0.flags': [...ATTACHED, 'LOCKED'],
  'page1.flags': [...ATTACHED, 'LOCKED'],
};
const SECOND_BUFFER: State = { 'eb1.slab': 1, 'eb1.refs': 1, 'eb1.bflags': ['TREE_REF', 'IN_TREE'] };

interface Case {
  readonly what: string;
  readonly broken: State;
  readonly world?: TestWorldOptions;
  /** What the broken state is compared with. */
  readonly sound?: State;
  readonly isIoDone?: boolean;
}

function verdictOf({ world, isIoDone = false }: Case, state: State = {}): string {
  return new TestWorld(world).set(state).verdict(isIoDone);
}

const cases: Readonly<Record<'Q1' | 'Q2' | 'Q3' | 'Q4' | 'L4', readonly Case[]>> = {
  L4: [
    { what: 'buffer_lock is held', broken: { buffer_lock: 1 } },
    { what: 'private_lock is held', broken: { private_lock: 1 } },
    { what: 'a refs_lock is held', broken: { 'eb0.refs_lock': 1 } },
    {
      what: 'a page lock is held and no read is in flight',
      broken: { 'page1.flags': [...ATTACHED, 'LOCKED'] },
    },
    {
      what: 'a page lock of an empty world is held',
      world: { start: 'cold' },
      broken: { 'page0.flags': ['LOCKED'] },
    },
  ],
  Q4: [
    {
      what: 'a read has given its buffer up, and nobody has made it stale',
      broken: { 'eb0.read_failed': 1 },
      sound: { 'eb0.read_failed': 1, 'eb0.bflags': ['TREE_REF', 'IN_TREE', 'STALE'] },
    },
  ],
  Q1: [
    { what: 'a buffer has a reference too many', broken: { 'eb0.refs': 2 } },
    { what: 'a buffer in the tree has no reference', broken: { 'eb0.refs': 0 } },
    { what: 'a buffer has lost TREE_REF', broken: { 'eb0.bflags': ['IN_TREE'] } },
    { what: 'a buffer in the tree does not know it', broken: { 'eb0.bflags': ['TREE_REF'] } },
    { what: 'a buffer has leaked out of the tree', broken: { 'fs.tree_slot': 'NULL' } },
    { what: 'a second buffer has leaked', broken: SECOND_BUFFER, sound: { ...SECOND_BUFFER, 'eb1.slab': 0 } },
    {
      what: 'the tree names a freed buffer',
      world: { start: 'cold' },
      broken: { 'fs.tree_slot': 'eb0', 'eb0.slab': 2 },
      sound: { 'eb0.slab': 2 },
    },
    { what: 'io_pages is left without a locked page', broken: { 'eb0.io_pages': 1 } },
    { what: 'io_pages has fallen below zero', broken: { 'eb0.io_pages': -1 } },
    {
      what: 'io_pages is less than the locked pages',
      broken: { ...READING, 'eb0.io_pages': 1 },
      sound: READING,
    },
    { what: 'a read is in flight although all are completed', broken: READING, isIoDone: true },
  ],
  Q2: [
    { what: 'a page of a buffer has a reference too many', broken: { 'page0.refcount': 4 } },
    { what: 'a page of a buffer has a reference too few', broken: { 'page1.refcount': 2 } },
    {
      what: 'a page of nobody has a reference too many',
      world: { start: 'cold' },
      broken: { 'page0.refcount': 2 },
    },
    { what: 'a page of a buffer is not private', broken: { 'page1.flags': [] } },
    { what: 'a page of a buffer names another one', broken: { 'page0.private': 'eb1' } },
    {
      what: 'a page is private and no buffer lives',
      world: { start: 'cold' },
      broken: { 'page1.flags': ['PRIVATE'], 'page1.private': 'eb0', 'page1.refcount': 3 },
    },
    { what: 'a buffer has lost the count of its pages', broken: { 'eb0.pages': 1 } },
  ],
  Q3: [
    {
      what: 'a page is up to date with content that nobody verified',
      broken: { 'page0.flags': [...ATTACHED, 'UPTODATE'], 'page0.payload': 1 },
      sound: { 'page0.flags': [...ATTACHED, 'UPTODATE'], 'page0.payload': 2 },
    },
    {
      what: 'a page of nobody is up to date and was never read',
      world: { start: 'cold' },
      broken: { 'page1.flags': ['UPTODATE'] },
      sound: { 'page1.flags': ['UPTODATE'], 'page1.payload': 2 },
    },
    {
      what: 'a buffer is up to date and its second page is not verified',
      broken: { 'eb0.bflags': ['UPTODATE', 'TREE_REF', 'IN_TREE'], 'page0.payload': 2, 'page1.payload': 1 },
      sound: { 'eb0.bflags': ['UPTODATE', 'TREE_REF', 'IN_TREE'], 'page0.payload': 2, 'page1.payload': 2 },
    },
  ],
};

describe.each(Object.entries(cases))('%s', (id, broken) => {
  it.each(broken.map((one) => [one.what, one] as const))(
    'fires where %s, and not otherwise',
    (_what, one) => {
      expect(verdictOf(one, one.broken)).toBe(id);
      expect(
        verdictOf({ ...one, isIoDone: false }, one.sound ?? (one.isIoDone === true ? one.broken : {})),
      ).toBe('none');
    },
  );
});

describe('quiescenceOf', () => {
  it.each(
    // Others have checks of their own: see test/unit/invariant/life-at-rest.test.ts.
    scenarios
      .slice(0, 1)
      .flatMap(({ starts }) =>
        starts.flatMap(({ name }) => [1, 4, 16].map((pages) => ({ start: name, pages }))),
      ),
  )('passes the start state $start with $pages pages', (options) => {
    for (const isIoDone of [false, true]) expect(new TestWorld(options).verdict(isIoDone)).toBe('none');
  });
});
