import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { dropLateAnswers, endPool } from '../../fix/plug-in/live-threads.ts';
import { MODULE_EXTENSION, THREAD_EXEC_ARGV } from '../../fix/plug-in/threads.ts';
import { SearchBoard, sharedBoard } from '../../memory/search-board.ts';
import { SHARED_STATES_MAX, SharedStates, sharedTables } from '../../memory/shared-states.ts';
import { namesOfSetting } from '../../catalog/named-setting.ts';
import { POLL_EVERY } from './depth-first.ts';
import type { EndedBy, SearchBegun, SearchFound, SearchLimits } from './search.ts';
import { type SearchPlan, type SearchShare, type SearchTask, StopReason } from './search-protocol.ts';
import { reliesOnFutures, type Session } from './session.ts';
import type { FrozenTables } from '../program/tables.ts';

/** How a search is spread. */
export interface ThreadOptions {
  readonly threads: number;
  /** Ends the search; what was found until then is its result. */
  readonly signal?: AbortSignal | undefined;
  /** The worker thread's entry. @default search-worker */
  readonly worker?: URL | undefined;
}

/** Also what the calling thread has done of it. */
interface BegunOptions extends ThreadOptions {
  readonly begun: SearchBegun;
}

/** A thread of a search ended as it should not: it threw, exited, or ran out of memory. */
export class SearchThreadError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'SearchThreadError';
  }
}

/** A worker's heap: states and jobs are outside of it. */
const HEAP_MB = 256;
/** Milliseconds between two looks at the clock. */
const CLOCK_EVERY_MS = 20;
/** More attempts than any search needs: each follows on something new in finite automata. */
const ATTEMPTS_MAX = 1000;

const ENDED_BY: ReadonlyMap<number, EndedBy> = new Map([
  [StopReason.Steps, 'steps'],
  [StopReason.States, 'states'],
  [StopReason.Time, 'time'],
  [StopReason.Memory, 'memory'],
  [StopReason.Interrupt, 'interrupt'],
]);

/**
 * The rest of a search on several threads: each goes depth first through states that none has seen, and leaves branches for
 * those that have run out of work. The threads have no model, only a picture of the automata; where that does not know
 * what comes of a step, they ask the main thread. A complete search visits every state once and takes every step once,
 * whoever does so, so that its counts are those of one thread.
 *
 * @throws {SearchThreadError} If a thread ends before the search does.
 */
export async function searchOnThreads(
  session: Session,
  limits: SearchLimits,
  clock: () => number,
  options: BegunOptions,
): Promise<SearchFound> {
  const startedAt = clock();
  const pool = new Piscina<SearchTask, SearchShare>({
    filename: (options.worker ?? new URL(`./search-worker.${MODULE_EXTENSION}`, import.meta.url)).href,
    minThreads: options.threads,
    maxThreads: options.threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: Infinity,
    atomics: 'disabled',
    recordTiming: false,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    execArgv: [...THREAD_EXEC_ARGV],
  });
  dropLateAnswers(pool);
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      // What is void is begun again, from nothing.
      const begun = attempt === 0 ? options.begun : undefined;
      const plan = planOf(session, limits, options.threads, begun);
      const isOver = (): boolean => clock() - startedAt >= limits.timeMaxMs;
      const board = new SearchBoard(plan.board, options.threads);
      if (begun !== undefined) handOver(begun, plan, board);
      const shares = await run({ pool, plan, board, session, isOver, signal: options.signal });
      const reason = board.stopReason;
      if (reason !== StopReason.Void && (board.voidStates === 0 || reason !== 0))
        return foundBy(shares, plan, begun?.found);
      session.restarts++;
      session.rehearse(isOver);
    }
  } finally {
    await endPool(pool);
  }
  throw new Error(`the automata did not settle within ${ATTEMPTS_MAX} searches`);
}

function planOf(
  session: Session,
  limits: SearchLimits,
  threads: number,
  begun: SearchBegun | undefined,
): SearchPlan {
  const { setting, reductions, futures } = session;
  const statesMax = Math.min(limits.statesMax, SHARED_STATES_MAX);
  futures.upToDate();
  return {
    ...session.frozenMachine(),
    ...namesOfSetting(setting),
    symmetry: reductions.symmetry,
    futures: futures.tables,
    partialOrder: reductions.partialOrder,
    threads,
    board: sharedBoard(),
    states: sharedTables(statesMax),
    open: begun?.rest?.open,
    statesMax,
    stepsMax: limits.stepsMax,
  };
}

