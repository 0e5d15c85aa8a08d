import type { HuntResult } from '../study/hunt/hunt-result.ts';
import { readSavedFile } from './saved-file.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

const SCHEMA = 'ebtorture.hunt/1';

/**
 * The keys of the findings that `hunt --out` has saved.
 * @throws {UsageError} If the file is not there, is torn, or is something else.
 */
export async function readBaseline(text: string, cwd: string): Promise<ReadonlySet<string>> {
  const { schema, document } = await readSavedFile(text, { option: '--baseline', cwd });
  if (schema !== SCHEMA) {
    const why = `${quotedPath(text)} is no ${SCHEMA} document; give a file that hunt --out has saved`;
    throw new UsageError(`--baseline: ${why}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked against the schema that is made of that type
  return new Set((document as HuntResult).findings.map(({ key }) => key));
}
