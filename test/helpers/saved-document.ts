import { readSavedFile } from '../../src/cli/saved-file.ts';

/** The result in a file that `--out` has saved; `Result` is what it is said to be. */
export async function savedDocument<Result extends object>(path: string): Promise<Result> {
  const { document } = await readSavedFile(path, { option: 'test', cwd: '/' });
  return document as Result;
}
