import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/stats/prng.ts';
import type { TracedStep } from '../../../../src/stress/compiled/trace.ts';
import { resultsTo, type TraceNode, TraceTree } from '../../../../src/stress/compiled/trace-tree.ts';

const read = (address: number): TracedStep => ({
  action: 'atomicRead',
  address,
  operand: 0,
  replacement: 0,
});
const steps = [read(1), read(2), read(3)];
const held = [undefined, undefined, undefined];

function sizeOf(node: TraceNode | undefined): number {
  if (node === undefined) return 0;
  return [...node.next.values()].reduce((size, next) => size + sizeOf(next), 1);
}

describe('a tree of traces', () => {
  it('branches where steps gave something else, and counts', () => {
    const tree = new TraceTree();
    tree.add({ steps, results: [5, 6, 7], held }, 1, 100);
    tree.add({ steps, results: [5, 8, 7], held }, 2, 100);
    tree.add({ steps, results: [5, 6, 7], held }, 1, 200);
    expect(tree.isSound).toBe(true);
    expect(sizeOf(tree.root)).toBe(6);
    const second = tree.root?.next.get(5);
    expect([second?.count, second?.isSure]).toEqual([3, true]);
    const rare = second?.next.get(8);
    expect([rare?.count, rare?.isSure]).toEqual([1, false]);
    expect(rare === undefined ? [] : resultsTo(rare, 9)).toEqual([5, 8, 9]);
    expect(second?.next.get(6)?.next.get(7)).toMatchObject({ step: undefined, notes: 1 });
  });

  it('keeps what the word of a step held in most trials', () => {
    const tree = new TraceTree();
    for (const first of [3, 4, 4, undefined, 3, 4]) {
      tree.add({ steps, results: [0, 0, 0], held: [first, undefined, 9] }, 0, 100);
    }
    const second = tree.root?.next.get(0);
    expect([tree.root?.usual, second?.usual, second?.next.get(0)?.usual]).toEqual([4, undefined, 9]);
  });

  it.each([
    ['another step', [read(1), read(4), read(3)], 1],
    ['an end', [read(1)], 1],
    ['other notes', steps, 2],
  ])('is unsound once the same results have led to %s', (_, others, notes) => {
    const tree = new TraceTree();
    tree.add({ steps, results: [5, 6, 7], held }, 1, 100);
    tree.add({ steps: others, results: [5, 6, 7], held }, notes, 100);
    expect(tree.isSound).toBe(false);
  });

  it('is bounded, and goes on counting what it has, also on another thread', () => {
    const prng = new Prng(1);
    const first = new TraceTree();
    const grow = (tree: TraceTree): void => {
      for (let trace = 0; trace < 10_000; trace++) {
        const results = steps.map(() => prng.nextBelow(1_000));
        tree.add({ steps, results, held }, 0, trace);
      }
    };
    grow(first);
    const second = new TraceTree(structuredClone(first.root));
    grow(second);
    expect(sizeOf(second.root)).toBe(8_000);
    expect(second.root?.count).toBe(20_000);
  });
});
