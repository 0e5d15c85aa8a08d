import type { Instructions } from './instructions.ts';
import type { Address, Geometry } from './layout.ts';
import type { Ordering } from './ordering.ts';

/** Where one actor's memory lives. */
export interface ActorMemory {
  /** The shared words. */
  readonly words: Int32Array;
  /** How the words are accessed. @default `javascriptInstructions(words)` */
  readonly instructions?: Instructions | undefined;
  readonly geometry: Geometry;
  /** With `x86`, stores are plain ones, which wait in the store buffers of an x86-64. @default `sc` */
  readonly ordering?: Ordering | undefined;
  /** Address of the control line of actor 0. */
  readonly actorBase: Address;
  /** Number of actors, which have one control line each. */
  readonly actorCount: number;
  /** This actor, 0-based. */
  readonly actor: number;
  /** Probes of a contended word before the actor gives its processor away. */
  readonly spinsMax: number;
  /** Where the worlds lie; without it nothing is known of violations in the world of a word. */
  readonly worlds?: { readonly base: Address; readonly words: number } | undefined;
}
