/** Which strategies close which findings. */
import { isPlugIn } from '../../fix/plug-in/load.ts';
import { NO_CHANCES } from '../../explore/search/session.ts';
import { scenarioNamed } from '../../catalog/registry.ts';
import { performSafely } from '../in-thread.ts';
import type { HuntPool } from './hunt-pool.ts';
import type { Finding, HuntMatrixRow } from './hunt-result.ts';
import type { ProgramLimits, ProgramSearch } from './search-program.ts';

/** What it is made with. */
interface MatrixParts {
  readonly pool: HuntPool;
  readonly kernel: string;
  readonly strategies: readonly string[];
  readonly limits: ProgramLimits;
  readonly signal: AbortSignal;
}

/** Searches the program of every finding under every strategy; rows that were not done when somebody ended it are left out. */
export async function matrixOf(
  findings: readonly Finding[],
  parts: MatrixParts,
): Promise<readonly HuntMatrixRow[]> {
  const { strategies, signal } = parts;
  const own = await Promise.all(
    strategies
      .filter((strategy) => !isPlugIn(strategy))
      .map(async (strategy) => rowOf(findings, strategy, parts)),
  );
  // A user's code runs where somebody looks after it, and one at a time.
  const given: HuntMatrixRow[] = [];
  for (const strategy of strategies.filter((each) => isPlugIn(each)))
    if (!signal.aborted) given.push(await rowOfPlugIn(findings, strategy, parts));
  return [...own.flat(), ...given];
}

async function rowOf(
  findings: readonly Finding[],
  strategy: string,
  { pool, kernel, limits, signal }: MatrixParts,
): Promise<readonly HuntMatrixRow[]> {
  const programs = findings.map(({ program }) => program);
  try {
    const task = { kind: 'search', kernel, strategy, against: null, programs, limits } as const;
    const found = await pool.search(task, signal);
    return [{ strategy, cells: findings.map((finding, index) => cellOf(finding, found[index])) }];
  } catch (error) {
    if (!signal.aborted) throw error;
    return [];
  }
}

async function rowOfPlugIn(
  findings: readonly Finding[],
  strategy: string,
  { limits: { statesMax, localStatesMax }, signal }: MatrixParts,
): Promise<HuntMatrixRow> {
  const cells: HuntMatrixRow['cells'][number][] = [];
  const limits = { statesMax, localStatesMax, countStatesMax: 0, witnessStatesMax: 0 };
  for (const finding of findings) {
    const { program } = finding;
    const [start] = scenarioNamed(program).starts;
    const { violations, complete } = await performSafely(
      {
        kind: 'explore',
        scenario: program,
        start: start?.name ?? '',
        actors: start?.actors ?? [],
        pages: scenarioNamed(program).pages ?? 1,
        strategy,
        chances: NO_CHANCES,
        limits,
      },
      { signal },
    );
    cells.push(
      cellOf(finding, { invariants: violations.map(({ invariant }) => invariant), isComplete: complete }),
    );
  }
  return { strategy, cells };
}

function cellOf(
  { invariant }: Finding,
  search: Pick<ProgramSearch, 'invariants' | 'isComplete'> | undefined,
): HuntMatrixRow['cells'][number] {
  if (search === undefined) return 'bounded';
  if (search.invariants.includes(invariant)) return 'open';
  if (!search.isComplete) return 'bounded';
  return search.invariants.length > 0 ? 'other' : 'closed';
}
