/** The races of the kernel's history, replayed: the kernel that had each of them, and the one that mended it. */
import { setMaxListeners } from 'node:events';
import { describeStrategy } from '../catalog/describe-strategy.ts';
import { mutatedDefault } from '../catalog/run-defaults.ts';
import { type Generation, generations } from '../catalog/registry.ts';
import { describeMachine } from '../stress/host/environment.ts';
import type { PlacesAsked } from '../stress/plan/options.ts';
import { placesConfig } from '../stress/plan/places-config.ts';
import { kernelIn } from '../scenario/kernels.ts';
import { controlOf } from '../scenario/promises.ts';
import { isPlugIn } from '../fix/plug-in/load.ts';
import { actorsText } from '../scenario/role-count.ts';
import type { HistoryEntry, Scenario } from '../scenario/scenario.ts';
import { PAGES_DEFAULT } from '../scenario/setting.ts';
import { hardwareOf } from './history-hardware.ts';
import {
  cellOf,
  type HistoryAsked,
  HistoryLog,
  historyOf,
  type HistoryRecord,
  isOfHistory,
  unfinished,
} from './history-of.ts';
import type { HistoryProof, HistoryResult } from './history-result.ts';
import type { Journal } from './journal/journal.ts';
import type { Rung } from './mutate-ladder.ts';
import { performSafely } from './in-thread.ts';
import { SearchPool } from './search-pool.ts';

/** Limit of one search in ms, unless told otherwise. */
export const HISTORY_EXPLORE_MS = 30_000;

/** What `history` takes. */
export interface HistoryOptions extends PlacesAsked {
  readonly exploreMs: number;
  /** How long all runs on threads take together; undefined without them. */
  readonly hardwareMs?: number | undefined;
  readonly seed: number;
  /** Whether everything that threads show is looked for in explore. */
  readonly agrees: boolean;
  /** Strategies that are tried in every race, or undefined for no matrix: names, or paths of plug-ins. */
  readonly matrix?: readonly string[] | undefined;
  /** Where it puts down what it finds, and what it goes on from. @default nowhere */
  readonly journal?: Journal | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HistoryProgress) => void) | undefined;
}

/** How far it has come. */
export interface HistoryProgress {
  readonly stage: 'explore' | 'hardware';
  readonly done: number;
  readonly total: number;
}

/** A race, and what it replays. */
export interface Race {
  readonly generation: Generation;
  readonly scenario: Scenario;
  readonly entry: HistoryEntry;
  readonly rung: Rung;
}

/** The races that are shown, of all generations, oldest first. */
export function racesOf(all: readonly Generation[]): readonly Race[] {
  return all
    .flatMap((generation) => generation.scenarios.map((scenario) => ({ generation, scenario })))
    .flatMap(({ generation, scenario }) => {
      const [start] = scenario.starts;
      if (scenario.history === undefined || start === undefined) return [];
      const { readsFail = false, trylocksFail = false, setupsFail = false } = scenario.chances ?? {};
      const rung: Rung = {
        scenario: scenario.name,
        start: start.name,
        actors: start.actors,
        pages: scenario.pages ?? PAGES_DEFAULT,
        readsFail,
        trylocksFail,
        setupsFail,
      };
      return [{ generation, scenario, entry: scenario.history, rung }];
    })
    .toSorted((one, other) => one.entry.year - other.entry.year);
}

/** Whether a strategy is one for the kernels of a race. */
export function belongs(strategy: string, { generation, scenario }: Race): boolean {
  if (isPlugIn(strategy)) return generation.takesPlugIns;
  return scenario.subject.strategies.some(({ name }) => name === strategy);
}

/** Replays all of them. */
export async function history(options: HistoryOptions): Promise<HistoryResult> {
  const signal = options.signal ?? new AbortController().signal;
  // Every search listens.
  setMaxListeners(Infinity, signal);
  const all = racesOf(generations);
  await requireStrategies(options.matrix ?? [], all);
  const asked = askedOf(all, options);
  const run = new HistoryRun({ options, signal, all, asked });
  await run.begin();
  await run.explore();
  if (options.hardwareMs !== undefined) await run.play();
  return historyOf(asked, run.log, { isInterrupted: signal.aborted });
}

/** A user's code is loaded before anything is put down. */
async function requireStrategies(names: readonly string[], all: readonly Race[]): Promise<void> {
  for (const name of names.filter(isPlugIn)) {
    const race = all.find((each) => belongs(name, each));
    if (race !== undefined) await describeStrategy(name, race.scenario);
  }
}

function askedOf(all: readonly Race[], options: HistoryOptions): HistoryAsked {
  return {
    config: {
      exploreMs: options.exploreMs,
      hardwareMs: options.hardwareMs ?? null,
      seed: options.seed,
      agrees: options.agrees,
      ...placesConfig(options),
    },
    races: all.map(({ scenario, generation, entry, rung }) => ({
      scenario: scenario.name,
      ...kernelIn(scenario),
      generation: generation.name,
      ...entry,
      start: rung.start,
      actors: actorsText(rung.actors),
      pages: rung.pages,
      strategies: { before: controlOf(scenario), after: mutatedDefault(scenario) },
    })),
    matrix:
      options.matrix?.map((strategy) => ({
        strategy,
        races: all.flatMap((race, index) => (belongs(strategy, race) ? [index] : [])),
      })) ?? null,
  };
}

