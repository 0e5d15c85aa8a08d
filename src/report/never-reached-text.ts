/** What no schedule of a search comes to, and why that makes a proof worth nothing. */
import type { NeverReached } from '../explore/never-reached.ts';
import type { ActorOperation, ProofGaps } from '../stress/result/result.ts';
import { listed } from './number.ts';
import { wrapped } from './wrap.ts';

/** Lines of the head of a report: operations, outcomes and functions of the strategy; nothing where all is reached. */
export function neverReachedLines(never: NeverReached | undefined): string[] {
  if (never === undefined) return [];
  const { operations, withoutStep, outcomes, own } = never;
  return [
    ...(operations.length === 0 ? [] : [`  never reached  ${byActor(operations)}`]),
    ...(withoutStep.length === 0 ? [] : [`  without steps  ${byActor(withoutStep)}`]),
    ...(own === null || own.never.length === 0
      ? []
      : wrapped(`of the strategy: ${listed(own.never)}`, { prefix: '  never reached  ' })),
    ...(outcomes.length === 0 ? [] : wrapped(listed(outcomes), { prefix: '  never ends as  ' })),
  ];
}

/** Why a proof is vacuous: clauses, one at least. Without what was never reached: a mutant that never came to its change. */
export function vacuityReasons({
  neverReached: never,
  isChangeReached,
}: {
  readonly neverReached?: ProofGaps;
  readonly isChangeReached?: boolean;
}): string[] {
  const own = never?.own;
  return [
    ...byActors(never?.operations ?? [], 'never comes to'),
    ...byActors(never?.withoutStep ?? [], 'takes no step in'),
    ...(own?.reached.length === 0
      ? [`nobody takes a step in what the strategy overrides (${own.never.join(', ')})`]
      : []),
    ...(isChangeReached === false ? ['nobody comes to the changed step'] : []),
  ];
}

function byActors(operations: readonly ActorOperation[], what: string): string[] {
  return actorsIn(operations).map(([actor, names]) => `${actor} ${what} ${listed(names)}`);
}

/** `finder: read_extent_buffer_pages, free_extent_buffer; reclaim: unlock_page`. */
export function byActor(operations: readonly ActorOperation[]): string {
  return actorsIn(operations)
    .map(([actor, names]) => `${actor}: ${names.join(', ')}`)
    .join('; ');
}

function actorsIn(operations: readonly ActorOperation[]): (readonly [string, readonly string[]])[] {
  return [...new Set(operations.map(({ actor }) => actor))].map((actor) => [
    actor,
    operations.filter((each) => each.actor === actor).map(({ operation }) => operation),
  ]);
}
