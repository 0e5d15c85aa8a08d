import type { MutateResult } from '../study/mutate-result.ts';
import { UsageError } from './usage-error.ts';
import { readUserFile } from './user-file.ts';
import { quotedPath } from './visible.ts';

const SCHEMA = 'ebtorture.mutate/1';

/**
 * Reads what `mutate --out` has saved.
 * @throws {UsageError} If the file is not there, is torn, or is something else.
 */
export async function readResumed(text: string, cwd: string): Promise<MutateResult> {
  const fail = (why: string, cause?: unknown): never => {
    throw new UsageError(`--resume: ${why}`, { cause });
  };
  const content = await readUserFile(text, { option: '--resume', cwd });
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch (error) {
    fail(`${quotedPath(text)} is no whole JSON document; give a file that mutate --out has saved`, error);
  }
  if (!isRecord(document) || document['schema'] !== SCHEMA) {
    return fail(`${quotedPath(text)} is no ${SCHEMA} document; give a file that mutate --out has saved`);
  }
  if (!isWhole(document)) return fail(`${quotedPath(text)} lacks parts of a ${SCHEMA} document`);
  return document;
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks what is gone on from: the configuration, and what is known of each mutant. */
function isWhole(document: unknown): document is MutateResult {
  if (!isRecord(document)) return false;
  const { config, mutants } = document;
  if (!isRecord(config) || !Array.isArray(config['ladder']) || config['ladder'].length === 0) return false;
  const hasNumbers = ['stressMs', 'exploreMs', 'seed'].every((name) => Number.isFinite(config[name]));
  if (!hasNumbers || typeof config['strategy'] !== 'string' || typeof config['isModel'] !== 'boolean')
    return false;
  const { instances = 'auto', placement = '' } = config;
  const isCount = instances === 'auto' || (Number.isInteger(instances) && Number(instances) > 0);
  if (!isCount || typeof placement !== 'string') return false;
  if (!config['ladder'].every(isRung)) return false;
  return Array.isArray(mutants) && mutants.every(isMutant);
}

function isRung(rung: unknown): boolean {
  if (!isRecord(rung) || !Array.isArray(rung['actors'])) return false;
  const hasTexts = typeof rung['scenario'] === 'string' && typeof rung['start'] === 'string';
  const hasActors = rung['actors'].every(
    (actor) => isRecord(actor) && typeof actor['role'] === 'string' && Number.isInteger(actor['count']),
  );
  return hasTexts && hasActors && Number.isInteger(rung['pages']) && typeof rung['readsFail'] === 'boolean';
}

function isMutant(mutant: unknown): boolean {
  if (!isRecord(mutant) || typeof mutant['id'] !== 'string') return false;
  const { explore, stress } = mutant;
  const isExplored =
    explore === null ||
    (isRecord(explore) && typeof explore['verdict'] === 'string' && Array.isArray(explore['held']));
  return isExplored && (stress === null || (isRecord(stress) && typeof stress['killed'] === 'boolean'));
}
