/** Text of the user in a message of one line. */
import { visible } from '../report/visible.ts';

/** As long as the paths that systems give. */
const PATH_CHARACTERS_MAX = 400;

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
