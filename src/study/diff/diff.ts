/** Whether two saved results of one command say the same: a pure function of both. */
import type { ExploreResult } from '../../explore/explore.ts';
import type { RandomExploreResult } from '../../explore/random-explore.ts';
import type { Replay } from '../../explore/witness/replay.ts';
import type { CpusResult } from '../../stress/cpus/cpus-result.ts';
import type { StressResult } from '../../stress/result/result.ts';
import type { WindowResult } from '../../stress/window/window-result.ts';
import type { AgreedCompareResult } from '../agreement.ts';
import type { ExplainResult } from '../explain-result.ts';
import type { HistoryResult } from '../history-result.ts';
import type { HuntResult } from '../hunt/hunt-result.ts';
import type { MutateResult } from '../mutate-result.ts';
import { cpusParts } from './cpus-parts.ts';
import { differencesOf, IncomparableError, type Question, requireComparable } from './differences.ts';
import type { DiffResult, DiffSide, DiffVerdict } from './diff-result.ts';
import { CONFIDENCE, judged } from './judge.ts';
import type { Parts } from './parts.ts';
import {
  questionOfExplore,
  questionOfHistory,
  questionOfHunt,
  questionOfMutate,
  questionOfRandom,
  questionOfRun,
  questionOfWindow,
} from './questions.ts';
import { runParts } from './run-parts.ts';
import { exploreParts, randomParts, replayParts } from './search-parts.ts';
import { historyParts, huntParts, mutateParts } from './study-parts.ts';
import { windowParts } from './window-parts.ts';

/** The results that can be compared, by the schema of their documents. */
export interface Diffable {
  readonly 'ebtorture.compare/1': AgreedCompareResult;
  readonly 'ebtorture.stress/1': StressResult;
  readonly 'ebtorture.window/1': WindowResult;
  readonly 'ebtorture.explore/1': ExploreResult;
  readonly 'ebtorture.explore-random/1': RandomExploreResult;
  readonly 'ebtorture.replay/1': Replay;
  readonly 'ebtorture.explain/1': ExplainResult;
  readonly 'ebtorture.mutate/1': MutateResult;
  readonly 'ebtorture.history/1': HistoryResult;
  readonly 'ebtorture.hunt/1': HuntResult;
  readonly 'ebtorture.cpus/1': CpusResult;
}

/** How results of one schema are compared. */
interface Kind<Result> {
  readonly question: (result: Result) => Question;
  readonly parts: (a: Result, b: Result) => Parts;
}

const NOTHING: Question = { equal: {}, named: {} };

const kinds: { readonly [Name in keyof Diffable]: Kind<Diffable[Name]> } = {
  'ebtorture.compare/1': { question: ({ config }) => questionOfRun(config), parts: runParts },
  'ebtorture.stress/1': { question: ({ config }) => questionOfRun(config), parts: runParts },
  'ebtorture.explain/1': { question: ({ config }) => questionOfRun(config), parts: runParts },
  'ebtorture.window/1': { question: questionOfWindow, parts: windowParts },
  'ebtorture.explore/1': { question: questionOfExplore, parts: exploreParts },
  'ebtorture.explore-random/1': { question: questionOfRandom, parts: randomParts },
  'ebtorture.replay/1': { question: () => NOTHING, parts: replayParts },
  'ebtorture.mutate/1': { question: questionOfMutate, parts: mutateParts },
  'ebtorture.history/1': { question: questionOfHistory, parts: historyParts },
  'ebtorture.hunt/1': { question: questionOfHunt, parts: huntParts },
  'ebtorture.cpus/1': { question: () => NOTHING, parts: cpusParts },
};

/** A result that was saved. */
export interface DiffInput {
  /** As it was named. */
  readonly file: string;
  readonly schema: string;
  readonly document: object;
}

/**
 * Compares them; `margin` as in `DiffResult`.
 * @throws {IncomparableError} If they are no answers to one question.
 */
export function diffResults(a: DiffInput, b: DiffInput, { margin }: { readonly margin: number }): DiffResult {
  const schema = Object.keys(kinds).find((name) => name === a.schema);
  if (schema === undefined) throw new IncomparableError(`${commandOf(a.schema)} is no command that measures`);
  if (a.schema !== b.schema) {
    throw new IncomparableError(
      `the two differ in their command: ${commandOf(a.schema)} and ${commandOf(b.schema)}; they answer no common question`,
    );
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of its names, by which each document was checked
  const kind = kinds[schema as keyof Diffable] as Kind<object>;
  const questions = [kind.question(a.document), kind.question(b.document)] as const;
  requireComparable(...questions);
  const { facts, figures: compared, notes } = kind.parts(a.document, b.document);
  const figures = judged(compared, margin);
  const isOne = JSON.stringify(a.document) === JSON.stringify(b.document);
  return {
    schema: 'ebtorture.diff/1',
    command: commandOf(schema),
    verdict: isOne ? 'same' : verdictOf([...facts, ...figures].map(({ verdict }) => verdict)),
    confidence: CONFIDENCE,
    margin,
    a: sideOf(a),
    b: sideOf(b),
    differences: differencesOf(questions, [machineOf(a), machineOf(b)]),
    facts,
    figures,
    notes: [
      ...(isOne ? ['Both are one and the same result, which says nothing of how results vary.'] : []),
      ...notes,
    ],
  };
}

/** Any difference counts, and nothing may be open. Without anything that was compared, nothing is told. */
function verdictOf(verdicts: readonly (DiffVerdict | 'no-events')[]): DiffVerdict {
  const said = verdicts.filter((verdict) => verdict !== 'no-events');
  if (said.includes('different')) return 'different';
  return said.length === 0 || said.includes('not-told') ? 'not-told' : 'same';
}

/** `ebtorture.explore-random/1` is of `explore`, too, but answers another question. */
function commandOf(schema: string): string {
  return schema
    .replace(/^ebtorture\./, '')
    .replace(/\/\d+$/, '')
    .replace('-random', ' at random');
}

function machineOf({ document }: DiffInput): object | undefined {
  const environment: unknown = 'environment' in document ? document.environment : undefined;
  return typeof environment === 'object' && environment !== null ? environment : undefined;
}

function sideOf(input: DiffInput): DiffSide {
  const { file, document } = input;
  const machine = machineOf(input) ?? {};
  const textOf = (name: string): string | null => {
    const value: unknown = Object.hasOwn(machine, name) ? Reflect.get(machine, name) : undefined;
    return typeof value === 'string' ? value : null;
  };
  return {
    file,
    startedAt: textOf('startedAt'),
    host: textOf('host'),
    isInterrupted: 'isInterrupted' in document && document.isInterrupted === true,
  };
}
