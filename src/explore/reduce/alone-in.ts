import { BufferedMachine } from '../machine/buffered-machine.ts';
import type { Machine } from '../machine/machine.ts';
import { aloneOf } from './ample.ts';
import { BufferedIndependence } from './buffered-independence.ts';
import type { Independence } from './independence.ts';

/** Of the movers that can go on, the one that may be tried alone, as a bit, or 0: partial-order reduction of a machine's ordering. */
export function aloneIn(machine: Machine, futures: Independence): (enabled: number) => number {
  if (!(machine instanceof BufferedMachine)) return (enabled) => aloneOf(machine, futures, enabled);
  const buffered = new BufferedIndependence(machine, futures);
  return (enabled) => buffered.aloneOf(enabled);
}

/** Whether a state need not be kept, since a store that nobody notices is all that is tried in it; undefined where stores do not wait. */
export function passedIn(machine: Machine, futures: Independence): (() => boolean) | undefined {
  if (!(machine instanceof BufferedMachine)) return undefined;
  const buffered = new BufferedIndependence(machine, futures);
  return () => buffered.hasStore();
}
