import { type Access, accessKinds } from '../../memory/access.ts';

/** Which changes an access has, and why it has not the others. */

/**
 * What becomes of the step.
 * - `drop`: the access is not made. Of a number, a load of it remains.
 * - `true`, `false`: the access is not made, and its caller goes on as if it had given that.
 * - `as-N`: the access is not made, and its caller goes on as if it had read N.
 * - `later`: it changes places with what follows it in its function, an access or a call.
 * - `split`: a read-modify-write becomes a load and a store, between which others may come.
 * - `unlocked`: a spin lock is neither taken nor given back.
 */
export type MutationChange = 'drop' | 'true' | 'false' | 'later' | 'split' | 'unlocked' | `as-${number}`;

const READ_MODIFY_WRITE: ReadonlySet<Access> = new Set<Access>([
  'atomicInc',
  'atomicFetchInc',
  'atomicDec',
  'atomicIncNotZero',
  'atomicDecAndTest',
  'atomicCmpxchg',
  'setBit',
  'clearBit',
  'testAndSetBit',
  'testAndClearBit',
  'trylockPage',
]);

/** Whether a change can be made to an access. */
export function isChangeOf(change: MutationChange, access: Access): boolean {
  const { gives } = accessKinds[access];
  switch (change) {
    case 'drop':
      // Without cpu_relax a retry loop would not wait for anything: it would be another loop, not another order.
      return (gives === 'nothing' && access !== 'cpuRelax') || access === 'atomicFetchInc';
    case 'true':
      return gives === 'truth' || access === 'atomicCmpxchg';
    case 'false':
      return gives === 'truth';
    case 'later':
      return gives === 'nothing' && access !== 'cpuRelax';
    case 'split':
      return READ_MODIFY_WRITE.has(access);
    case 'unlocked':
      return access === 'spinLock';
    default:
      return access === 'atomicRead' || access === 'readOnce';
  }
}

/**
 * Why an access cannot change places with what follows it, or undefined if it can. `hasNext` says whether anything ever
 * follows it in its function.
 */
export function immovable(access: Access, hasNext: boolean): string | undefined {
  const { gives } = accessKinds[access];
  if (gives !== 'nothing') return 'what follows depends on its result';
  if (access === 'cpuRelax') return 'it only waits';
  return hasNext ? undefined : 'nothing follows it in its function';
}

/** Why nothing at all can be changed about an access, or undefined. */
export function immutable(access: Access): string | undefined {
  if (access === 'kmemCacheZalloc') return 'without an object there is nothing to go on with';
  if (access === 'cpuRelax') return 'it only waits: nothing is accessed';
  return undefined;
}
