import { describe, expect, it } from 'vitest';
import { MergeError } from '../../../../src/study/merge/merge-error.ts';
import { requireSameWork } from '../../../../src/study/merge/same-work.ts';
import { blocksOf, runPart, type RunPartOptions } from '../../../helpers/run-parts.ts';

const arms = [blocksOf(10, [[1]]), blocksOf(10, [[0]])] as const;
const first = runPart({ named: 'a.jsonl', shard: { index: 1, of: 2 }, arms });
const second = runPart({ named: 'b.jsonl', shard: { index: 2, of: 2 }, arms });

function refusal(...parts: Parameters<typeof requireSameWork>[0]): string | undefined {
  try {
    requireSameWork(parts);
    return undefined;
  } catch (error) {
    if (error instanceof MergeError) return error.message;
    throw error;
  }
}

describe('requireSameWork', () => {
  it('lets shards of one work in, on whatever machine, and runs with seeds of their own', () => {
    expect(refusal(first, second)).toBeUndefined();
    expect(
      refusal(
        first,
        runPart({
          shard: { index: 2, of: 2 },
          machine: { host: 'other', cpuCount: 64 },
          config: { memoryBytes: 1 },
          arms,
        }),
      ),
    ).toBeUndefined();
    expect(refusal(runPart({ seed: 1, arms }), runPart({ seed: 2, arms }))).toBeUndefined();
    expect(refusal(runPart({ arms }), runPart({ machine: { host: 'other' }, arms }))).toBeUndefined();
  });

  it.each<[string, Partial<RunPartOptions>, string]>([
    ['pages', { config: { pages: 8 } }, 'config.pages is 4 there, and 8 here'],
    [
      'delays',
      { config: { delays: { 'find:ref': 200 } } },
      'config.delays.find:ref is not given there, and 200 here',
    ],
    ['length', { config: { durationMs: 5 } }, 'config.durationMs is 10000 there, and 5 here'],
    ['seed', { seed: 8 }, 'config.seed is 7 there, and 8 here'],
    ['commit', { machine: { commit: 'feed' } }, 'program.commit is "abcdef012345" there, and "feed" here'],
    ['version', { machine: { version: '9' } }, 'program.version is "0.1.0" there, and "9" here'],
    ['shards', { shard: { index: 2, of: 4 } }, 'config.shards is 2 there, and 4 here'],
  ])('refuses another %s, and says what it is in both', (_, change, difference) => {
    const other = runPart({ named: 'b.jsonl', shard: { index: 2, of: 2 }, arms, ...change });

    expect(refusal(first, other)).toBe(`b.jsonl is of other work than a.jsonl: ${difference}`);
  });

  it('refuses another command, and a part beside a whole', () => {
    const stress = { ...second, header: { ...second.header, command: 'stress' as const } };

    expect(refusal(first, stress)).toContain('command is "compare" there, and "stress" here');
    expect(refusal(first, runPart({ named: 'c.jsonl', arms }))).toContain(
      'config.shards is 2 there, and not given here',
    );
  });

  it('refuses the same shard twice, and the same run, whatever the files are called', () => {
    const elsewhere = {
      ...first,
      named: 'c.jsonl',
      header: { ...first.header, machine: { ...first.header.machine, host: 'other' } },
    };

    expect(refusal(first, second, { ...first, named: 'c.jsonl' })).toBe(
      'a.jsonl and c.jsonl are the same: shard 1/2 of seed 7',
    );
    expect(refusal(first, elsewhere)).toBe('a.jsonl and c.jsonl are the same: shard 1/2 of seed 7');
    expect(refusal(runPart({ named: 'a', arms }), runPart({ named: 'b', arms }))).toBe(
      'a and b are the same: a run of seed 7 on machine',
    );
  });

  it('refuses nothing', () => {
    expect(refusal()).toBe('there is nothing to merge');
  });
});
