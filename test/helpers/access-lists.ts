/**
 * Finds source files that have a list of accesses of their own: what an access means is a row of src/memory/access.ts, and lists
 * are worked out from it. Works on text, so that it can be tested on planted files.
 */

/** The files that a new access has to be put down in: one of those in each row. */
export const PUT_DOWN_IN: readonly (readonly string[])[] = [
  ['src/memory/access.ts'],
  ['src/memory/access-numbers.ts'],
  ['src/memory/shared-memory.ts'],
  ['src/memory/word-memory.ts', 'src/memory/atomics-memory.ts'],
  ['src/explore/machine/machine.ts'],
];

/** The files that write some accesses out for speed, and take the others from the table. */
export const WRITTEN_OUT_IN: readonly string[] = [
  'src/memory/perform.ts',
  'src/memory/checked-memory.ts',
  'src/memory/recording-memory.ts',
  'src/explore/program/suspension-memory.ts',
  'src/stress/compiled/step-code.ts',
];

/** The file that says how accesses are written in another language than the table has. */
const TRANSLATED_IN = 'src/explore/litmus/statements.ts';

/** Methods of a model that have no part in the names of steps, some of them called like the accesses of the kernel that they are. */
const INLINED = /^ +static override readonly inlined\b[^;]*;/m;

/** A few may be named where they are meant and no others of their sort. */
const NAMED_MAX = 4;

/** The files that name more than a few accesses as data or as methods, though they are none of the above. */
export function ownLists(files: ReadonlyMap<string, string>, accesses: readonly string[]): readonly string[] {
  return [...files].flatMap(([file, source]) => {
    if (PUT_DOWN_IN.flat().includes(file) || WRITTEN_OUT_IN.includes(file) || file === TRANSLATED_IN)
      return [];
    const named = accesses.filter((access) => isNamed(source.replace(INLINED, ''), access));
    return named.length > NAMED_MAX ? [`${file} has its own list of ${named.join(', ')}`] : [];
  });
}

/** As a string, as a kind of step, or as a method that is declared; a model's calls are none of these. */
function isNamed(source: string, access: string): boolean {
  const kind = access.charAt(0).toUpperCase() + access.slice(1);
  return new RegExp(`'${access}'|\\bKind\\.${kind}\\b|^ +(?:override )?${access}\\(|^ +${access}:`, 'm').test(
    source,
  );
}
