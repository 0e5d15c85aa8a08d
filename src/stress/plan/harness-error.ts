/** What went wrong with the harness. */
export type HarnessErrorCode =
  /** An actor threw, exited, or could not be started. */
  | 'ERR_ACTOR_CRASHED'
  /** An actor's heap was exhausted. */
  | 'ERR_ACTOR_OUT_OF_MEMORY'
  /** A strategy broke outside of a hardware run: in a search, in a replay. */
  | 'ERR_STRATEGY_BROKEN'
  /** A strategy, or a scenario of a user's, does not do the same when its steps return the same. */
  | 'ERR_STRATEGY_IMPURE'
  /** Other processes had the processors: nothing is wrong, and nothing was found. */
  | 'ERR_HOST_BUSY'
  /** A limit of time was over before anything began. */
  | 'ERR_TIME_OVER'
  /** The actors stopped advancing. */
  | 'ERR_ACTOR_HUNG'
  /** A delay loop does not take the time it should. */
  | 'ERR_DELAY_NOT_LIVE'
  /** The results contradict each other: a defect of ebtorture itself. */
  | 'ERR_INCONSISTENT'
  /** A thread of a search ended before the search did. */
  | 'ERR_SEARCH_CRASHED'
  /** A result file could not be written. */
  | 'ERR_OUTPUT_FAILED';

/**
 * A run that ended because the harness or a strategy broke, not because of what it found: exit status 70, or 2
 * where the host or a limit is to blame. The message
 * says what happened and where, in lines a user can act on.
 */
export class HarnessError extends Error {
  readonly code: HarnessErrorCode;
  /** Of actors that have stopped advancing: the name of their strategy. */
  readonly strategy: string | undefined;

  constructor(
    code: HarnessErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly strategy?: string | undefined },
  ) {
    super(message, options);
    this.strategy = options?.strategy;
    this.name = 'HarnessError';
    this.code = code;
  }
}

const BUSY = 'the host was busy: ';

/** Whether that is what a message says, of an error that has come from another thread. */
export function isBusyHost(message: string): boolean {
  return message.startsWith(BUSY);
}

/** Other processes had the processors: what was to happen did not. */
export function busyHost(what: string): HarnessError {
  return new HarnessError('ERR_HOST_BUSY', `${BUSY}${what}; run it again where other processes leave room`);
}
