/** Documents that `--json` has printed and `--out` has saved. */
import type { ExploreResult } from '../../explore/explore.ts';
import type { RandomExploreResult } from '../../explore/random-explore.ts';
import type { Replay } from '../../explore/witness/replay.ts';
import type { CpusResult } from '../../stress/cpus/cpus-result.ts';
import type { StressResult } from '../../stress/result/result.ts';
import type { WindowResult } from '../../stress/window/window-result.ts';
import type { AgreedCompareResult } from '../../study/agree.ts';
import type { ExplainResult } from '../../study/explain.ts';
import type { HistoryResult } from '../../study/history-result.ts';
import type { HuntResult } from '../../study/hunt/hunt-result.ts';
import type { MutateResult } from '../../study/mutate-result.ts';
import { listed } from '../number.ts';
import type { ReplayTitle } from '../replay-report.ts';

/** The result of every command that has one, by the schema of its document. */
export interface SavedResults {
  readonly 'ebtorture.compare/1': AgreedCompareResult;
  readonly 'ebtorture.stress/1': StressResult;
  readonly 'ebtorture.window/1': WindowResult;
  readonly 'ebtorture.explore/1': ExploreResult;
  readonly 'ebtorture.explore-random/1': RandomExploreResult;
  readonly 'ebtorture.replay/1': ReplayTitle & Replay;
  readonly 'ebtorture.explain/1': ExplainResult;
  readonly 'ebtorture.mutate/1': MutateResult;
  readonly 'ebtorture.history/1': HistoryResult;
  readonly 'ebtorture.hunt/1': HuntResult;
  readonly 'ebtorture.cpus/1': CpusResult;
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

/**
 * The document in the text of a file.
 * @throws {SavedResultError} If it is torn, or of no schema of `known`.
 */
export function parseSaved(text: string, known: readonly Schema[]): { schema: Schema; document: object } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new SavedResultError('no whole JSON document; give a file that --out has saved', { cause });
  }
  const document = typeof parsed === 'object' && parsed !== null ? parsed : {};
  const found = 'schema' in document ? document.schema : undefined;
  const schema = known.find((name) => name === found);
  if (schema !== undefined) return { schema, document };
  const what = typeof found === 'string' ? `of the schema '${found}'` : 'without a schema';
  throw new SavedResultError(`a document ${what}; this version renders ${listed(known)}`);
}
