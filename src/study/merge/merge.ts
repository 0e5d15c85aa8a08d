import type { CompareHeader, HuntHeader, MutateHeader, StressHeader } from '../journal/records.ts';
import type { HuntResult } from '../hunt/hunt-result.ts';
import type { MutateResult } from '../mutate-result.ts';
import { MergeError } from './merge-error.ts';
import type { MergedRunResult } from './merged-run-result.ts';
import { mergedHunt } from './merged-hunt.ts';
import { mergedMutants } from './merged-mutants.ts';
import { mergedRuns } from './merged-run.ts';
import type { Part } from './part.ts';
import { requireSameWork } from './same-work.ts';

export type MergedResult = MergedRunResult | HuntResult | MutateResult;

/**
 * Adds up the journals of one work.
 * @throws {MergeError} If they are not of one work, or of a command whose work cannot be divided.
 */
export async function merged(parts: readonly Part[]): Promise<MergedResult> {
  requireSameWork(parts);
  const [run, hunted, mutated] = [parts.filter(isRun), parts.filter(isHunt), parts.filter(isMutation)];
  if (run.length > 0) return mergedRuns(someOf(run));
  if (hunted.length > 0) return mergedHunt(someOf(hunted));
  if (mutated.length > 0) return mergedMutants(someOf(mutated));
  const command = parts[0]?.header.command ?? 'nothing';
  throw new MergeError(
    `journals of ${command} are not merged; those of compare, stress, hunt and mutate are`,
  );
}

function isRun(part: Part): part is Part<CompareHeader | StressHeader> {
  return part.header.command === 'compare' || part.header.command === 'stress';
}

function isHunt(part: Part): part is Part<HuntHeader> {
  return part.header.command === 'hunt';
}

function isMutation(part: Part): part is Part<MutateHeader> {
  return part.header.command === 'mutate';
}

function someOf<Item>(items: readonly Item[]): readonly [Item, ...Item[]] {
  const [first, ...others] = items;
  if (first === undefined) throw new MergeError('there is nothing to merge');
  return [first, ...others];
}