/** Puts what the calling thread has seen where the threads look. They are starting meanwhile. */
function handOver({ found, rest }: SearchBegun, plan: SearchPlan, board: SearchBoard): void {
  const states = new SharedStates(plan.states);
  states.touch(0, 1);
  rest?.visited.addTo(states);
  board.countBefore(found.states, Math.ceil(found.transitions / POLL_EVERY));
}

interface Attempt {
  readonly pool: Piscina<SearchTask, SearchShare>;
  readonly plan: SearchPlan;
  readonly board: SearchBoard;
  readonly session: Session;
  readonly isOver: () => boolean;
  readonly signal: AbortSignal | undefined;
}

async function run({ pool, plan, board, session, isOver, signal }: Attempt): Promise<SearchShare[]> {
  const onAbort = (): void => board.stop(StopReason.Interrupt);
  signal?.addEventListener('abort', onAbort);
  if (signal?.aborted === true) onAbort();
  const timer = setInterval(() => {
    if (isOver()) board.stop(StopReason.Time);
  }, CLOCK_EVERY_MS);
  const ports: MessagePort[] = [];
  try {
    const failure = new Promise<never>((_resolve, reject) => {
      pool.once('error', reject);
    });
    const threads = Array.from({ length: plan.threads }, async (_, thread) => {
      const { port1, port2 } = new MessageChannel();
      ports.push(port1);
      port1.on('message', (moves: Int32Array) => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread, not a window
        port1.postMessage(answer(session, board, moves, isOver));
        board.answer();
      });
      return pool.run({ plan, thread, mail: port2 }, { transferList: [port2] });
    });
    return await Promise.race([Promise.all(threads), failure]);
  } catch (error) {
    board.stop(StopReason.Fault);
    throw fault(error);
  } finally {
    clearInterval(timer);
    for (const port of ports) port.close();
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Lets the automata learn what comes at the end of a way. If the reduction did not reckon with it, this attempt is void,
 * but goes on until it has seen twice as much: there may be more to learn.
 */
function answer(
  session: Session,
  board: SearchBoard,
  moves: Int32Array,
  isOver: () => boolean,
): FrozenTables | null {
  if (session.isTooLarge) board.stop(StopReason.Memory);
  if (board.stopReason !== 0 || !session.follow(moves, isOver)) {
    board.stop(StopReason.Void);
    return null;
  }
  if (reliesOnFutures(session.reductions) && !session.futures.stand)
    board.voidAt(Math.max(1, 2 * board.states));
  return session.frozenMachine().tables;
}

function foundBy(
  shares: readonly SearchShare[],
  { board, threads }: SearchPlan,
  before: SearchFound | undefined,
): SearchFound {
  const sum = (of: (share: SearchShare) => number): number =>
    shares.reduce((total, share) => total + of(share), 0);
  const {
    states = 0,
    transitions = 0,
    depthMax = 0,
    violations = [],
    outcomes = [],
    finalStates = [],
  } = before ?? {};
  const endedBy = ENDED_BY.get(new SearchBoard(board, threads).stopReason);
  return {
    isComplete: endedBy === undefined,
    endedBy,
    states: states + sum((share) => share.states),
    transitions: transitions + sum((share) => share.transitions),
    depthMax: threads === 1 ? Math.max(depthMax, shares[0]?.depthMax ?? 0) : undefined,
    violations: new Set([...violations, ...shares.flatMap((share) => share.violations)]),
    outcomes: new Set([...outcomes, ...shares.flatMap((share) => share.outcomes)]),
    finalStates: new Set([...finalStates, ...shares.flatMap((share) => share.finalStates)]),
    share:
      endedBy === undefined
        ? 1
        : Math.min(
            1,
            sum(({ done }) => done),
          ),
  };
}

function fault(error: unknown): SearchThreadError {
  const { message, name, code }: NodeJS.ErrnoException =
    error instanceof Error ? error : new Error(String(error));
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new SearchThreadError(`a thread of the search ran out of memory (${HEAP_MB} MB)`, {
      cause: error,
    });
  }
  const exit = /^worker exited with code: (\d+)/.exec(message);
  const what = exit === null ? `threw ${name}: ${message}` : `exited with code ${exit[1]}`;
  return new SearchThreadError(`a thread of the search ${what}`, { cause: error });
}
