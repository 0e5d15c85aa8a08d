/**
 * Runs of one configuration, added up stratum by stratum. A rate is that
 * of a machine; what is said of an arm over all of them is a verdict, and rests on no sum of theirs.
 */
import { holmAdjusted } from '../../stats/holm.ts';
import type { ArmVerdict } from '../../stress/result/result.ts';
import type { RunHead } from '../../stress/run/run-head.ts';
import { compareResultOf, measuredOf, stressResultOf } from '../../stress/run/run-result.ts';
import { agreedOf } from '../agreement.ts';
import { decidedOf, stressedOf } from '../found.ts';
import type { ArmFound, CompareHeader, StressHeader } from '../journal/records.ts';
import { groundKey } from './machine-key.ts';
import { MergeError } from './merge-error.ts';
import type {
  MergedArm,
  MergedComparison,
  MergedPart,
  MergedRunResult,
  Stratum,
} from './merged-run-result.ts';
import { areWhole } from '../../stats/shard.ts';
import { isWhole, type Part } from './part.ts';
import { shardsGiven } from './shards-given.ts';
import { beganAt, elapsedOf, stratumLog } from './stratum-log.ts';

export type RunPart = Part<CompareHeader | StressHeader>;

/**
 * Adds up runs that `requireSameWork` has let in.
 * @throws {MergeError} If one was not of a length that was fixed in advance, or has a setting of its own.
 */
export function mergedRuns(given: readonly [RunPart, ...RunPart[]]): MergedRunResult {
  for (const part of given) requireFixed(part);
  const parts = given.toSorted(inTime);
  const { header } = parts[0] ?? given[0];
  const grounds = groupsOf(parts);
  const names = namesOf(grounds.map(([first]) => first.header.machine.host ?? 'unknown host'));
  const strata = grounds.map((own, index): Stratum => ({
    name: names[index] ?? '',
    parts: own.map(partOf),
    result: resultOf(own, grounds.length),
  }));
  const comparisons = comparisonsOf(strata);
  const shards = shardsGiven(parts.map((part) => ({ part, shard: part.header.head.config.shard })));
  const { shard: _shard, ...config } = header.head.config;
  const isInterrupted = !areWhole(shards) || !parts.every(isWhole);
  return {
    schema: 'ebtorture.merge/1',
    command: header.command,
    verdict: verdictOf(strata),
    config,
    ...(header.head.words !== undefined && { words: header.head.words }),
    shards,
    arms: armsOf(strata),
    comparisons,
    strata,
    elapsedMs: strata.reduce((sum, { result }) => sum + result.elapsedMs, 0),
    isInterrupted,
    notices: noticesOf(grounds, names),
  };
}

/** Runs that end by what they have seen cannot be added up: nobody knows how many such runs there might have been. */
function requireFixed({ named, header }: RunPart): void {
  const { graded, config } = header.head;
  const { until, tune } = config;
  if (graded.litmus !== undefined)
    throw new MergeError(`${named}: it is of a litmus test, whose states are counted run by run`);
  if ('asks' in header && header.asks.orderings === true)
    throw new MergeError(
      `${named}: what its threads did in other orderings is known as a whole only: merge runs without --orderings, those of each --ordering`,
    );
  if (until !== null)
    throw new MergeError(
      `${named}: it was to end at what it saw (--until ${until}): only runs of a fixed length add up`,
    );
  if (tune === true)
    throw new MergeError(
      `${named}: it has found a setting of its own (--tune): runs with different ones do not add up`,
    );
}

/** The order in which runs began; where that is not known, that of their shards and seeds. */
function inTime(a: RunPart, b: RunPart): number {
  const [one, other] = [a.header.head.config, b.header.head.config];
  return (
    beganAt(a) - beganAt(b) || (one.shard?.index ?? 0) - (other.shard?.index ?? 0) || one.seed - other.seed
  );
}

/** By ground, in the order in which they come first. */
function groupsOf(parts: readonly RunPart[]): (readonly [RunPart, ...RunPart[]])[] {
  const groups = new Map<string, [RunPart, ...RunPart[]]>();
  for (const part of parts) {
    const { machine, head } = part.header;
    const key = groundKey({ machine, placement: head.placement });
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else group.push(part);
  }
  return [...groups.values()];
}

/** Hosts, with numbers where several have one name. */
function namesOf(hosts: readonly string[]): string[] {
  return hosts.map((host, index) => {
    const same = hosts.filter((other) => other === host).length;
    return same === 1
      ? host
      : `${host} #${hosts.slice(0, index + 1).filter((other) => other === host).length}`;
  });
}

