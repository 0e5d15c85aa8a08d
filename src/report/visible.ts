/** Text of others, such as names of plug-ins, where it is shown. */

/** What moves the cursor, turns the direction, breaks the line, or has no look of its own; lone halves of a pair too. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/gu;

/** The text with escapes for all that cannot be seen: `\u{202e}`. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A document with all of its texts and names like that: of whoever wrote it, nothing is left that a terminal or a page obeys. */
export function visibleDocument(document: object): object {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object remains one
  return shown(document) as object;
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shown);
  // Names become properties of its own whatever they are, `__proto__` too.
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [visible(key), shown(each)]));
}
