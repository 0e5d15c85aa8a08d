import type { Ordering } from '../memory/ordering.ts';

/** What a verdict is worth that no schedule violates: in which order accesses become visible in all that was searched. */
export function orderingText(ordering: Ordering = 'sc'): string {
  switch (ordering) {
    case 'sc':
      return 'sequentially consistent';
    case 'x86':
      return 'under x86-TSO';
    case 'lkmm-stores':
      return 'with stores delayed as the Linux memory model allows';
  }
}

/** An ordering with what it is. */
export function orderingFact(ordering: Ordering): string {
  switch (ordering) {
    case 'sc':
      return 'sc: every store is visible at once (sequentially consistent)';
    case 'x86':
      return 'x86: stores wait in the buffer of their processor (x86-TSO)';
    case 'lkmm-stores':
      return 'lkmm-stores: stores are delayed as the Linux memory model allows';
  }
}

/** The line of a header that names the ordering, unless it is the default. */
export function orderingLines(ordering: Ordering = 'sc'): string[] {
  return ordering === 'sc' ? [] : [`  ordering   ${orderingFact(ordering)}`];
}

/** Behind a word: in which ordering, unless it is the default. */
export function orderingSuffix(ordering: Ordering = 'sc'): string {
  return ordering === 'sc' ? '' : ` ${orderingText(ordering)}`;
}
