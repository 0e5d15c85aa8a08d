import { limited } from './limit-signal.ts';
import type { Rung } from './mutate-ladder.ts';
import type { MutantProof } from './mutate-result.ts';
import type { MutantTrial } from './mutate-worker.ts';
import type { SearchPool } from './search-pool.ts';

/** A search that looks at no clock, since it begins again and again, is ended after so many times its limit. */
const PATIENCE = 1.5;

/** A mutant and where it is to be tried. */
export interface JudgeTask {
  /** Its name. */
  readonly mutant: string;
  readonly ladder: readonly Rung[];
  /** The settings that reach the changed step, cheapest first: indices into `ladder`. */
  readonly rungs: readonly number[];
  /** Limit of one search. */
  readonly exploreMs: number;
  /** Ends it; the promise rejects. */
  readonly signal: AbortSignal;
}

/** Tries a mutant in one setting after the other until one kills it. */
export async function judgeMutant(
  pool: Pick<SearchPool, 'trial'>,
  { mutant, ladder, rungs, exploreMs, signal }: JudgeTask,
): Promise<MutantProof> {
  const held: number[] = [];
  let states = 0;
  const vacuousIn: number[] = [];
  let reason: string | null = null;
  let isBounded = false;
  for (const index of rungs) {
    const rung = ladder[index];
    if (rung === undefined) continue;
    const found = await tryOnce(pool, { mutant, rung, exploreMs, signal });
    states += found.states;
    if (found.verdict === 'violated') {
      const { invariants, witness } = found;
      return { verdict: 'killed', invariants, rung: index, held, witness, states, reason: null };
    }
    if (found.verdict === 'holds') {
      held.push(index);
      continue;
    }
    const why = `setting ${index + 1}: ${found.reason ?? 'the search was not complete'}`;
    if (found.verdict === 'vacuous') vacuousIn.push(index);
    // What was not searched to its end says less than what shows nothing.
    reason = found.verdict === 'bounded' && !isBounded ? why : (reason ?? why);
    isBounded ||= found.verdict === 'bounded';
  }
  // It has survived where it was put to the test; what shows nothing counts neither way.
  const verdict = isBounded ? 'bounded' : held.length > 0 ? 'equivalent' : 'vacuous';
  return {
    verdict,
    invariants: [],
    rung: null,
    held,
    ...(vacuousIn.length > 0 && { vacuousIn }),
    witness: null,
    states,
    reason: verdict === 'equivalent' ? null : reason,
  };
}

async function tryOnce(
  pool: Pick<SearchPool, 'trial'>,
  { signal, ...task }: Pick<JudgeTask, 'mutant' | 'exploreMs' | 'signal'> & { readonly rung: Rung },
): Promise<MutantTrial> {
  const limitMs = task.exploreMs * PATIENCE;
  const limit = limited(signal, limitMs);
  try {
    return await pool.trial(task, limit.signal);
  } catch (error) {
    if (signal.aborted || !limit.isOver()) throw error;
    const reason = `the search did not end within ${limitMs / 1000} s`;
    return { verdict: 'bounded', invariants: [], witness: null, states: 0, complete: false, reason };
  } finally {
    limit.done();
  }
}
