import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import { describe, expect, it } from 'vitest';
import { explore, type ExploreOptions, type ExploreResult } from '../../src/explore/explore.ts';
import { type FuzzOptions, findingText, fuzzStrategies, summaryText } from './fuzzer.ts';
import { allOr } from '../helpers/full.ts';
import { generate, ProgramFolder, sourceOf } from './program.ts';
import { loadStrategy, modelOf } from '../../src/fix/plug-in/load.ts';

const SEED = 17;
/** In these a search without reductions has some tens of thousands of states: the unit tests pass them over. */
const LARGE: ReadonlySet<string> = new Set(['readahead=2', 'readahead=2,reclaim=1']);
const SEARCHES: FuzzOptions = {
  seed: SEED,
  count: allOr(120, 60),
  isIn: ({ actors, chances }) => allOr(true, !LARGE.has(actors) && !chances.readsFail),
  without: new Set(),
  threadsEvery: 0,
  searchThreadsEvery: 0,
  playedEvery: allOr(1, 4),
};

describe('the programs', () => {
  it('are the same for the same seed, and others for another', () => {
    const sources = (seed: number): string[] =>
      Array.from({ length: 20 }, (_, number) => sourceOf(generate(seed, number, new Set())));

    expect(sources(1)).toEqual(sources(1));
    expect(sources(1).map(withoutHead)).not.toEqual(sources(2).map(withoutHead));
    expect(new Set(sources(1)).size).toBe(20);
  });

  it('are all plug-ins that can be loaded', async () => {
    const folder = new ProgramFolder();
    try {
      for (let number = 0; number < 10; number++) {
        expect(
          modelOf(await loadStrategy(folder.write(generate(2, number, new Set())), extentBuffer)),
        ).toBeTypeOf('function');
      }
    } finally {
      folder.remove();
    }
  });
});

function withoutHead(source: string): string {
  return source.replace(/^.*\n/, '');
}

/** A search that makes a mistake, on every program on which it can. */
function faulty(changed: (result: ExploreResult, options: ExploreOptions) => ExploreResult): typeof explore {
  return (options) => changed(explore(options), options);
}

describe('a fault planted in the search', () => {
  /** A program of one edit, which breaks two invariants, one of them in random schedules too. */
  const small = { ...SEARCHES, first: 19, count: 1, playedEvery: 1 };
  const isReduced = ({ reductions }: ExploreOptions): boolean => reductions?.partialOrder !== false;

  it.each<readonly [string, RegExp, Parameters<typeof faulty>[0]]>([
    [
      'a violation that the reductions lose',
      /^reduced: .*plain: /,
      (result, options) =>
        isReduced(options) ? { ...result, violations: result.violations.slice(1) } : result,
    ],
    [
      'an outcome that the reductions lose',
      /^reduced: .*plain: /,
      (result, options) => (isReduced(options) ? { ...result, outcomes: result.outcomes.slice(1) } : result),
    ],
    [
      'a violation that every search loses',
      /schedules show \w+, which the search calls impossible$/,
      (result) => ({ ...result, verdict: 'holds', violations: [] }),
    ],
    [
      'a witness of something else',
      /^the witness of deadlock ends as/,
      (result) => ({
        ...result,
        violations: result.violations.map((violation) => ({ ...violation, invariant: 'deadlock' })),
      }),
    ],
    [
      'a violation without a witness',
      /has no witness$/,
      (result) => ({
        ...result,
        violations: result.violations.map((violation) => ({ ...violation, witness: null })),
      }),
    ],
  ])('is found: %s', async (_name, message, changed) => {
    const { findings } = await fuzzStrategies({ ...small, search: faulty(changed) });

    expect(findings.length).toBeGreaterThan(0);
    expect(findings.flatMap(({ shrunkContradictions }) => shrunkContradictions).join('\n')).toMatch(
      new RegExp(message.source, 'm'),
    );
    for (const { program, shrunk } of findings) {
      expect(shrunk.edits.length).toBeLessThanOrEqual(program.edits.length);
    }
  });

  it('is found: one that breaks off', async () => {
    const { findings } = await fuzzStrategies({
      ...small,
      first: 0,
      search: () => {
        throw new TypeError('planted');
      },
    });

    expect(findings).toHaveLength(1);
    expect(findings.map(findingText).join('')).toMatch(
      /^CONTRADICTION: seed 17, program 0 .*\n {2}the reduced search broke: TypeError: planted/,
    );
  });
});

it(`no search contradicts another on ${SEARCHES.count} programs`, async () => {
  const summary = await fuzzStrategies(SEARCHES);

  expect(summary.findings.map(findingText)).toEqual([]);
  expect(summary.skipped).toBeLessThan(SEARCHES.count / 10);
  process.stdout.write(`${summaryText(summary)}\n`);
}, 1_800_000);
