import { type Access, accessKinds, accessNames } from '../../memory/access.ts';
import { type AccessKind, isBarrier } from '../../memory/access-kind.ts';
import type { Ordering } from '../../memory/ordering.ts';

/** Which changes an access has, and why it has not the others. */

/**
 * What becomes of the step.
 * - `drop`: the access is not made. Of a number, a load of it remains.
 * - `true`, `false`: the access is not made, and its caller goes on as if it had given that.
 * - `as-N`: the access is not made, and its caller goes on as if it had read N.
 * - `later`: it changes places with what follows it in its function, an access or a call.
 * - `split`: a read-modify-write becomes a load and a store, between which others may come.
 * - `unlocked`: a spin lock or a read-write lock is neither taken nor given back.
 * - `relaxed`: it is the same access to its word, and orders no others.
 */
export type MutationChange =
  'drop' | 'true' | 'false' | 'later' | 'split' | 'unlocked' | 'relaxed' | `as-${number}`;

/** The access that does the same to a word and orders nothing, by the one that does order. Of a lock, or a wait, there is none. */
const weaker: ReadonlyMap<Access, Access> = new Map(
  accessNames.flatMap((access) => {
    const { target, ordering } = accessKinds[access];
    if (target !== 'word' || ordering === 'relaxed') return [];
    const other = accessNames.find(
      (each) => accessKinds[each].ordering === 'relaxed' && isSame(accessKinds[each], accessKinds[access]),
    );
    return other === undefined ? [] : [[access, other] as const];
  }),
);

/** Whether two accesses do the same to their word, and give the same. */
function isSame(one: AccessKind, other: AccessKind): boolean {
  return (
    one.target === other.target &&
    one.operands === other.operands &&
    one.gives === other.gives &&
    one.reads === other.reads &&
    one.writes === other.writes &&
    one.isReadModifyWrite === other.isReadModifyWrite &&
    one.isPlainStore === other.isPlainStore &&
    one.holds === other.holds &&
    one.maySleep === other.maySleep &&
    one.leaves === other.leaves &&
    one.answer === other.answer
  );
}

/** What an access becomes by `relaxed`, or undefined. */
export function weakerOf(access: Access): Access | undefined {
  return weaker.get(access);
}

/** Whether a change is none of what is accessed, but of the order alone. */
function isOfOrder(change: MutationChange, access: Access): boolean {
  return change === 'relaxed' || isBarrier(accessKinds[access]);
}

/**
 * Whether a change may be noticed in an ordering: under `sc` all is in order whatever orders it, and an x86-64 has one instruction for
 * an atomic access, whether it is to order others or not.
 */
export function isNoticeable(change: MutationChange, access: Access, ordering: Ordering): boolean {
  switch (ordering) {
    case 'sc':
      return !isOfOrder(change, access);
    case 'x86':
      return change !== 'relaxed';
    case 'lkmm-stores':
      return true;
  }
}

/** Whether a change can be made to an access. */
export function isChangeOf(change: MutationChange, access: Access): boolean {
  const kind = accessKinds[access];
  const { target, gives, writes, isReadModifyWrite, holds, maySleep } = kind;
  switch (change) {
    case 'drop':
      // Without cpu_relax a retry loop would not wait for anything: it would be another loop, not another order.
      return (gives === 'nothing' && target !== 'none') || isBarrier(kind) || leavesLoad(access);
    case 'true':
      return gives === 'truth' || writes === 'if-expected';
    case 'false':
      return gives === 'truth';
    case 'later':
      return gives === 'nothing' && target !== 'none';
    case 'split':
      return isReadModifyWrite;
    case 'unlocked':
      return (target === 'spin-lock' || target === 'rwsem') && holds === 'from-here';
    case 'relaxed':
      return weakerOf(access) !== undefined;
    default:
      return gives === 'number' && writes === 'never' && !maySleep;
  }
}

/** Whether a load remains of an access that is dropped. */
export function leavesLoad(access: Access): boolean {
  const { gives, writes } = accessKinds[access];
  return gives === 'number' && writes === 'always';
}

/**
 * Why an access cannot change places with what follows it, or undefined if it can. `hasNext` says whether anything ever
 * follows it in its function.
 */
export function immovable(access: Access, hasNext: boolean): string | undefined {
  const { target, gives } = accessKinds[access];
  if (gives !== 'nothing') return 'what follows depends on its result';
  if (target === 'none') return isBarrier(accessKinds[access]) ? 'it only orders' : 'it only waits';
  return hasNext ? undefined : 'nothing follows it in its function';
}

/** Why nothing at all can be changed about an access, or undefined. */
export function immutable(access: Access): string | undefined {
  const { target, gives } = accessKinds[access];
  if (gives === 'object') return 'without an object there is nothing to go on with';
  if (target === 'none' && !isBarrier(accessKinds[access])) return 'it only waits: nothing is accessed';
  return undefined;
}
