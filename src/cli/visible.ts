/** Text of the user in a message of one line. */

/** What moves the cursor, turns the direction, breaks the line, or has no look of its own; lone halves of a pair too. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/gu;
/** As long as the paths that systems give. */
const PATH_CHARACTERS_MAX = 400;

/** The text with escapes for all that cannot be seen: `\u{202e}`. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The beginning of a text as `visible` has it, no longer than `max`. */
export function clipped(text: string, max: number): string {
  let shown = '';
  for (const character of text) {
    const next = visible(character);
    if (shown.length + next.length > max) return `${shown}...`;
    shown += next;
  }
  return shown;
}

/** A file name in quotes. */
export function quotedPath(path: string): string {
  return `'${clipped(path, PATH_CHARACTERS_MAX)}'`;
}
