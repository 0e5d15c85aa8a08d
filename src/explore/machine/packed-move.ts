import type { Machine } from './machine.ts';

/** A move as one integer, for ways that are kept or handed on: the choice above the actor. */
const CHOICE_SHIFT = 5;
const ACTOR_MASK = (1 << CHOICE_SHIFT) - 1;

/** Packs a move. */
export function packMove(actor: number, choice: number): number {
  return (choice << CHOICE_SHIFT) | actor;
}

/** Takes a packed move. Returns the check that it violates, or 0. */
export function playMove(machine: Machine, move: number): number {
  return machine.take(move & ACTOR_MASK, move >>> CHOICE_SHIFT);
}
