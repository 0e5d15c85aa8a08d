/** The races of the kernel's history, replayed: the kernel that had each of them, and the one that mended it. */
import { setMaxListeners } from 'node:events';
import { mutatedDefault } from '../catalog/run-defaults.ts';
import { type Generation, generations } from '../catalog/registry.ts';
import type { PlacesAsked } from '../stress/plan/options.ts';
import { placesConfig } from '../stress/plan/places-config.ts';
import { kernelIn } from '../scenario/kernels.ts';
import { controlOf } from '../scenario/promises.ts';
import { isPlugIn } from '../fix/plug-in/load.ts';
import { actorsText } from '../scenario/role-count.ts';
import type { HistoryEntry, Scenario } from '../scenario/scenario.ts';
import { PAGES_DEFAULT } from '../scenario/setting.ts';
import { hardwareOf } from './history-hardware.ts';
import type {
  HistoryHardware,
  HistoryProof,
  HistoryResult,
  HistoryRow,
  HistoryVerdict,
  MatrixCell,
  MatrixRow,
} from './history-result.ts';
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
  const startedAt = performance.now();
  const signal = options.signal ?? new AbortController().signal;
  // Every search listens.
  setMaxListeners(Infinity, signal);
  const all = racesOf(generations);
  const { rows, matrix } = await explored(all, options, signal);
  const shown = options.hardwareMs === undefined ? rows : await played(all, rows, options, signal);
  return {
    schema: 'ebtorture.history/1',
    verdict: verdictOf(shown),
    isInterrupted: signal.aborted,
    config: {
      exploreMs: options.exploreMs,
      hardwareMs: options.hardwareMs ?? null,
      seed: options.seed,
      agrees: options.agrees,
      ...placesConfig(options),
    },
    rows: shown,
    ...(matrix !== undefined && { matrix }),
    elapsedMs: performance.now() - startedAt,
  };
}

/** All searches, on a thread per processor. */
async function explored(
  all: readonly Race[],
  options: HistoryOptions,
  signal: AbortSignal,
): Promise<{ readonly rows: readonly HistoryRow[]; readonly matrix: readonly MatrixRow[] | undefined }> {
  const pool = new SearchPool();
  const names = options.matrix ?? [];
  const tried = names.map((strategy) => all.filter((race) => belongs(strategy, race)).length);
  const total = tried.reduce((sum, count) => sum + count, 2 * all.length);
  let done = 0;
  const inTurn = turns();
  const proofOf = async (strategy: string, { rung }: Race): Promise<HistoryProof> => {
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
      options.onProgress?.({ stage: 'explore', done: ++done, total });
    }
  };
  try {
    const rows = await Promise.all(
      all.map(async (race): Promise<HistoryRow> => {
        const { scenario, generation, entry, rung } = race;
        const [before, after] = await Promise.all([
          proofOf(controlOf(scenario), race),
          proofOf(mutatedDefault(scenario), race),
        ]);
        const actors = actorsText(rung.actors);
        const { start, pages } = rung;
        const named = { scenario: scenario.name, ...kernelIn(scenario), generation: generation.name };
        const row = { ...named, ...entry, start, actors, pages, before, after };
        return { verdict: rowVerdict(row), ...row };
      }),
    );
    if (options.matrix === undefined) return { rows, matrix: undefined };
    const matrix = await Promise.all(
      names.map(async (strategy): Promise<MatrixRow> => {
        const cells = await Promise.all(
          all.map(async (race): Promise<MatrixCell> => {
            if (!belongs(strategy, race)) return null;
            const { verdict, invariants, states, complete } = await proofOf(strategy, race);
            return { verdict, invariants, states, complete };
          }),
        );
        return { strategy, cells };
      }),
    );
    return { rows, matrix };
  } finally {
    await pool.destroy();
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

/** In the place of a search that was interrupted. */
function unfinished(strategy: string): HistoryProof {
  const reason = 'interrupted';
  return { strategy, verdict: 'bounded', invariants: [], witness: null, states: 0, complete: false, reason };
}

/** The rows with what threads show, one race after the other. */
async function played(
  all: readonly Race[],
  rows: readonly HistoryRow[],
  options: HistoryOptions,
  signal: AbortSignal,
): Promise<readonly HistoryRow[]> {
  const shown: HistoryRow[] = [];
  const durationMs = (options.hardwareMs ?? 0) / Math.max(1, all.length);
  for (const [index, row] of rows.entries()) {
    const race = all[index];
    let hardware: HistoryHardware | null = null;
    if (race !== undefined && !signal.aborted) {
      const { scenario } = race;
      hardware = await hardwareOf(scenario, row, {
        durationMs,
        seed: options.seed,
        agrees: options.agrees,
        instances: options.instances,
        placement: options.placement,
        signal,
      });
    }
    shown.push({ ...row, hardware, verdict: rowVerdict({ ...row, hardware }) });
    options.onProgress?.({ stage: 'hardware', done: index + 1, total: rows.length });
  }
  return shown;
}

function verdictOf(rows: readonly HistoryRow[]): HistoryVerdict {
  const verdicts = new Set(rows.map(({ verdict }) => verdict));
  return (
    (['not-as-declared', 'undecided'] as const).find((verdict) => verdicts.has(verdict)) ?? 'as-declared'
  );
}

/** What one race shows. */
export function rowVerdict({ before, after, breaks, hardware }: Omit<HistoryRow, 'verdict'>): HistoryVerdict {
  if (hardware?.verdict === 'broken' || hardware?.verdict === 'disagrees') return 'not-as-declared';
  if (after.verdict === 'violated' || (before.verdict === 'holds' && before.complete))
    return 'not-as-declared';
  if (before.verdict !== 'violated' || after.verdict !== 'holds' || !after.complete) return 'undecided';
  return before.invariants.some((id) => breaks.includes(id)) ? 'as-declared' : 'not-as-declared';
}
