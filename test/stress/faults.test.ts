/** What a strategy may do wrong whatever race it is about, on real threads: by the model at first, and in compiled trials. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runCompare } from '../../src/stress/run/run.ts';
import { allOr } from '../helpers/full.ts';
import { runOptions } from '../helpers/run-options.ts';

// How long it takes is a matter of how much of the processors the actors get.
vi.setConfig({ testTimeout: 300_000 });

/** More than the model plays before code is made of its traces. */
const TRIALS = 20_000;
const small = runOptions({
  worlds: 128,
  stride: 16,
  budget: { kind: 'trials', count: TRIALS },
});
const api = new URL('../../dist/catalog/strategy-api.js', import.meta.url).href;

/** What each does besides the fix, and the invariant that it breaks; undefined: none. */
const faults: Readonly<Record<string, readonly [invariant: string | undefined, method: string]>> = {
  'unlocks-what-it-does-not-hold': [
    'L1',
    'releaseExtentBuffer(eb) { this.mem.spinUnlock(this.fsInfo + S.FS_PRIVATE_LOCK); return super.releaseExtentBuffer(eb); }',
  ],
  'leaves-a-section-twice': [
    'L2',
    'freeExtentBuffer(eb) { this.mem.rcuReadUnlock(); super.freeExtentBuffer(eb); }',
  ],
  'never-leaves-a-section': [
    'L2',
    'freeExtentBuffer(eb) { super.freeExtentBuffer(eb); this.mem.rcuReadLock(); }',
  ],
  'sleeps-in-a-section': [
    'L3',
    'btreeReleasepage(page) { const r = super.btreeReleasepage(page); this.mem.unlockPage(page); this.mem.rcuReadLock(); this.mem.lockPage(page); this.mem.rcuReadUnlock(); return r; }',
  ],
  'sleeps-under-a-lock': [
    'L3',
    'btreeReleasepage(page) { const r = super.btreeReleasepage(page); this.mem.unlockPage(page); this.mem.spinLock(this.fsInfo + S.FS_OWN); this.mem.lockPage(page); this.mem.spinUnlock(this.fsInfo + S.FS_OWN); return r; }',
  ],
  'keeps-a-lock': [
    'L4',
    'btreeReleasepage(page) { const r = super.btreeReleasepage(page); this.mem.spinLock(this.fsInfo + S.FS_PRIVATE_LOCK); return r; }',
  ],
  'touches-padding': [
    'WILD',
    'freeExtentBuffer(eb) { this.mem.atomicInc(eb + S.OBJECT_GRACE); super.freeExtentBuffer(eb); }',
  ],
  'follows-null': ['WILD', 'freeExtentBuffer(eb) { this.mem.writeOnce(1, 7); super.freeExtentBuffer(eb); }'],
  'looks-behind-the-put': [
    'UAF',
    'freeExtentBuffer(eb) { super.freeExtentBuffer(eb); this.mem.readOnce(eb + S.EB_READ_MIRROR); }',
  ],
  'stores-behind-the-put': [
    'UAF',
    'freeExtentBuffer(eb) { super.freeExtentBuffer(eb); this.mem.writeOnce(eb + S.EB_READ_MIRROR, 1); }',
  ],
  'has-a-check-of-its-own': [
    'check 77',
    'freeExtentBuffer(eb) { super.freeExtentBuffer(eb); this.violated(77); }',
  ],
  'keeps-to-the-rules': [
    undefined,
    `findExtentBuffer() {
      const { mem } = this;
      mem.rcuReadLock();
      mem.rcuReadLock();
      const eb = this.readPointer(this.fsInfo + S.FS_TREE_SLOT);
      mem.rcuReadUnlock();
      if (eb !== S.NULL) {
        mem.testBit(0, eb + S.EB_BFLAGS);
        mem.spinLock(eb + S.EB_REFS_LOCK);
        mem.atomicRead(eb + S.EB_REFS);
        mem.spinUnlock(eb + S.EB_REFS_LOCK);
      }
      mem.rcuReadUnlock();
      mem.atomicInc(this.fsInfo + S.FS_OWN);
      mem.atomicDec(this.fsInfo + S.FS_OWN);
      return super.findExtentBuffer();
    }`,
  ],
};

/** Second examples of an invariant, which take the same path from access to count: left to the project `full`. */
const SECOND: ReadonlySet<string> = new Set([
  'never-leaves-a-section',
  'sleeps-under-a-lock',
  'follows-null',
  'stores-behind-the-put',
]);
const planted = Object.entries(faults).filter(([name]) => allOr(true, !SECOND.has(name)));

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebtorture-faults-'));
  for (const [name, [, method]] of planted) {
    const fix = 'setIoPages(eb, n) { super.setIoPages(eb, n); this.checkBufferTreeRef(eb); }';
    writeFileSync(
      join(folder, `${name}.mjs`),
      `import * as S from ${JSON.stringify(api)};\nexport default (Base) => class extends Base {\n${fix}\n${method}\n};\n`,
    );
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('each is counted as what it is, and what keeps to the rules as nothing', async () => {
  const { arms } = await runCompare({
    ...small,
    strategies: planted.map(([name]) => join(folder, `${name}.mjs`)),
  });
  const broken = arms.map(({ strategy, violations }) => [
    strategy,
    Object.entries(violations.byInvariant).flatMap(([id, count]) => (count > 0 ? [id] : [])),
  ]);

  expect(broken).toEqual(
    planted.map(([name, [invariant]]) => [name, invariant === undefined ? [] : [invariant]]),
  );
  expect(arms.every(({ trials }) => trials === TRIALS)).toBe(true);
});

it('an object that nobody has allocated is as gone as one that was freed, in every trial', async () => {
  const path = join(folder, 'knows-an-address.mjs');
  const look = 'this.mem.atomicRead(this.fsInfo + 48 + 16 * this.geometry.pages + S.EB_REFS)';
  writeFileSync(
    path,
    `import * as S from ${JSON.stringify(api)};
     export default (Base) => class extends Base { findExtentBuffer() { ${look}; return super.findExtentBuffer(); } };\n`,
  );
  const { arms } = await runCompare({
    ...small,
    start: 'cold',
    strategies: [path],
    actors: [
      { role: 'readahead', count: 1 },
      { role: 'reclaim', count: 1 },
    ],
  });

  expect(arms[0]?.violations).toMatchObject({ total: TRIALS, byInvariant: { UAF: TRIALS } });
});
