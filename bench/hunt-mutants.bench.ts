/**
 * Does `hunt` find what nobody planned? Mutants of the kernels of 2020 and of today are drawn at random, with a seed, over the steps that
 * the operations of their alphabets take. One that any scenario of its generation notices, by `mutate` of its mend in all its settings, is
 * put aside: somebody planned for it. The others are hunted for, with what the kernel itself violates left out. What is not found is
 * equivalent as far as it was searched: in all programs of that size, and in the settings of the scenarios that come to the step.
 */
import { setMaxListeners } from 'node:events';
import { hunt, SearchPool } from './built.ts';
import { alphabetOf } from '../src/catalog/alphabets.ts';
import { describeStrategy } from '../src/catalog/describe-strategy.ts';
import { generations } from '../src/catalog/registry.ts';
import { mutatedDefault } from '../src/catalog/run-defaults.ts';
import { StrategyError } from '../src/fix/plug-in/load.ts';
import { allSteps, mutationsOf } from '../src/fix/mutation/mutations-of.ts';
import { formatMutation } from '../src/fix/mutation/mutation.ts';
import { recordingSteps, StepLog } from '../src/fix/mutation/step-recorder.ts';
import { elapsed, grouped } from '../src/report/number.ts';
import { plain } from '../src/report/paint.ts';
import { textTable } from '../src/report/text-table.ts';
import { Programs } from '../src/scenario/hunted/programs.ts';
import type { Scenario } from '../src/scenario/scenario.ts';
import { Prng } from '../src/stats/prng.ts';
import { HUNT_DEFAULTS } from '../src/study/hunt/hunt-result.ts';
import { ProgramSearcher } from '../src/study/hunt/search-program.ts';
import { judgeMutant } from '../src/study/mutate-judge.ts';
import { ladderOf, type Rung } from '../src/study/mutate-ladder.ts';

const COUNT = Number(process.env['BENCH_MUTANTS'] ?? 5);
const SEED = Number(process.env['BENCH_SEED'] ?? 1);
const MINUTES = Number(process.env['BENCH_HUNT_MINUTES'] ?? 10);
const GENERATION_OF: ReadonlyMap<string, string> = new Map([
  ['5.7', 'v5.7'],
  ['7.3', 'v7.3'],
]);
const CONTROL = 'none';
/** Of the smallest programs so many are searched to see which steps there are: every how manieth. */
const SAMPLED = 97;
const LIMITS = { statesMax: 20_000, localStatesMax: 50_000 };
/** A search of a scenario's setting takes less. */
const EXPLORE_MS = Number(process.env['BENCH_EXPLORE_S'] ?? 600) * 1_000;

/** A mutant that was drawn. */
export interface DrawnMutant {
  readonly kernel: string;
  /** As `mutate` names it, without the strategy. */
  readonly mutation: string;
}

/** What the scenarios of its generation say of a mutant. */
export type Planned =
  | { readonly by: 'killed'; readonly scenario: string; readonly invariant: string }
  /** None notices it: in how many settings that come to its step all schedules hold, and why a search of another one was not whole. */
  | { readonly by: 'nobody'; readonly equivalentIn: number; readonly bounded: readonly string[] };

/** Of one mutant. */
export interface HuntedMutant extends DrawnMutant {
  readonly planned: Planned;
  /** Null where a scenario notices it, so that it was not hunted for. */
  readonly hunted: {
    /** An invariant that it violates and the kernel does not, and where; null if none was found. */
    readonly found: { readonly invariant: string; readonly program: string } | null;
    /** Whether every program of two operations was searched. */
    readonly isWhole: boolean;
    readonly programs: number;
    readonly elapsedMs: number;
  } | null;
}

/** The mutations of all steps that small programs of a kernel take, in the order of their names. */
export function mutationsIn(kernel: string): readonly string[] {
  const alphabet = alphabetOf(kernel);
  const strategy = alphabet?.subject.strategies.find(({ name }) => name === CONTROL);
  if (alphabet === undefined || strategy === undefined) throw new RangeError(`unknown kernel '${kernel}'`);
  const log = new StepLog();
  const table = new Programs({ alphabet }).ofSize(2);
  for (let index = 0; index < table.length; index += SAMPLED)
    new ProgramSearcher(recordingSteps(strategy, log), LIMITS).search(table.at(index));
  const names = mutationsOf(allSteps(log.steps)).map((mutation) => formatMutation(mutation));
  return [...new Set(names)].toSorted();
}

/** Draws mutants until so many are nobody's, and hunts for each of those. */
export async function huntMutantsSuite(
  onRow: (row: HuntedMutant) => void = () => {},
): Promise<readonly HuntedMutant[]> {
  const all = [...GENERATION_OF.keys()].flatMap((kernel) =>
    mutationsIn(kernel).map((mutation) => ({ kernel, mutation })),
  );
  const random = new Prng(SEED);
  const scenarios = new Scenarios();
  const rows: HuntedMutant[] = [];
  try {
    while (rows.filter(({ hunted }) => hunted !== null).length < COUNT && all.length > 0) {
      const [drawn] = all.splice(random.nextBelow(all.length), 1);
      if (drawn === undefined) break;
      const planned = await scenarios.judge(drawn);
      const row = { ...drawn, planned, hunted: planned.by === 'killed' ? null : await huntedFor(drawn) };
      rows.push(row);
      onRow(row);
    }
  } finally {
    await scenarios.end();
  }
  return rows;
}

