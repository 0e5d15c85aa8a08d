/** A signal for work that is also to end after a time. */
export interface Limited {
  readonly signal: AbortSignal;
  /** Whether it was the time that ended it. */
  readonly isOver: () => boolean;
  /** To be called once the work has ended. */
  readonly done: () => void;
}

/**
 * Aborts when `signal` does, and after `ms`. Not made of `AbortSignal.any` and `AbortSignal.timeout`: nobody but the work holds
 * what they return, and Node 20 collects it as garbage before it is aborted.
 */
export function limited(signal: AbortSignal | undefined, ms: number): Limited {
  const controller = new AbortController();
  let isOver = false;
  const abort = (): void => controller.abort();
  const timer = setTimeout(() => {
    isOver = true;
    abort();
  }, ms);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  return {
    signal: controller.signal,
    isOver: () => isOver,
    done: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    },
  };
}
