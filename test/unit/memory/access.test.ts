import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isChangeOf } from '../../../src/fix/mutation/mutation-change.ts';
import { type Access, accessesThat, accessKinds } from '../../../src/memory/access.ts';
import { POISON } from '../../../src/memory/layout.ts';
import {
  type AccessCase,
  atomics,
  atomicsOnX86,
  byCode,
  byMachine,
  byMemory,
  byTable,
  checked,
  counting,
  type Engine,
  isReady,
  mutating,
  pastPoison,
  recording,
  tracing,
} from '../../helpers/access-engines.ts';
import { allOr } from '../../helpers/full.ts';

const RUNS = 40;
/** Of an engine: each case costs some a compilation, or a search. */
const RUNS_OF_ENGINE = allOr(RUNS, 15);

const words = fc
  .oneof(fc.integer({ min: -2, max: 8 }), fc.integer({ min: -(2 ** 31), max: 2 ** 29 }))
  .filter((word) => word !== POISON);

/** Cases of an access that needs not wait. */
function casesOf(access: Access): fc.Arbitrary<AccessCase> {
  const { operands } = accessKinds[access];
  const none = fc.constant(0);
  const bits = fc.integer({ min: 0, max: 31 });
  const operand = { none, bit: bits, value: words, exchange: words }[operands];
  const replacement = operands === 'exchange' ? words : none;
  return (
    fc
      .record({ access: fc.constant(access), found: words, operand, replacement })
      // Half of the time what is there is what is expected.
      .chain((one) =>
        fc.constantFrom(one.found, one.operand).map((found) => Object.assign({}, one, { found })),
      )
      .filter(isReady)
  );
}

/** The first case in which an engine does something else than the table says; undefined if there is none. */
function contradiction(engine: Engine, access: Access, numRuns = RUNS_OF_ENGINE): AccessCase | undefined {
  const { counterexample } = fc.check(
    fc.property(casesOf(access), (one) => {
      const [is, said] = [engine(one), byTable(one)];
      return is.result === said.result && is.left === said.left;
    }),
    { seed: 1, numRuns },
  );
  return counterexample?.[0];
}

const OF_WORD = accessesThat(({ target }) => target === 'word' || target === 'rwsem');
const OF_FLAGS = accessesThat(
  ({ target }) => target === 'word' || target === 'rwsem' || target === 'page-lock',
);

const ENGINES: Readonly<Record<string, Engine>> = {
  AtomicsMemory: byMemory(atomics),
  'AtomicsMemory whose stores wait': byMemory(atomicsOnX86),
  'compiled code whose stores wait': byCode(() => undefined, false, 'x86'),
  'a checked memory': byMemory(checked),
  'a recording memory': byMemory(recording),
  'a counting memory': byMemory(counting),
  'a tracing memory': byMemory(tracing),
  'compiled code': byCode(() => undefined),
  'compiled code that knows what the word holds': byCode((found) => found),
  'compiled code that is wrong about it': byCode((found) => found ^ 1),
  'the machine of the explore engine': byMachine,
};

describe('the comparison of an engine with the table', () => {
  const planted: Engine = (one) => {
    const { result, left } = byTable(one);
    return { result, left: one.access === 'atomicDec' && one.found === 0 ? 0 : left };
  };

  it('finds a planted difference, and none in its repaired twin', () => {
    expect(contradiction(planted, 'atomicDec', RUNS)).toMatchObject({ access: 'atomicDec', found: 0 });
    expect(contradiction(byTable, 'atomicDec', RUNS)).toBeUndefined();
  });
});

describe.each(Object.entries(ENGINES))('%s', (_name, engine) => {
  it.each(OF_FLAGS)('does with a word what the table says of %s', (access) => {
    expect(contradiction(engine, access)).toBeUndefined();
  });
});

describe('a mutant without a race', () => {
  it.each(OF_FLAGS.filter((access) => isChangeOf('split', access)))(
    'does the same with %s in two steps',
    (access) => {
      expect(contradiction(byMemory(mutating(access, 'split')), access)).toBeUndefined();
    },
  );
});

describe.each([
  ['the memory', pastPoison('sc')],
  ['the memory whose stores wait', pastPoison('x86')],
  ['compiled code', byCode(() => undefined, true)],
  ['compiled code whose stores wait', byCode(() => undefined, true, 'x86')],
  ['compiled code that knows what the word held', byCode((found) => found, true)],
])('inside of a read section, to %s a buffer that waits for RCU', (_name, engine) => {
  it.each(OF_WORD.filter((access) => !accessKinds[access].maySleep))('is as it was for %s', (access) => {
    expect(contradiction(engine, access)).toBeUndefined();
  });
});

describe('a spin lock', () => {
  it.each(Object.entries(ENGINES))('is held by the first actor behind spin_lock: %s', (_name, engine) => {
    const free = { access: 'spinLock', found: 0, operand: 0, replacement: 0 } as const;

    expect(engine(free)).toEqual({ result: 0, left: 1 });
  });
});
