import type { MutateResult } from '../study/mutate-result.ts';
import { readSavedFile } from './saved-file.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

const SCHEMA = 'ebtorture.mutate/1';

/**
 * Reads what `mutate --out` has saved.
 * @throws {UsageError} If the file is not there, is torn, or is something else.
 */
export async function readResumed(text: string, cwd: string): Promise<MutateResult> {
  const { schema, document } = await readSavedFile(text, { option: '--resume', cwd });
  if (schema !== SCHEMA) {
    const why = `${quotedPath(text)} is no ${SCHEMA} document; give a file that mutate --out has saved`;
    throw new UsageError(`--resume: ${why}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked against the schema that is made of that type
  return document as MutateResult;
}
