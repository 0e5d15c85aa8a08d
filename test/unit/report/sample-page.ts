/** Results of every kind, as a page shows them: counts by hand, schedules that the explore engine gives. */
import { playedFor } from '../../../src/cli/replays.ts';
import type { ExploreDocument } from '../../../src/api/search.ts';
import { explore } from '../../../src/explore/explore.ts';
import { jsonDocument } from '../../../src/report/json-document.ts';
import { htmlPage } from '../../../src/report/page/page.ts';
import { replaysWanted } from '../../../src/report/page/replays.ts';
import { plain } from '../../../src/report/paint.ts';
import { type Rendered, rendered } from '../../../src/report/saved/rendered.ts';
import { parseSaved, type Schema } from '../../../src/report/saved/saved-result.ts';
import type { Rate } from '../../../src/stress/result/rate.ts';
import type { CompareResult } from '../../../src/stress/result/result.ts';
import type { BlockResult } from '../../../src/stress/plan/block-result.ts';
import type { HistoryResult } from '../../../src/study/history-result.ts';
import type { HuntResult } from '../../../src/study/hunt/hunt-result.ts';
import type { MutantResult, MutateResult } from '../../../src/study/mutate-result.ts';
import { none as noneStrategy } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { upstream as upstreamStrategy } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../../helpers/explore-setting.ts';
import { placed } from './sample-classes.ts';
import { cpusMeasured } from './sample-cpus.ts';
import { decided } from './sample-decisions.ts';
import { explained } from './sample-explanations.ts';
import { asDeclared, environment } from './sample-results.ts';
import { windowOfNone, windowOfUpstream, windowPlaced } from './sample-window.ts';

export function renderedOf(result: object, file = 'run.json'): Rendered {
  return rendered(file, parseSaved(jsonDocument(result)), plain);
}

/** The same of what no schema lets in: the page does not rely on that. */
export function renderedUnchecked(document: object & { readonly schema: Schema }): Rendered {
  return rendered('run.json', { schema: document.schema, document }, plain);
}

/** The page of results. */
export async function pageOf(...results: readonly object[]): Promise<string> {
  return pageOfRendered(results.map((result, index) => renderedOf(result, `run-${index}.json`)));
}

/** The same of what is rendered. */
export async function pageOfRendered(results: readonly Rendered[]): Promise<string> {
  return htmlPage(results, await playedFor(replaysWanted(results)));
}

/** Blocks whose rates, round trips and starts differ. */
export function withBlocks(result: CompareResult): CompareResult {
  const arms = result.arms.map((arm, index) => {
    const blockResults = Array.from({ length: 6 }, (_, at): BlockResult => {
      const rejected = at === 0 ? 'warm-up' : null;
      const seen = { violations: at === 3 ? 0 : 10 ** at, roundTripNs: at === 4 ? null : 100 + 80 * at };
      return {
        order: 4 * at + index,
        round: at,
        start: at >> 1,
        seed: at,
        seconds: 0.2,
        trials: 1e6,
        host: null,
        rejected,
        ...seen,
      };
    });
    return { ...arm, blockResults };
  });
  const rates = arms.map(({ rate }): Rate => ({ ...rate, blocks: 3 }));
  const placements = [
    { roundTripNs: 108, blocks: 12, rates },
    { roundTripNs: 472, blocks: 12, rates: [null, ...rates.slice(1)] },
  ];
  return { ...result, arms, placements };
}

const setting = settingFor('primed', 'finder=1,reclaim=1', 1);

/** A search that finds the race. */
export const exploredNone: ExploreDocument = {
  schema: 'ebtorture.explore/1',
  ...explore({ setting, strategy: noneStrategy }),
};
/** A search that proves the fix. */
export const exploredUpstream: ExploreDocument = {
  schema: 'ebtorture.explore/1',
  ...explore({ setting, strategy: upstreamStrategy }),
};

const rung = {
  scenario: 'readahead-vs-releasepage',
  start: 'primed',
  actors: [
    { role: 'finder', count: 1 },
    { role: 'reclaim', count: 1 },
  ],
  pages: 1,
  readsFail: false,
};

