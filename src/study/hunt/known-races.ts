import { THEN } from '../../scenario/hunted/actor-program.ts';
import type { HuntedNames } from '../../scenario/hunted/hunted-names.ts';

type Actors = Pick<HuntedNames, 'actors'>;

/** What programs violate, so that a larger one with such a program inside of it is not looked at again. */
export class KnownRaces {
  /** By the programs of actors, wherever they start: ids of invariants. */
  readonly #violated = new Map<string, Set<string>>();

  /** Whether a smaller program violates the same, or these actors do from another start. */
  isKnown({ actors }: Actors, invariant: string): boolean {
    return [signature(actors), ...smaller(actors)].some(
      (each) => this.#violated.get(each)?.has(invariant) === true,
    );
  }

  add({ actors }: Actors, invariant: string): void {
    const own = signature(actors);
    const violated = this.#violated.get(own);
    if (violated === undefined) this.#violated.set(own, new Set([invariant]));
    else violated.add(invariant);
  }
}

function signature(actors: readonly string[]): string {
  return actors.toSorted().join('@');
}

/** The same with one actor, or one operation of an actor, less. */
function smaller(actors: readonly string[]): readonly string[] {
  return actors.flatMap((text, index) => {
    const names = text.split(THEN);
    const shorter =
      names.length < 2 ? [] : names.map((_, at) => actors.with(index, names.toSpliced(at, 1).join(THEN)));
    return [actors.toSpliced(index, 1), ...shorter].map((each) => signature(each));
  });
}
