import { parsePlacement, placementText } from '../topology/placement.ts';
import type { PlacesAsked } from './options.ts';

/** What was asked for of the processors, where anything was, as results and command lines say it. */
export interface PlacesConfig {
  /** `--instances`, if it was given. */
  readonly instances?: number | 'auto';
  /** `--placement`, if it was given, as it takes it. */
  readonly placement?: string;
}

/** That of a run. */
export function placesConfig({ instances, placement }: PlacesAsked): PlacesConfig {
  return {
    ...(instances !== undefined && { instances }),
    ...(placement !== undefined && { placement: placementText(placement) }),
  };
}

/**
 * What such a configuration asks for.
 * @throws {PlacementError} If it is none, of a document that somebody has changed.
 */
export function placesAsked({ instances, placement }: PlacesConfig): PlacesAsked {
  return { instances, ...(placement !== undefined && { placement: parsePlacement(placement) }) };
}
