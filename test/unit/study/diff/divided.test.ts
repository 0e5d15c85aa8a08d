/** Results of divided works, and of several orderings: what must never be taken for a difference, nor for none. */
import { describe, expect, it } from 'vitest';
import type { HuntResult } from '../../../../src/study/hunt/hunt-result.ts';
import type { MutateResult } from '../../../../src/study/mutate-result.ts';
import { diffResults } from '../../../../src/study/diff/diff.ts';
import type { DiffResult } from '../../../../src/study/diff/diff-result.ts';
import { hunted, mutated } from '../../report/sample-page.ts';

function diffed<Result extends HuntResult | MutateResult>(a: Result, b: Result): DiffResult {
  const input = (file: string, document: Result): Parameters<typeof diffResults>[0] => ({
    file,
    schema: document.schema,
    document,
  });
  return diffResults(input('a.json', a), input('b.json', b), { margin: 0.1 });
}

const ofShard = (index: number): { readonly shard: { readonly index: number; readonly of: number } } => ({
  shard: { index, of: 2 },
});
const missing = { of: 2, missing: [2], cut: [] };

describe('two hunts', () => {
  it('are refused where they are different shards, which have no program in common', () => {
    const part = (index: number): HuntResult => ({
      ...hunted,
      config: { ...hunted.config, ...ofShard(index) },
    });

    expect(diffed(part(1), part(1)).verdict).toBe('same');
    expect(() => diffed(part(1), part(2))).toThrow('differ in --shard: index 1, of 2 and index 2, of 2');
    expect(() => diffed(hunted, part(2))).toThrow('differ in --shard: - and index 2, of 2');
  });

  it('differ by what one did not find, unless a shard of it is missing', () => {
    const without: HuntResult = { ...hunted, findings: [], verdict: 'complete' };

    expect(diffed(hunted, without).verdict).toBe('different');
    expect(diffed(hunted, { ...without, shards: missing }).verdict).toBe('not-told');
  });
});

describe('two mutations', () => {
  it('are refused where they are different shards, or of different orderings', () => {
    const part = (index: number): MutateResult => ({
      ...mutated,
      config: { ...mutated.config, ...ofShard(index) },
    });
    const ladder = mutated.config.ladder.map((rung) => ({ ...rung, ordering: 'x86' as const }));
    const weak: MutateResult = { ...mutated, config: { ...mutated.config, ladder } };

    expect(() => diffed(part(1), part(2))).toThrow('differ in --shard');
    expect(() => diffed(mutated, weak)).toThrow('differ in ordering: sc and x86');
    expect(diffed(weak, weak).verdict).toBe('same');
  });

  it('differ by a mutant that only one has, unless a shard of the other is missing', () => {
    const fewer: MutateResult = { ...mutated, mutants: mutated.mutants.slice(1) };

    expect(diffed(mutated, fewer).verdict).toBe('different');
    expect(diffed(mutated, { ...fewer, verdict: 'undecided', shards: missing }).verdict).toBe('not-told');
  });
});
