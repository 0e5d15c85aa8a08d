import { describe, expect, it } from 'vitest';
import type { LockCycle, LockNesting } from '../../../src/memory/lock-order.ts';
import { lockOrderLines, lockOrderSentences } from '../../../src/report/lock-order-text.ts';
import { plain } from '../../../src/report/paint.ts';
import { stressClean } from './sample-results.ts';

const nesting = (held: string, taken: string): LockNesting => ({
  actor: 'finder',
  held: { lock: held, operation: 'spin_lock', functions: ['outer'] },
  taken: { lock: taken, operation: 'spin_lock', functions: ['outer', 'inner'] },
});
const circular: LockCycle = { locks: ['a', 'b'], nestings: [nesting('a', 'b'), nesting('b', 'a')] };
const recursive: LockCycle = { locks: ['a'], nestings: [nesting('a', 'a')] };

describe('locks that are taken in a circle', () => {
  it('are shown with their stacks, and are no violation', () => {
    expect(lockOrderLines([circular, recursive], plain)).toEqual([
      'INTERESTING: possible circular locking (a > b > a)',
      '   finder wants b: outer > inner > spin_lock()',
      '      while it holds a: outer > spin_lock()',
      '   finder wants a: outer > inner > spin_lock()',
      '      while it holds b: outer > spin_lock()',
      '',
      'INTERESTING: possible recursive locking (a > a)',
      '   finder wants a: outer > inner > spin_lock()',
      '      while it holds a: outer > spin_lock()',
      '',
      'That is no violation, and the verdict is the same without them: actors that meet',
      'there may deadlock, whether or not any schedule of this setting does.',
      '',
    ]);
  });

  it('are a sentence of a run', () => {
    const [arm, ...rest] = stressClean.arms;
    if (arm === undefined) throw new Error('the sample has no arm');

    expect(lockOrderSentences([{ ...arm, lockOrder: [circular] }, ...rest])).toEqual([
      expect.stringMatching(
        /^INTERESTING for \S+: possible circular locking \(a > b > a\), in .*more trials?.*: finder wants b in inner while it holds a; finder wants a in inner while it holds b\. That is no violation\.$/,
      ),
    ]);
  });

  it('are nothing where there are none', () => {
    expect(lockOrderLines(undefined, plain)).toEqual([]);
    expect(lockOrderSentences(stressClean.arms)).toEqual([]);
  });
});