function partOf(part: RunPart): MergedPart {
  const { config } = part.header.head;
  return {
    seed: config.seed,
    shard: config.shard ?? null,
    startedAt: part.header.machine.startedAt ?? null,
    elapsedMs: elapsedOf(part),
    isWhole: isWhole(part),
  };
}

/** The result of the runs of one stratum as one. */
function resultOf(parts: readonly [RunPart, ...RunPart[]], strata: number): Stratum['result'] {
  const [{ header }] = parts;
  const { shard: _shard, ...config } = header.head.config;
  const head: RunHead = { ...header.head, config };
  const isInterrupted = !parts.every(isWhole);
  const measured = measuredOf(head, header.machine, stratumLog(head, parts), { isInterrupted, strata });
  const found = foundIn(parts);
  if (header.command === 'stress') return stressedOf(stressResultOf(measured), found);
  const run = compareResultOf(measured);
  if (header.asks.agrees) return agreedOf(run, found);
  return decidedOf(run, found, { ...header.asks, measures: head.graded.measures });
}

/** What each arm rests on: found out by every run for itself, the same in all of them; that of the first which has come to it. */
function foundIn(parts: readonly RunPart[]): (ArmFound | undefined)[] {
  const found: (ArmFound | undefined)[] = [];
  for (const record of parts.flatMap(({ records }) => records)) {
    if (record.kind === 'arm') found[record.arm] = { ...record.found, ...found[record.arm] };
  }
  return found;
}

/** A p-value of each stratum by itself, adjusted over all of them. */
function comparisonsOf(strata: readonly Stratum[]): MergedComparison[] {
  const all = strata.flatMap(({ name, result }) =>
    result.comparisons.map(({ control, strategy, pValue }) => ({ stratum: name, control, strategy, pValue })),
  );
  const controls = [...new Set(all.map(({ control }) => control))];
  return controls.flatMap((control) => {
    const own = all.filter((each) => each.control === control);
    const adjusted = [...holmAdjusted(own.flatMap(({ pValue }) => pValue ?? []))];
    return own.map((each) =>
      Object.assign({}, each, { pValueHolm: each.pValue === null ? null : (adjusted.shift() ?? null) }),
    );
  });
}

function armsOf(strata: readonly Stratum[]): MergedArm[] {
  const arms = strata[0]?.result.arms ?? [];
  return arms.map(({ strategy, expectation, isControl }, index) => {
    const verdicts = strata.map(({ name, result }) => ({
      name,
      verdict: result.arms[index]?.verdict ?? 'inconclusive',
    }));
    return {
      strategy,
      expectation,
      isControl,
      verdict: overAll(verdicts.map(({ verdict }) => verdict)),
      inconclusiveIn: verdicts.flatMap(({ name, verdict }) => (verdict === 'inconclusive' ? [name] : [])),
    };
  });
}

/** A violation is one wherever it was; a zero counts where all of them do. */
function overAll(verdicts: readonly ArmVerdict[]): ArmVerdict {
  if (verdicts.includes('violated')) return 'violated';
  return verdicts.every((verdict) => verdict === 'clean') ? 'clean' : 'inconclusive';
}

/** What is not as declared in one stratum is not so in all; what is as declared must be so in each of them. */
function verdictOf(strata: readonly Stratum[]): MergedRunResult['verdict'] {
  const verdicts = strata.map(({ result }) => result.verdict);
  const worst = (['not-as-declared', 'violated', 'inconclusive'] as const).find((verdict) =>
    verdicts.includes(verdict),
  );
  return worst ?? verdicts[0] ?? 'inconclusive';
}

function noticesOf(grounds: readonly (readonly RunPart[])[], names: readonly string[]): string[] {
  return grounds.flatMap((parts, index) => {
    const name = names[index] ?? '';
    const places = new Set(parts.map(({ header }) => JSON.stringify(header.head.placement ?? null)));
    return [
      ...(overlap(parts)
        ? [
            `On ${name} runs went on at the same time, and took processors from each other: its rates are those of a busy machine.`,
          ]
        : []),
      ...(places.size > 1
        ? [
            `On ${name} the actors of its runs were kept on different processors, which lie to each other in the same way.`,
          ]
        : []),
    ];
  });
}

/** Whether one began before another had ended; not known where journals do not say when they began. */
function overlap(parts: readonly RunPart[]): boolean {
  let until = 0;
  return parts.some((part) => {
    const from = beganAt(part);
    const isEarly = from > 0 && from < until;
    until = Math.max(until, from + elapsedOf(part));
    return isEarly;
  });
}
