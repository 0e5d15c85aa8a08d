import { BufferedMachine } from './buffered-machine.ts';
import { LkmmMachine } from './lkmm-machine.ts';
import { Machine } from './machine.ts';
import type { MachineParts } from './machine-parts.ts';

/** The machine of a setting's ordering. */
export function machineFor(parts: MachineParts): Machine {
  const { ordering } = parts.setting;
  switch (ordering) {
    case 'sc':
      return new Machine(parts);
    case 'x86':
      return new BufferedMachine(parts);
    case 'lkmm-stores':
      return new LkmmMachine(parts);
  }
}
