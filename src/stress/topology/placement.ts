import { didYouMean } from '../../fix/plug-in/suggest.ts';
import { PlacementError } from './placement-error.ts';

/**
 * Where the actors of an instance are to lie: on one core, on the nearest cores, on cores that share a third-level cache, in
 * one package without sharing a cache, in different packages (or nodes), or near each other and each instance far from the others.
 */
export const PLACEMENT_CLASSES = ['sibling', 'near', 'l3', 'package', 'far', 'spread'] as const;

export type PlacementClass = (typeof PLACEMENT_CLASSES)[number];

/** What a run wants of the places of its actors. */
export type Placement =
  | { readonly kind: 'class'; readonly name: PlacementClass }
  /** The classes that the machine has, one per start. */
  | { readonly kind: 'all' }
  /** By instance, the processor of each of its actors. */
  | { readonly kind: 'list'; readonly instances: readonly (readonly number[])[] };

/** A processor's number at most: far above what a kernel can be built for. */
const PROCESSOR_MAX = 65_535;
const EXPECTED = `${PLACEMENT_CLASSES.join(', ')}, all, or processors such as 0,8;1,9`;

/**
 * Reads a placement as a user types it: a class, `all`, or the processors of the actors of each instance, such as `0,8;1,9`.
 * @throws {PlacementError} In one line, if it is none, or names a processor twice.
 */
export function parsePlacement(text: string): Placement {
  if (text === 'all') return { kind: 'all' };
  const name = PLACEMENT_CLASSES.find((known) => known === text);
  if (name !== undefined) return { kind: 'class', name };
  if (!/^[\d,; ]+$/.test(text)) {
    const hint = didYouMean(text, [...PLACEMENT_CLASSES, 'all']);
    throw new PlacementError(`--placement: expected ${EXPECTED}, got '${shortened(text)}'${hint}`);
  }
  const instances = text.split(';').map((list) => list.split(',').map((number) => processorOf(number, text)));
  const numbers = instances.flat();
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
  if (twice !== undefined) {
    throw new PlacementError(`--placement: '${shortened(text)}' names processor ${twice} twice`);
  }
  return { kind: 'list', instances };
}

/** A placement as `parsePlacement` takes it. */
export function placementText(placement: Placement): string {
  if (placement.kind === 'class') return placement.name;
  return placement.kind === 'all' ? 'all' : placement.instances.map((list) => list.join(',')).join(';');
}

function processorOf(text: string, whole: string): number {
  const number = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (number <= PROCESSOR_MAX) return number;
  throw new PlacementError(
    `--placement: expected processors such as 0,8;1,9, each from 0 to ${PROCESSOR_MAX}, got '${shortened(whole)}'`,
  );
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
