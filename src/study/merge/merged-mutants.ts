/** The shards of a mutation as one: the mutants of all of them in the order in which they were dealt. */
import { environmentOf } from '../../stress/host/environment.ts';
import { differenceOf } from '../journal/journal.ts';
import type { MutateHeader, SurveyedRecord } from '../journal/records.ts';
import type { MutantResult, MutateResult } from '../mutate-result.ts';
import { mutatedOf } from '../mutated-of.ts';
import { MergeError } from './merge-error.ts';
import { isWhole, type Part } from './part.ts';
import { shardsGiven } from './shards-given.ts';

type MutatePart = Part<MutateHeader>;

/** What a shard has come to. */
interface Known {
  readonly surveyed: SurveyedRecord;
  readonly mutants: readonly MutantResult[];
  readonly elapsedMs: number;
}

/**
 * Adds up shards that `requireSameWork` has let in.
 * @throws {MergeError} If there is a part that is none, one that was cut before it had any mutant, or one of real threads on another
 * machine: how many mutants threads kill in a time is a rate of their machine.
 */
export function mergedMutants(parts: readonly [MutatePart, ...MutatePart[]]): MutateResult {
  const [first] = parts;
  for (const { named, header } of parts) {
    if (header.config.shard === undefined)
      throw new MergeError(
        `${named}: it has all mutants: only shards of a mutation add up (mutate --shard 1/4)`,
      );
    if (header.config.stressMs > 0) requireSameMachine(first, { named, header });
  }
  const known = parts.toSorted((a, b) => indexOf(a) - indexOf(b)).map((part) => knownOf(part));
  const { surveyed } = knownOf(first);
  const shards = shardsGiven(parts.map((part) => ({ part, shard: part.header.config.shard })));
  const { shard: _shard, ...config } = first.header.config;
  return mutatedOf({
    ...surveyed,
    baseline: surveyed.baseline.map(
      // What the time did not suffice for in one of them may be known from another.
      (own, rung) =>
        known.map((each) => each.surveyed.baseline[rung]).find((each) => each?.verdict !== 'bounded') ?? own,
    ),
    mutants: dealtOrder(known),
    environment: environmentOf(first.header.machine, [], null),
    config,
    ...(shards !== null && { shards }),
    elapsedMs: known.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
    isInterrupted: !parts.every(isWhole),
  });
}

function requireSameMachine(
  first: MutatePart,
  { named, header }: Pick<MutatePart, 'named' | 'header'>,
): void {
  const lasting = ({
    startedAt: _startedAt,
    timeZone: _timeZone,
    ...machine
  }: typeof header.machine): object => machine;
  const difference = differenceOf(lasting(first.header.machine), lasting(header.machine), 'machine');
  if (difference !== undefined)
    throw new MergeError(
      `${named} is of another machine than ${first.named} (${difference}): what threads kill adds up on one machine only; ` +
        'with --explore-only on any',
    );
}

function indexOf({ header }: MutatePart): number {
  return header.config.shard?.index ?? 1;
}

function knownOf({ named, records }: MutatePart): Known {
  const mutants = new Map<string, MutantResult>();
  let surveyed: SurveyedRecord | undefined;
  let elapsedMs = 0;
  for (const record of records) {
    if (record.kind === 'surveyed') surveyed = record;
    if (record.kind !== 'mutant') continue;
    mutants.set(record.mutant.id, record.mutant);
    ({ elapsedMs } = record);
  }
  if (surveyed === undefined)
    throw new MergeError(`${named}: it was cut before there was any mutant; go on with --resume`);
  return { surveyed, mutants: surveyed.mutants.map((mutant) => mutants.get(mutant.id) ?? mutant), elapsedMs };
}

/** Every shard has had one after the other; of those that are missing nothing is known. */
function dealtOrder(known: readonly { readonly mutants: readonly MutantResult[] }[]): MutantResult[] {
  const longest = Math.max(...known.map(({ mutants }) => mutants.length));
  return Array.from({ length: longest }, (_, turn) =>
    known.flatMap(({ mutants }) => mutants[turn] ?? []),
  ).flat();
}
