import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompareResult } from '../../src/stress/result/result.ts';
import { decide, type DecideOptions } from '../../src/study/decide.ts';
import { runOptions } from '../helpers/run-options.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`strategies/${name}.mjs`, import.meta.url));

const options: DecideOptions = runOptions({
  strategies: ['none', 'upstream'],
  budget: { kind: 'trials', count: 1_000 },
  start: 'primed',
  actors: [
    { role: 'finder', count: 1 },
    { role: 'reclaim', count: 1 },
  ],
  proves: true,
  measuresCost: true,
});

describe('proofs and costs', () => {
  let result: CompareResult | undefined;
  beforeAll(async () => {
    const own = [fixture('works'), fixture('finds-nothing')];
    result = await decide({ ...options, strategies: ['none', 'upstream', ...own] });
  });

  it('are joined to every arm: what explore says of its setting, and what its operations cost', () => {
    const { arms = [], decision, contradictions } = result ?? {};

    expect(arms.map(({ strategy, proof }) => [strategy, proof?.verdict, proof?.invariants])).toEqual([
      ['none', 'violated', ['B1']],
      ['upstream', 'holds', []],
      ['works', 'holds', []],
      ['finds-nothing', 'vacuous', []],
    ]);
    expect(arms[0]?.proof?.witness).toMatch(/^eb1:readahead-vs-releasepage:primed:none:/);
    // The plug-in is upstream's fix: it takes the same steps.
    const [upstream, works] = [arms[1]?.cost?.readahead, arms[2]?.cost?.readahead];
    expect({ ...works, ns: 0 }).toEqual({ ...upstream, ns: 0 });
    expect(decision?.map(({ safety }) => safety)).toEqual(['proved', 'proved', 'vacuous', 'unsafe']);
    expect(contradictions).toBeUndefined();
  });

  it('neither pass nor prove a fix with which an actor never does anything', () => {
    const { arms = [], verdict, decision } = result ?? {};
    const operations = ['find_extent_buffer', 'read_extent_buffer_pages', 'free_extent_buffer'];

    expect(arms[3]).toMatchObject({
      strategy: 'finds-nothing',
      proof: { verdict: 'vacuous', complete: true },
      coverage: { idle: operations.map((operation) => ({ actor: 'finder', operation })) },
    });
    expect(arms[3]?.verdict).toBe('inconclusive');
    expect(verdict).toBe('inconclusive');
    // It costs least, and yet neither of the proved ones, which cost the same, is said to be worse.
    expect(decision?.slice(2).map(({ arm, dominatedBy }) => [arm, dominatedBy])).toEqual([
      [3, null],
      [0, null],
    ]);
    expect(decision?.map(({ dominatedBy }) => dominatedBy)).not.toContain(3);
  });
});

it('says nothing of a fix that no actor came to', async () => {
  const { arms, verdict } = await decide({
    ...options,
    strategies: ['none', fixture('elsewhere')],
    measuresCost: false,
  });

  expect(arms.map(({ coverage }) => coverage?.own ?? null)).toEqual([null, { taken: 0, reachable: 0 }]);
  expect(arms[0]?.coverage?.evaluated).toEqual(expect.arrayContaining(['B1', 'B3', 'Q1', 'Q2', 'Q3']));
  expect(arms[0]?.coverage?.taken).toBeGreaterThan(30);
  expect(arms[1]?.verdict).not.toBe('clean');
  expect(verdict).not.toBe('as-declared');
});

it('says at once which control cannot violate, and another one serves', async () => {
  const said: string[] = [];
  const { arms } = await decide({
    ...options,
    strategies: ['none', fixture('puts-twice')],
    budget: { kind: 'trials', count: 64 },
    actors: [
      { role: 'finder', count: 1 },
      { role: 'end-io', count: 1 },
    ],
    measuresCost: false,
    onNotice: (sentence) => said.push(sentence),
  });

  expect(said).toEqual([expect.stringMatching(/^none cannot violate from primed with finder=1,end-io=1/)]);
  expect(arms.map(({ cannotViolate }) => cannotViolate)).toEqual([true, undefined]);
  expect(arms[0]?.violations.total).toBe(0);
  expect(arms[1]?.verdict).toBe('violated');
});

it('asks for neither unless told to', async () => {
  const result = await decide({ ...options, proves: false, measuresCost: false });

  expect(result.arms.some((arm) => 'proof' in arm || 'cost' in arm || 'coverage' in arm)).toBe(false);
  expect('decision' in result).toBe(false);
});

it('does not pass a fix that explore refutes, whatever the hardware shows', async () => {
  const { arms, verdict } = await decide({
    ...options,
    strategies: ['none', fixture('half-fix')],
    budget: { kind: 'trials', count: 64 },
    measuresCost: false,
  });

  expect(arms[1]).toMatchObject({
    strategy: 'half-fix',
    expectation: 'holds',
    proof: { verdict: 'violated' },
  });
  expect(verdict).toBe('not-as-declared');
});

it('does not judge what is something else on hardware than in a search', async () => {
  // Every read after the first 500 leaks a reference: a search makes fewer than 100, threads many more.
  await expect(
    decide({
      ...options,
      strategies: ['none', fixture('wears-out')],
      budget: { kind: 'trials', count: 100_000 },
      measuresCost: false,
    }),
  ).rejects.toMatchObject({
    code: 'ERR_STRATEGY_IMPURE',
    message: expect.stringMatching(/wears-out\.mjs does not do the same when its steps return the same/),
  });
});
