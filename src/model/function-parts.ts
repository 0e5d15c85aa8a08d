/**
 * Methods that are a part of one kernel function, so that a strategy can replace that part alone: by part, the function. The kernel
 * has no function of that name, so that whoever counts, names or watches functions takes the steps of a part for those of its function.
 */
export const FUNCTION_PARTS: ReadonlyMap<string, string> = new Map([
  ['releaseChecked', 'tryReleaseExtentBuffer'],
]);
