/**
 * In which order the accesses of one actor become visible to the others: a part of a setting.
 * - `sc`: as they stand in its program (sequential consistency), as JavaScript's Atomics have it.
 * - `x86`: stores wait in a first-in, first-out buffer of their processor, and loads pass them (x86-TSO).
 * - `lkmm-stores`: what the Linux memory model allows of delayed stores: only those to one word stay in order. Loads are in
 *   program order, so that it is a part of the model.
 */
export type Ordering = 'sc' | 'x86' | 'lkmm-stores';

/** All of them, the default first. */
export const ORDERINGS: readonly Ordering[] = ['sc', 'x86', 'lkmm-stores'];

/** Of a setting, a schedule or a result: what it says of its ordering, which is nothing where that is the default. */
export function orderingPart(ordering: Ordering | undefined): { readonly ordering?: Ordering } {
  return ordering === undefined || ordering === 'sc' ? {} : { ordering };
}
