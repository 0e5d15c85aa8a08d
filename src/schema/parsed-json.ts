/** Deeper than any value that is written: whoever parses JSON pays for depth in memory. */
const DEPTH_MAX = 64;
/** Shorter texts cannot be deep enough to cost anything. */
const DEPTH_FREE = 65_536;

/**
 * The value of a text.
 * @throws {SyntaxError} If it is no JSON, or nested deeper than anything that is written.
 */
export function parsedJson(text: string): unknown {
  if (text.length > DEPTH_FREE && depthOf(text) > DEPTH_MAX) throw new SyntaxError('it is nested too deep');
  return JSON.parse(text);
}

/** How deep the brackets of a text are nested, those in strings left out. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [found] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (found === '[' || found === '{') deepest = Math.max(deepest, ++depth);
    else if (found === ']' || found === '}') depth--;
    if (deepest > DEPTH_MAX) break;
  }
  return deepest;
}
