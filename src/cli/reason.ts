/** `ENOENT` and the like. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Why a system call failed, in words first: `no space left on device (ENOSPC)`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const match = /^([A-Z][A-Z0-9]+): ([^,]+)/.exec(error.message);
  return match === null ? error.message : `${match[2]} (${match[1]})`;
}
