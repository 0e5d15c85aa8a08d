/** Files that `--out` or `--json` have saved, checked and rendered. */
import type { Rendered } from '../report/saved/rendered.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import type { Io } from './io.ts';
import { readSavedFile } from './saved-file.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

/**
 * The result in a file; what should be known of the file is said on stderr.
 * @throws {UsageError} If it is no whole result.
 * @throws {HarnessError} If its figures contradict each other.
 */
export async function readRendered(
  file: string,
  { option, io }: { readonly option: string; readonly io: Io },
): Promise<Rendered> {
  const { rendered } = await import('../report/saved/rendered.ts');
  const { InconsistentResultError, SavedResultError } = await import('../report/saved/saved-result.ts');
  const { notices, ...saved } = await readSavedFile(file, { option, cwd: io.cwd });
  for (const notice of notices) await io.stderr.write(`ebtorture: ${notice}\n`);
  try {
    return rendered(file, saved, io.stdout.paint);
  } catch (error) {
    if (error instanceof InconsistentResultError) {
      throw new HarnessError('ERR_INCONSISTENT', `${option}: ${quotedPath(file)} ${error.message}`, {
        cause: error,
      });
    }
    if (!(error instanceof SavedResultError)) throw error;
    throw new UsageError(`${option}: ${quotedPath(file)}: ${error.message}`, { cause: error });
  }
}
