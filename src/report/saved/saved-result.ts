/** Documents that `--json` has printed and `--out` has saved. */
import type { ExploreResult } from '../../explore/explore.ts';
import type { RandomExploreResult } from '../../explore/random-explore.ts';
import type { Replay } from '../../explore/witness/replay.ts';
import type { CpusResult } from '../../stress/cpus/cpus-result.ts';
import type { Machine } from '../../stress/host/machine-facts.ts';
import type { StressResult } from '../../stress/result/result.ts';
import type { WindowResult } from '../../stress/window/window-result.ts';
import type { AgreedCompareResult } from '../../study/agreement.ts';
import type { DiffResult } from '../../study/diff/diff-result.ts';
import type { ExplainResult } from '../../study/explain-result.ts';
import type { HistoryResult } from '../../study/history-result.ts';
import type { MergedRunResult } from '../../study/merge/merged-run-result.ts';
import type { HuntResult } from '../../study/hunt/hunt-result.ts';
import type { MutateResult } from '../../study/mutate-result.ts';
import { parsedJson } from '../../schema/parsed-json.ts';
import { objectionTo, type SchemaName } from '../../schema/objection.ts';
import { listed } from '../number.ts';
import type { ReplayTitle } from '../replay-report.ts';

/** Of results that no machine has a part in: where they were found nevertheless. Absent from documents of ebtorture 0.1. */
interface Found {
  readonly environment?: Machine;
}

/** What `explore` and `replay` print: their results do not say which they are. */
export interface ExploreSaved extends ExploreResult, Found {
  readonly schema: 'ebtorture.explore/1';
}
export interface RandomExploreSaved extends RandomExploreResult, Found {
  readonly schema: 'ebtorture.explore-random/1';
}
export interface ReplaySaved extends ReplayTitle, Replay, Found {
  readonly schema: 'ebtorture.replay/1';
}
export interface HistorySaved extends HistoryResult, Found {}
export interface HuntSaved extends HuntResult, Found {}
export interface DiffSaved extends DiffResult, Found {}

/** The result of every command that has one, by the schema of its document. */
export interface SavedResults {
  readonly 'ebtorture.compare/1': AgreedCompareResult;
  readonly 'ebtorture.stress/1': StressResult;
  readonly 'ebtorture.window/1': WindowResult;
  readonly 'ebtorture.explore/1': ExploreSaved;
  readonly 'ebtorture.explore-random/1': RandomExploreSaved;
  readonly 'ebtorture.replay/1': ReplaySaved;
  readonly 'ebtorture.explain/1': ExplainResult;
  readonly 'ebtorture.mutate/1': MutateResult;
  readonly 'ebtorture.history/1': HistorySaved;
  readonly 'ebtorture.hunt/1': HuntSaved;
  readonly 'ebtorture.cpus/1': CpusResult;
  readonly 'ebtorture.merge/1': MergedRunResult;
  readonly 'ebtorture.diff/1': DiffSaved;
}

export type Schema = keyof SavedResults;

/** A file that is no whole result: the message says why, and what to do. */
export class SavedResultError extends Error {
  override readonly name = 'SavedResultError';
}

/** A whole result whose figures contradict each other: none of them can be believed. */
export class InconsistentResultError extends Error {
  override readonly name = 'InconsistentResultError';
}

/** A document, and which it is. */
export interface SavedDocument {
  readonly schema: Schema;
  readonly document: object;
}

/** The schema of each, by the name of its file. */
const SCHEMAS: Readonly<Record<Schema, SchemaName>> = {
  'ebtorture.compare/1': 'compare',
  'ebtorture.stress/1': 'stress',
  'ebtorture.window/1': 'window',
  'ebtorture.explore/1': 'explore',
  'ebtorture.explore-random/1': 'explore-random',
  'ebtorture.replay/1': 'replay',
  'ebtorture.explain/1': 'explain',
  'ebtorture.mutate/1': 'mutate',
  'ebtorture.history/1': 'history',
  'ebtorture.hunt/1': 'hunt',
  'ebtorture.cpus/1': 'cpus',
  'ebtorture.merge/1': 'merge',
  'ebtorture.diff/1': 'diff',
};

/**
 * The document in the text of a file.
 * @throws {SavedResultError} If it is torn, of no schema that is known, or not as its schema says.
 */
export function parseSaved(text: string): SavedDocument {
  let parsed: unknown;
  try {
    parsed = parsedJson(text);
  } catch (cause) {
    throw new SavedResultError('no whole JSON document; give a file that --out has saved', { cause });
  }
  return checkedDocument(typeof parsed === 'object' && parsed !== null ? parsed : {});
}

/**
 * A document of which nothing is known.
 * @throws {SavedResultError} If it is of no schema that is known, or not as its schema says.
 */
export function checkedDocument(document: object): SavedDocument {
  const found: unknown = Object.hasOwn(document, 'schema') ? Reflect.get(document, 'schema') : undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of that object
  const known = Object.keys(SCHEMAS) as Schema[];
  const schema = known.find((name) => name === found);
  if (schema === undefined) {
    const what = typeof found === 'string' ? `of the schema '${clippedName(found)}'` : 'without a schema';
    throw new SavedResultError(`a document ${what}; this version renders ${listed(known)}`);
  }
  const objection = objectionTo(SCHEMAS[schema], document);
  if (objection !== undefined) throw new SavedResultError(`not as a ${schema} document is: ${objection}`);
  return { schema, document };
}

/** A name that nobody has checked, as far as it can be shown. */
function clippedName(name: string): string {
  return name.slice(0, 60).replaceAll(/[^ -~]/g, '?');
}
