/** So many actors of one role. */
export interface RoleCount {
  readonly role: string;
  readonly count: number;
}

/** Actors as `--actors` takes them: `finder=1,reclaim=1`. */
export function actorsText(actors: readonly RoleCount[]): string {
  return actors.map(({ role, count }) => `${role}=${count}`).join(',');
}

/** Longest part of a text that a message repeats. */
const SHOWN_MAX = 60;

/**
 * Reads what `actorsText` writes; names are not looked up.
 * @throws {RangeError} If the text is none.
 */
export function parseActorsText(text: string): RoleCount[] {
  return text.split(',').map((part) => {
    const [, role, count] = /^([^=]+)=(\d{1,2})$/.exec(part) ?? [];
    if (role === undefined) {
      const shown = part.length > SHOWN_MAX ? `${part.slice(0, SHOWN_MAX)}...` : part;
      throw new RangeError(`actors: expected finder=1,reclaim=1 or the like, got '${shown}'`);
    }
    return { role, count: Number(count) };
  });
}