function mutant(change: string, explored: Partial<NonNullable<MutantResult['explore']>>): MutantResult {
  const id = `set_io_pages/atomic_set.eb.io_pages/${change}`;
  return {
    id,
    function: 'set_io_pages',
    step: 'atomic_set(eb.io_pages)',
    change,
    explore: {
      verdict: 'equivalent',
      invariants: [],
      rung: null,
      held: [0],
      witness: null,
      states: 408,
      reason: null,
      ...explored,
    },
    stress: null,
  };
}

/** A step that matters where it is dropped, and does not where it comes later. */
export const mutated: MutateResult = {
  schema: 'ebtorture.mutate/1',
  environment,
  config: { strategy: 'upstream', isModel: false, ladder: [rung], stressMs: 0, exploreMs: 20_000, seed: 7 },
  strategy: 'upstream',
  verdict: 'complete',
  baseline: [{ rung, verdict: 'holds', states: 440 }],
  mutants: [
    mutant('drop', {
      verdict: 'killed',
      invariants: ['L4'],
      rung: 0,
      held: [],
      witness: {
        invariant: 'L4',
        schedule:
          'eb1:readahead-vs-releasepage:primed:upstream~set_io_pages/atomic_set.eb.io_pages/drop:finder=1,reclaim=1:p1:a25b',
        steps: 26,
        preemptions: 0,
      },
    }),
    mutant('later', {}),
  ],
  fixed: [],
  score: { killedByExplore: 1, killedByStress: 0, share: null },
  elapsedMs: 900,
  isInterrupted: false,
};

/** One race of 2012. */
export const historyOfOne: HistoryResult = {
  schema: 'ebtorture.history/1',
  verdict: 'as-declared',
  isInterrupted: false,
  config: { exploreMs: 30_000, hardwareMs: null, seed: 7, agrees: false },
  rows: [
    {
      verdict: 'as-declared',
      scenario: 'dying-buffer',
      generation: 'v5.7',
      year: 2012,
      commit: '115391d23152',
      title: "only use the existing eb if it's count isn't 0",
      symptom: 'a reference of a buffer that has none left',
      breaks: ['UAF', 'B1'],
      start: 'stale',
      actors: 'holder=1,recycler=1',
      pages: 1,
      before: {
        strategy: 'plain-get',
        verdict: 'violated',
        invariants: ['B1', 'B2', 'UAF', 'Q6'],
        witness: {
          invariant: 'UAF',
          schedule: 'eb1:dying-buffer:stale:plain-get:holder=1,recycler=1:p1:a13b17a20b',
          steps: 51,
          preemptions: 1,
        },
        states: 1169,
        complete: true,
        reason: null,
      },
      after: {
        strategy: 'none',
        verdict: 'holds',
        invariants: [],
        witness: null,
        states: 1120,
        complete: true,
        reason: null,
      },
    },
  ],
  elapsedMs: 800,
};

const [violation] = exploredNone.violations;
const witness = violation?.witness ?? null;

/** A race that was found. */
export const hunted: HuntResult = {
  schema: 'ebtorture.hunt/1',
  verdict: 'found',
  isInterrupted: false,
  config: {
    kernel: '7.3',
    strategy: 'none',
    against: null,
    only: null,
    size: 2,
    seed: null,
    statesMax: 200_000,
  },
  startStates: 12,
  sizes: [{ size: 2, total: 40, programs: 40, violated: 1, bounded: 0, vacuous: 3, states: 4_000 }],
  findings: [
    {
      key: 'B1 a b',
      invariant: 'B1',
      title: 'released under IO',
      origin: 'BUG_ON(extent_buffer_under_io(eb))',
      pair: ['set_io_pages > atomic_set(eb.io_pages)', 'free_extent_buffer > atomic_dec_and_test(eb.refs)'],
      program: 'read | release',
      operations: 2,
      actors: ['read', 'release'],
      witness,
      stalls: [
        { actor: 'read', before: 'set_io_pages > atomic_set(eb.io_pages)', steps: 9, isInSpinLock: false },
      ],
      rules: [],
      programs: 1,
    },
  ],
  repeated: 0,
  known: 0,
  rules: [],
  elapsedMs: 700,
};

/** One of each kind, and two runs. */
export const pageResults: readonly object[] = [
  withBlocks(asDeclared),
  { ...decided, config: { ...decided.config, seed: 99 } },
  exploredNone,
  exploredUpstream,
  windowOfNone,
  windowOfUpstream,
  explained,
  mutated,
  historyOfOne,
  hunted,
  placed,
  windowPlaced,
  cpusMeasured,
];
