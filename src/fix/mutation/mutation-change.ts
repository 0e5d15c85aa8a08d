import { type Access, accessKinds } from '../../memory/access.ts';
import { isBarrier } from '../../memory/access-kind.ts';

/** Which changes an access has, and why it has not the others. */

/**
 * What becomes of the step.
 * - `drop`: the access is not made. Of a number, a load of it remains.
 * - `true`, `false`: the access is not made, and its caller goes on as if it had given that.
 * - `as-N`: the access is not made, and its caller goes on as if it had read N.
 * - `later`: it changes places with what follows it in its function, an access or a call.
 * - `split`: a read-modify-write becomes a load and a store, between which others may come.
 * - `unlocked`: a spin lock or a read-write lock is neither taken nor given back.
 */
export type MutationChange = 'drop' | 'true' | 'false' | 'later' | 'split' | 'unlocked' | `as-${number}`;

/** Whether a change can be made to an access. */
export function isChangeOf(change: MutationChange, access: Access): boolean {
  const { target, gives, writes, isReadModifyWrite, holds, maySleep } = accessKinds[access];
  switch (change) {
    case 'drop':
      // Without cpu_relax a retry loop would not wait for anything: it would be another loop, not another order.
      return (gives === 'nothing' && target !== 'none') || leavesLoad(access);
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
  if (isBarrier(accessKinds[access])) return 'it only orders, and mutants are searched in program order';
  if (target === 'none') return 'it only waits: nothing is accessed';
  return undefined;
}
