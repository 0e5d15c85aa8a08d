/** Findings of `hunt` as modules that every command takes as a scenario. */
import { extname } from 'node:path';
import { isModuleName, MODULE_ENDINGS } from '../fix/plug-in/import-plug-in.ts';
import type { Finding } from '../study/hunt/hunt-result.ts';
import { checkOutFile, saveOutFile } from './out-file.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

const OPTION = '--save-scenario';

/**
 * Checks where the first finding is to be saved.
 * @throws {UsageError} If it cannot be, or would be no module.
 */
export async function checkScenarioFile(text: string, cwd: string): Promise<string> {
  const path = await checkOutFile(OPTION, text, { cwd });
  if (!isModuleName(path))
    throw new UsageError(
      `${OPTION}: ${quotedPath(text)} is no module; its name must end with ${MODULE_ENDINGS}`,
    );
  return path;
}

/**
 * Saves each finding, the first one at `path`, and the others beside it with their numbers in their names. Returns the paths.
 * @throws {HarnessError} If one cannot be saved.
 */
export async function saveScenarios(path: string, findings: readonly Finding[]): Promise<readonly string[]> {
  const ending = extname(path);
  const paths = findings.map((_, index) =>
    index === 0 ? path : `${path.slice(0, -ending.length)}-${index + 1}${ending}`,
  );
  for (const [index, finding] of findings.entries())
    await saveOutFile(paths[index] ?? path, moduleOf(finding), { option: OPTION });
  return paths;
}

function moduleOf({ invariant, title, pair, program, witness }: Finding): string {
  return [
    `// ${invariant} ${title}, found by ebtorture hunt:`,
    ...pair.map((step) => `//   ${step}`),
    ...(witness === null ? [] : ['// The shortest schedule:', `//   ${witness.schedule}`]),
    'export const apiVersion = 1;',
    `export default ${JSON.stringify(program)};`,
    '',
  ].join('\n');
}
