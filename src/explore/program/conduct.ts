import { accessNumbered } from '../../memory/access.ts';
import { type Conduct, type Held, heldAfter as heldAfterAccess } from '../../memory/conduct.ts';
import type { Address } from '../../memory/layout.ts';
import { Kind, type Step } from './step.ts';

/** The step as its actor takes it, which holds this: itself, or the fault that it is. `fs`: the start of the world. */
export function conducted(step: Step, held: Held, conduct: Conduct, fs: Address): Step {
  const { kind, address } = step;
  const access = accessNumbered(kind);
  if (access === undefined) return step;
  const fault = conduct.faultOf(access, address - fs, held);
  if (fault !== 0) return { kind: Kind.Fault, address, operand: fault, replacement: kind };
  const isOfReader = held.rcuDepth > 0 && conduct.bufferOf(access, address - fs) >= 0;
  return isOfReader ? { ...step, isInRcu: true } : step;
}

/** What an actor holds behind a step, which gave `result`; locks by their place in the world. */
export function heldAfter(held: Held, { kind, address }: Step, result: number, fs: Address): Held {
  const access = accessNumbered(kind);
  return access === undefined ? held : heldAfterAccess(held, access, address - fs, result);
}
