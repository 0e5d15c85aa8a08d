/** Places of actors, made by hand. */
import type { ClassPlan } from '../../../src/stress/topology/placement-plan.ts';

/** The places of a class; they are as asked for, each actor has a processor. */
export function place(
  placement: ClassPlan['placement'],
  instances: ClassPlan['instances'],
  parts: Partial<ClassPlan> = {},
): ClassPlan {
  return {
    placement,
    instances,
    actorsPerProcessor: 1,
    isMet: 'yes',
    unmet: null,
    unpinned: null,
    idle: [],
    notes: [],
    ...parts,
  };
}

/** What `--placement all` makes of 32 processors on two packages. */
export const placesOfThirtyTwo: readonly ClassPlan[] = [
  place(
    'sibling',
    Array.from({ length: 15 }, (_, at) => ({ processors: [at + 1, at + 17], distance: 'sibling' as const })),
  ),
  place(
    'l3',
    Array.from({ length: 15 }, (_, at) => ({ processors: [2 * at, 2 * at + 1], distance: 'l3' as const })),
  ),
  place(
    'far',
    Array.from({ length: 7 }, (_, at) => ({ processors: [at + 1, at + 9], distance: 'far' as const })),
  ),
];

/** Two of them on eight processors. */
export const placesOfFour: readonly ClassPlan[] = [
  place('sibling', [
    { processors: [1, 5], distance: 'sibling' },
    { processors: [2, 6], distance: 'sibling' },
    { processors: [3, 7], distance: 'sibling' },
  ]),
  place('l3', [
    { processors: [1, 2], distance: 'l3' },
    { processors: [3, 4], distance: 'l3' },
    { processors: [5, 6], distance: 'l3' },
  ]),
];
