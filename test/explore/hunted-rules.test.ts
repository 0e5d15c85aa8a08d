/** Each rule of the alphabets is worth something: without it, a program violates that no caller of the kernel runs. */
import { describe, expect, it } from 'vitest';
import { alphabetOf } from '../../src/catalog/alphabets.ts';
import type { Alphabet, AlphabetOf } from '../../src/scenario/alphabet.ts';
import { parseHunted } from '../../src/scenario/hunted/hunted-names.ts';
import { type HuntedParts, huntedParts } from '../../src/scenario/hunted/hunted-scenario.ts';
import { searchProgram } from '../../src/study/hunt/search-program.ts';
import { todayAlphabet } from '../../src/subject/extent-buffer/v7.3/alphabet.ts';
import { lifeAlphabet } from '../../src/subject/extent-buffer/life/alphabet.ts';

const LIMITS = { statesMax: 200_000, localStatesMax: 50_000 };

interface FalseAlarm {
  readonly program: string;
  readonly invariant: string;
  readonly strategy: string;
  /** Why there is no such program where the rule is kept; what callers do otherwise is another thing then. */
  readonly objection?: string;
}

/** By rule. */
const OF_2020: Readonly<Record<string, FalseAlarm>> = {
  'handed-out': { program: 'cold@init@readahead', invariant: 'Q6', strategy: 'locked-check' },
  'freed-once': {
    program: 'free~alloc.keep@readahead@hold.delete.init',
    invariant: 'Q6',
    strategy: 'locked-check',
    objection: 'the block is freed more often than it is used',
  },
  'stale-behind-free': {
    program: 'free~init.find.keep@find@hold.stale',
    invariant: 'Q7',
    strategy: 'locked-check',
    objection: "the rules of the kernel allow no program 'hold.stale'",
  },
  'failed-read': { program: 'free~init@find@failed-readahead', invariant: 'Q7', strategy: 'locked-check' },
  'locked-page': { program: 'cold~alloc@readahead@reclaim', invariant: 'B1', strategy: 'upstream' },
  'changed-locked': {
    program: 'free~alloc.keep@init@hold.change',
    invariant: 'B8',
    strategy: 'locked-check',
  },
  'changed-dirty': {
    program: 'cold~alloc.keep@readahead@hold.change',
    invariant: 'Q6',
    strategy: 'locked-check',
  },
  'new-is-dirty': { program: 'free@find@init', invariant: 'Q6', strategy: 'locked-check' },
  'verified-first': {
    program: 'cold~alloc.keep@find@hold.look',
    invariant: 'Q8',
    strategy: 'locked-check',
    objection: "the rules of the kernel allow no program 'hold.look'",
  },
  'lets-go': { program: 'cold~readahead@find@find', invariant: 'Q1', strategy: 'locked-check' },
};

const OF_TODAY: Readonly<Record<string, FalseAlarm>> = {
  'handed-out': { program: 'cold@readahead@init', invariant: 'N10', strategy: 'none' },
  'freed-once': {
    program: 'free~alloc.keep@readahead@hold.delete.init',
    invariant: 'P5',
    strategy: 'none',
    objection: 'the block is freed more often than it is used',
  },
  'changed-locked': { program: 'free~alloc.keep@init@hold.change', invariant: 'N8', strategy: 'none' },
  'changed-dirty': { program: 'cold~alloc.keep@readahead@hold.change', invariant: 'P5', strategy: 'none' },
  'new-is-dirty': { program: 'free@find@init', invariant: 'P5', strategy: 'none' },
  'verified-first': {
    program: 'cold~alloc.keep@find@hold.look',
    invariant: 'P6',
    strategy: 'none',
    objection: "the rules of the kernel allow no program 'hold.look'",
  },
  'lets-go': { program: 'cold@find@alloc', invariant: 'P2', strategy: 'none' },
  'umount-last': {
    program: 'cold~alloc.keep@hold.put@umount@end-io',
    invariant: 'N14',
    strategy: 'none',
    objection: 'an operation comes when those beside it are over',
  },
  'committed-before-umount': { program: 'free~init@umount@end-io', invariant: 'N14', strategy: 'none' },
};

function partsIn(alphabet: Alphabet, program: string): HuntedParts | string {
  const names = parseHunted(`hunt@${alphabet.kernel}@${program}`);
  if (names === undefined) throw new Error(`'${program}' is no program`);
  return huntedParts(alphabet, names);
}

function searched(parts: HuntedParts | string, name: string): ReturnType<typeof searchProgram> {
  if (typeof parts === 'string') throw new Error(parts);
  const strategy = parts.alphabet.subject.strategies.find((each) => each.name === name);
  if (strategy === undefined) throw new Error(`there is no strategy ${name}`);
  return searchProgram(parts, strategy, LIMITS);
}

/* oxlint-disable typescript/no-unsafe-type-assertion -- operations are run with the model of their own alphabet only */
describe.each([
  { kernel: '5.7', of: lifeAlphabet as AlphabetOf, alarms: OF_2020 },
  { kernel: '7.3', of: todayAlphabet('7.3') as unknown as AlphabetOf, alarms: OF_TODAY },
])('the rules of $kernel', ({ kernel, of, alarms }) => {
  it('have a false alarm each that comes without them', () => {
    const rules = alphabetOf(kernel)?.rules.map(({ id }) => id) ?? [];

    expect(Object.keys(alarms).toSorted()).toEqual(rules.toSorted());
  });

  it.each(Object.entries(alarms))('%s', (rule, { program, invariant, strategy, objection }) => {
    const without = of(new Set([rule]));
    const lax = searched(partsIn(without, program), strategy);
    const kept = partsIn(of(), program);

    expect(without.rules.map(({ id }) => id)).not.toContain(rule);
    expect(lax.invariants).toContain(invariant);
    const strict = typeof kept === 'string' ? kept : searched(kept, strategy);
    const said =
      typeof strict === 'string'
        ? strict
        : { isComplete: strict.isComplete, isViolated: strict.invariants.includes(invariant) };
    expect(said).toEqual(objection ?? { isComplete: true, isViolated: false });
  });
});
