import type { PlantedBug } from '../../../fix/subject.ts';

/** By id of each invariant: what breaks it, so that a zero of it means something. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {};
