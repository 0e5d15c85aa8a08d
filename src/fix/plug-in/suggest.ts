/** The known names close to one that is not known, the closest first, `count` at most. */
export function closest(name: string, known: readonly string[], count: number): readonly string[] {
  const typed = name.toLowerCase();
  const errorsMax = Math.max(1, Math.floor(typed.length / 3));
  return (
    known
      // Names that differ more in length cannot be close, and a very long one would be compared for seconds.
      .filter((candidate) => Math.abs(candidate.length - typed.length) <= errorsMax)
      .map((candidate) => ({ candidate, errors: typingErrors(typed, candidate.toLowerCase()) }))
      .filter(({ errors }) => errors <= errorsMax)
      .toSorted((one, other) => one.errors - other.errors)
      .slice(0, count)
      .map(({ candidate }) => candidate)
  );
}

/** The known name closest to one that is not known, if any is close. */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  return closest(name, known, 1)[0];
}

/** `; did you mean upstream?`, or nothing. */
export function didYouMean(
  name: string,
  known: readonly string[],
  form = (found: string): string => found,
): string {
  const found = suggestion(name, known);
  return found === undefined ? '' : `; did you mean ${form(found)}?`;
}

/** Insertions, deletions, substitutions and swaps of neighbors that turn `a` into `b`. */
function typingErrors(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    const row: number[] = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1];
      if (above === undefined) {
        row.push(j);
        continue;
      }
      const isSame = a[i - 1] === b[j - 1];
      let errors = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        errors = Math.min(errors, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      }
      row.push(errors);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
