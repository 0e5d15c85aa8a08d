import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areDependent } from '../../../src/explore/reduce/dependency.ts';
import { NoteClasses } from '../../../src/explore/program/note-classes.ts';
import { countPaths } from '../../../src/explore/witness/path-count.ts';
import { playRandom } from '../../../src/explore/witness/random-schedules.ts';
import { ALL_REDUCTIONS, NO_CHANCES, Session } from '../../../src/explore/search/session.ts';
import { Kind, type Step, type StepKind } from '../../../src/explore/program/step.ts';
import { VisitedSet } from '../../../src/explore/search/visited-set.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { Note } from '../../../src/subject/extent-buffer/v5.7/note.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { settingFor } from '../../helpers/explore-setting.ts';

describe('VisitedSet', () => {
  it('knows each hash once, zero and growth included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -3, max: 40 }), fc.integer({ min: -3, max: 40 })), {
          maxLength: 400,
        }),
        (pairs) => {
          const set = new VisitedSet(16);
          const known = new Set<string>();
          for (const [low, high] of pairs) {
            const key = low === 0 && high === 0 ? '1 0' : `${low} ${high}`;
            expect(set.add(low, high)).toBe(!known.has(key));
            known.add(key);
          }
          expect(set.size).toBe(known.size);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('NoteClasses', () => {
  it('joins notes that no further note tells apart', () => {
    const seen = Note.Found | Note.Rescued | Note.TreeRefStripped | Note.ReadStarted;
    const classes = new NoteClasses(seen, readaheadVsReleasepage.classify);

    expect(classes.canonical(Note.Found)).toBe(0);
    expect(classes.canonical(Note.Rescued | Note.ReadStarted)).toBe(Note.Rescued);
    expect(classes.canonical(Note.TreeRefStripped)).toBe(Note.TreeRefStripped);
    expect(classes.canonical(Note.ReadStarted)).toBe(Note.ReadStarted);
  });
});

describe('areDependent', () => {
  const step = (kind: StepKind, address = 80, operand = 0): Step => ({
    kind,
    address,
    operand,
    replacement: 0,
  });

  it.each<[string, Step, Step, boolean]>([
    ['reads of one word', step(Kind.AtomicRead), step(Kind.ReadOnce), false],
    ['a read and a store', step(Kind.AtomicRead), step(Kind.AtomicSet, 80, 1), true],
    ['stores of one value', step(Kind.WriteOnce, 80, 1), step(Kind.WriteOnce, 80, 1), false],
    ['stores of two values', step(Kind.WriteOnce, 80, 1), step(Kind.WriteOnce, 80, 2), true],
    ['increments without a result', step(Kind.AtomicInc), step(Kind.AtomicDec), false],
    ['an increment and one with a result', step(Kind.AtomicInc), step(Kind.AtomicFetchInc), true],
    ['two bits of one word', step(Kind.SetBit, 81, 1), step(Kind.TestAndClearBit, 81, 2), false],
    ['one bit, twice the same way', step(Kind.SetBit, 81, 1), step(Kind.SetBit, 81, 1), false],
    ['one bit, both ways', step(Kind.SetBit, 81, 1), step(Kind.ClearBit, 81, 1), true],
    ['a bit and the poison of its word', step(Kind.TestBit, 81, 1), step(Kind.CallRcuFree, 80), true],
    ['two words', step(Kind.AtomicSet, 82, 1), step(Kind.AtomicRead, 83), false],
    ['a page lock and another bit', step(Kind.TrylockPage, 64), step(Kind.TestBit, 64, 13), false],
    ['two page locks', step(Kind.TrylockPage, 64), step(Kind.UnlockPage, 64), true],
    ['sections of RCU', step(Kind.RcuReadLock, 0), step(Kind.RcuReadUnlock, 0), false],
    ['a section of RCU and an allocation', step(Kind.RcuReadUnlock, 0), step(Kind.KmemCacheZalloc, 16), true],
    ['a relaxing actor and a store', step(Kind.CpuRelax, 0), step(Kind.AtomicInc, 80), true],
    ['a relaxing actor and a spin lock', step(Kind.CpuRelax, 0), step(Kind.SpinLock, 83), false],
  ])('%s', (_what, one, other, expected) => {
    expect(areDependent(one, other)).toBe(expected);
    expect(areDependent(other, one)).toBe(expected);
  });
});

describe('random schedules', () => {
  const session = (): Session =>
    new Session({
      setting: settingFor('primed', 'finder=1,reclaim=1'),
      strategy: none,
      reductions: ALL_REDUCTIONS,
      chances: NO_CHANCES,
    });

  it('of a uniform walk violate as often as the exact count says', () => {
    const schedules = 20_000;
    const counted = countPaths(session(), 10_000);
    if (typeof counted === 'string') throw new Error(counted);

    const found = playRandom(session(), { scheduler: { kind: 'uniform' }, schedules, seed: 1 });

    // 67 expected; the seed is fixed, five standard deviations would be 41 either way.
    const expected = counted.violationProbability * schedules;
    expect(Math.abs((found.violations.get(1) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it('of PCT find the race at least as often as promised, and are the same for the same seed', () => {
    const options = { scheduler: { kind: 'pct', depth: 3 }, schedules: 5000, seed: 7 } as const;

    const found = playRandom(session(), options);

    expect((found.violations.get(1) ?? 0) / 5000).toBeGreaterThan(found.detectionProbability ?? 1);
    expect(playRandom(session(), options)).toEqual(found);
  });
});
