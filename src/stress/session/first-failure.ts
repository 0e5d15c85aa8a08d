import type { HarnessError } from '../plan/harness-error.ts';

/** The first failure of any of the threads of a session: whatever is waited for ends with it. */
export class FirstFailure {
  readonly #listeners = new Set<(error: HarnessError) => void>();
  #failure: HarnessError | undefined;

  /** An actor has failed; only the first one counts, as others may fail for it. */
  fail(error: HarnessError): void {
    this.#failure ??= error;
    for (const listener of this.#listeners) listener(error);
  }

  /**
   * What `promise` gives, unless any actor fails before. Leaves nothing behind: a race with a promise for the end of the
   * run would be kept by it, a kilobyte for each block.
   * @throws {HarnessError} If an actor has failed, now or before.
   */
  orFailure<T>(promise: Promise<T>): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise<T>((resolve, reject) => {
      this.#listeners.add(reject);
      void promise.then(resolve, reject).finally(() => this.#listeners.delete(reject));
    });
  }
}
