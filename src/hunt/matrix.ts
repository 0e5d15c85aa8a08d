/** Which strategies close which findings. */
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
  { pool, kernel, strategies, limits, signal }: MatrixParts,
): Promise<readonly HuntMatrixRow[]> {
  const programs = findings.map(({ program }) => program);
  const rows = await Promise.all(
    strategies.map(async (strategy): Promise<readonly HuntMatrixRow[]> => {
      try {
        const found = await pool.search(
          { kind: 'search', kernel, strategy, against: undefined, programs, limits },
          signal,
        );
        return [{ strategy, cells: findings.map((finding, index) => cellOf(finding, found[index])) }];
      } catch (error) {
        if (!signal.aborted) throw error;
        return [];
      }
    }),
  );
  return rows.flat();
}

function cellOf({ invariant }: Finding, search: ProgramSearch | undefined): HuntMatrixRow['cells'][number] {
  if (search === undefined) return 'bounded';
  if (search.invariants.includes(invariant)) return 'open';
  if (!search.isComplete) return 'bounded';
  return search.invariants.length > 0 ? 'other' : 'closed';
}
