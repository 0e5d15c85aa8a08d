/** Deeper than any value that is written: whoever parses JSON pays for depth in memory. */
const DEPTH_MAX = 64;
/** Shorter texts cannot be deep enough to cost anything. */
const DEPTH_FREE = 65_536;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * The value of a text.
 * @throws {SyntaxError} If it is no JSON, or nested deeper than anything that is written.
 */
export function parsedJson(text: string): unknown {
  if (text.length > DEPTH_FREE && depthOf(text) > DEPTH_MAX) throw new SyntaxError('it is nested too deep');
  return JSON.parse(text);
}

/** How deep the brackets of a text are nested, those in strings left out; no deeper than just beyond the limit. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let at = 0; at < text.length && deepest <= DEPTH_MAX; at++) {
    const code = text.charCodeAt(at);
    if (isString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) isString = false;
    } else if (code === QUOTE) isString = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth--;
  }
  return deepest;
}
