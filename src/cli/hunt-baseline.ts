import { UsageError } from './usage-error.ts';
import { readUserFile } from './user-file.ts';
import { quotedPath } from './visible.ts';

const SCHEMA = 'ebtorture.hunt/1';

/**
 * The keys of the findings that `hunt --out` has saved.
 * @throws {UsageError} If the file is not there, is torn, or is something else.
 */
export async function readBaseline(text: string, cwd: string): Promise<ReadonlySet<string>> {
  const content = await readUserFile(text, { option: '--baseline', cwd });
  const fail = (cause?: unknown): never => {
    const why = `${quotedPath(text)} is no ${SCHEMA} document; give a file that hunt --out has saved`;
    throw new UsageError(`--baseline: ${why}`, { cause });
  };
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch (error) {
    return fail(error);
  }
  if (!isRecord(document) || document['schema'] !== SCHEMA || !Array.isArray(document['findings']))
    return fail();
  return new Set(
    document['findings'].map((finding: unknown) => {
      const key = isRecord(finding) ? finding['key'] : undefined;
      return typeof key === 'string' ? key : fail();
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