/** What the scenarios notice. */
class Scenarios {
  readonly #pool = new SearchPool();
  readonly #signal = endless();
  /** By scenario: the settings in which its mend holds. */
  readonly #holding = new Map<Scenario, Promise<readonly number[]>>();

  async judge({ kernel, mutation }: DrawnMutant): Promise<Planned> {
    const name = GENERATION_OF.get(kernel);
    const { scenarios = [] } = generations.find((generation) => generation.name === name) ?? {};
    let equivalentIn = 0;
    const bounded: string[] = [];
    for (const scenario of scenarios) {
      const { rungs: ladder } = ladderOf(scenario);
      const mutant = `${mutatedDefault(scenario)}~${mutation}`;
      if (!(await hasStep(mutant, scenario))) continue;
      const rungs = await this.#holdingIn(scenario, ladder);
      const task = { mutant, ladder, rungs, exploreMs: EXPLORE_MS, signal: this.#signal };
      const { verdict, invariants, held, reason } = await judgeMutant(this.#pool, task);
      if (verdict === 'killed')
        return { by: 'killed', scenario: scenario.name, invariant: invariants[0] ?? '' };
      equivalentIn += held.length;
      if (verdict === 'bounded') bounded.push(`${scenario.name}, ${reason ?? ''}`);
    }
    return { by: 'nobody', equivalentIn, bounded };
  }

  #holdingIn(scenario: Scenario, ladder: readonly Rung[]): Promise<readonly number[]> {
    const known = this.#holding.get(scenario) ?? this.#findHolding(scenario, ladder);
    this.#holding.set(scenario, known);
    return known;
  }

  async #findHolding(scenario: Scenario, ladder: readonly Rung[]): Promise<readonly number[]> {
    const verdicts = await Promise.all(
      ladder.map((rung) =>
        this.#pool.trial({ mutant: mutatedDefault(scenario), rung, exploreMs: EXPLORE_MS }, this.#signal),
      ),
    );
    return verdicts.flatMap(({ verdict }, index) => (verdict === 'holds' ? [index] : []));
  }

  async end(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** Whether what is mutated is there at all: a subject need not have all structures of its generation. */
async function hasStep(mutant: string, scenario: Scenario): Promise<boolean> {
  try {
    await describeStrategy(mutant, scenario);
    return true;
  } catch (error) {
    if (error instanceof StrategyError) return false;
    throw error;
  }
}

/** A signal that nobody gives, and that many wait for. */
function endless(): AbortSignal {
  const { signal } = new AbortController();
  setMaxListeners(Infinity, signal);
  return signal;
}

async function huntedFor({ kernel, mutation }: DrawnMutant): Promise<NonNullable<HuntedMutant['hunted']>> {
  const { statesMax } = HUNT_DEFAULTS;
  const strategy = `${CONTROL}~${mutation}`;
  const result = await hunt({
    config: { kernel, strategy, against: CONTROL, only: null, size: 2, seed: null, statesMax },
    timeMs: MINUTES * 60_000,
    isEnd: () => true,
  });
  const [finding] = result.findings;
  return {
    found: finding === undefined ? null : { invariant: finding.invariant, program: finding.program },
    isWhole: result.verdict === 'complete',
    programs: result.sizes.reduce((sum, counts) => sum + counts.programs, 0),
    elapsedMs: result.elapsedMs,
  };
}

/** As a table. */
export function formatHuntMutants(rows: readonly HuntedMutant[]): string {
  const hunted = rows.filter((row) => row.hunted !== null);
  const found = hunted.filter((row) => row.hunted?.found !== null).length;
  return [
    `Mutants drawn with seed ${SEED}: ${rows.length - hunted.length} are noticed by a scenario, of the ${hunted.length} others hunt finds ` +
      `${found} in programs of two operations, ${MINUTES} min each at most`,
    ...textTable(
      {
        columns: [
          { header: 'step', align: 'left' },
          { header: 'scenarios', align: 'left' },
          { header: 'hunt', align: 'left' },
          { header: 'programs', align: 'right' },
          { header: 'time', align: 'right' },
        ],
        rows: rows.map((row) => ({
          kind: 'cells',
          label: row.kernel,
          cells: [
            row.mutation,
            plannedText(row.planned),
            row.hunted === null
              ? '-'
              : (row.hunted.found?.invariant ?? (row.hunted.isWhole ? 'equivalent' : 'not yet')),
            row.hunted === null ? '-' : grouped(row.hunted.programs),
            row.hunted === null ? '-' : elapsed(row.hunted.elapsedMs),
          ],
        })),
      },
      plain,
    ),
  ].join('\n');
}

/** What the scenarios say of it, in words. */
export function plannedText(planned: Planned): string {
  if (planned.by === 'killed') return `${planned.invariant} in ${planned.scenario}`;
  const { equivalentIn, bounded } = planned;
  const notWhole = bounded.map((why) => `; not whole: ${why}`).join('');
  return `${equivalentIn === 0 ? 'none comes to it' : `equivalent in ${equivalentIn} settings`}${notWhole}`;
}