/** What a history is run with. */
interface HistoryParts {
  readonly options: HistoryOptions;
  readonly signal: AbortSignal;
  readonly all: readonly Race[];
  readonly asked: HistoryAsked;
}

/** The searches, a thread per processor, and then the races on threads; each of it is put down as it ends. */
class HistoryRun {
  readonly log: HistoryLog;
  readonly #parts: HistoryParts;
  readonly #startedAt = performance.now();
  #elapsedBefore = 0;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.log = new HistoryLog(parts.asked);
  }

  /** Says what is to be done, and takes up what was found of that before. */
  async begin(): Promise<void> {
    const { options, asked } = this.#parts;
    const { journal } = options;
    if (journal === undefined) return;
    const begun = await journal.begin({ command: 'history', machine: await describeMachine(), ...asked });
    for await (const record of begun.records) {
      if (isOfHistory(record)) this.log.add(record);
    }
    this.#elapsedBefore = this.log.elapsedMs;
  }

  /** All searches that are left. */
  async explore(): Promise<void> {
    const { all, asked, options, signal } = this.#parts;
    const { races, matrix } = asked;
    const pool = new SearchPool();
    const inTurn = turns();
    const total = (matrix ?? []).reduce((sum, { races: tried }) => sum + tried.length, 2 * races.length);
    let done = 0;
    const progress = (): void => options.onProgress?.({ stage: 'explore', done: ++done, total });
    const proofOf = async (strategy: string, race: number): Promise<HistoryProof> => {
      const rung = all[race]?.rung;
      if (rung === undefined) return unfinished(strategy);
      try {
        // A user's code runs where somebody looks after it.
        const found = isPlugIn(strategy)
          ? await inTurn(async () => searchedSafely(strategy, rung, options))
          : await pool.trial({ mutant: strategy, rung, exploreMs: options.exploreMs }, signal);
        return { strategy, ...found };
      } catch (error) {
        if (!signal.aborted) throw error;
        return unfinished(strategy);
      } finally {
        progress();
      }
    };
    const searched = async (race: number): Promise<void> => {
      const strategies = races[race]?.strategies;
      if (strategies === undefined || this.log.proofs.has(race)) return;
      const [before, after] = await Promise.all([
        proofOf(strategies.before, race),
        proofOf(strategies.after, race),
      ]);
      this.#put({ kind: 'race', race, before, after, elapsedMs: this.#elapsedMs });
    };
    const tried = async (strategy: string, race: number): Promise<void> => {
      if (this.log.cell(strategy, race) !== undefined) return;
      const cell = cellOf(await proofOf(strategy, race));
      this.#put({ kind: 'cell', race, strategy, cell, elapsedMs: this.#elapsedMs });
    };
    try {
      await Promise.all([...races.keys()].map(searched));
      await Promise.all(
        (matrix ?? []).flatMap(({ strategy, races: own }) => own.map(async (race) => tried(strategy, race))),
      );
    } finally {
      await pool.destroy();
    }
  }

  /** What threads show, one race after the other. */
  async play(): Promise<void> {
    const { all, asked, options, signal } = this.#parts;
    const { seed, agrees, instances, placement } = options;
    const durationMs = (options.hardwareMs ?? 0) / Math.max(1, all.length);
    const { rows } = historyOf(asked, this.log, { isInterrupted: false });
    for (const [race, row] of rows.entries()) {
      const scenario = all[race]?.scenario;
      if (scenario !== undefined && !signal.aborted && !this.log.played.has(race)) {
        const how = { durationMs, seed, agrees, instances, placement, signal };
        const hardware = await hardwareOf(scenario, row, how);
        this.#put({ kind: 'played', race, hardware, elapsedMs: this.#elapsedMs });
      }
      options.onProgress?.({ stage: 'hardware', done: race + 1, total: rows.length });
    }
  }

  /** What was cut short is told, and not put down: whoever goes on does it once more. */
  #put(record: HistoryRecord): void {
    const { options, signal } = this.#parts;
    this.log.add(record);
    if (!signal.aborted) options.journal?.add(record);
  }

  /** Over all parts of it. */
  get #elapsedMs(): number {
    return this.#elapsedBefore + performance.now() - this.#startedAt;
  }
}

/** Does one thing after the other, each in a thread of its own. */
function turns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const before = last;
    const mine = before.catch(() => {}).then(work);
    last = mine;
    return mine;
  };
}

async function searchedSafely(
  strategy: string,
  { readsFail, trylocksFail = false, setupsFail = false, ...setting }: Rung,
  { exploreMs, signal }: HistoryOptions,
): Promise<Omit<HistoryProof, 'strategy'>> {
  const found = await performSafely(
    {
      kind: 'explore',
      ...setting,
      strategy,
      chances: { readsFail, trylocksFail, setupsFail },
      limits: { timeMaxMs: exploreMs, countStatesMax: 0, witnessStatesMax: 0 },
    },
    { signal },
  );
  const { verdict, states, complete, violations } = found;
  return {
    verdict,
    states,
    complete,
    invariants: violations.map(({ invariant }) => invariant),
    witness: null,
    reason: null,
  };
}
