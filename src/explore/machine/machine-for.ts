import { BufferedMachine } from './buffered-machine.ts';
import { Machine } from './machine.ts';
import type { MachineParts } from './machine-parts.ts';

/** The machine of a setting's ordering. */
export function machineFor(parts: MachineParts): Machine {
  return parts.setting.ordering === 'sc' ? new Machine(parts) : new BufferedMachine(parts);
}
