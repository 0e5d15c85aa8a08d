/** The width of every report. */
export const REPORT_COLUMNS = 80;

/** How `wrapped` breaks lines. */
export interface WrapOptions {
  /** In front of the first line; the other lines are indented by as much. */
  readonly prefix?: string;
  readonly columns?: number;
}

/**
 * Breaks a paragraph at spaces, with a hanging indent. A word that is too long for that has a line of its own, with less in front of
 * it; only one that is longer than a whole line is cut.
 */
export function wrapped(text: string, options: WrapOptions = {}): string[] {
  const { prefix = '', columns = REPORT_COLUMNS } = options;
  const room = Math.max(columns - prefix.length, 1);
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(/\s+/)
    .flatMap((whole) => (whole.length <= columns ? whole : cut(whole, room)))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  const indent = ' '.repeat(prefix.length);
  const [first = ''] = lines;
  // What does not fit beside the prefix stands below it.
  const below = first.length > room ? [prefix.trimEnd(), ...lines.map((each) => indent + each)] : undefined;
  return (below ?? lines.map((each, index) => (index === 0 ? prefix : indent) + each)).map((each) =>
    each.length <= columns ? each : each.trimStart().padStart(columns),
  );
}

function cut(word: string, room: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < word.length; at += room) parts.push(word.slice(at, at + room));
  return parts;
}

/** The end of a name that is too long, which tells paths apart better than their beginning: `...dir/my-fix.mjs`. */
export function tail(name: string, columns: number): string {
  return name.length <= columns ? name : `...${name.slice(name.length - Math.max(columns - 3, 1))}`;
}
