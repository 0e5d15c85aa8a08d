/** What `promise` gives; false as soon as `signal` is aborted. Leaves no listener behind. */
export async function unlessAborted(promise: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  let abort = (): void => {};
  const aborted = new Promise<boolean>((resolve) => {
    abort = () => resolve(false);
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
