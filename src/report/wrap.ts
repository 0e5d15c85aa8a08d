/** The width of every report. */
export const REPORT_COLUMNS = 80;

/** How `wrapped` breaks lines. */
export interface WrapOptions {
  /** In front of the first line; the other lines are indented by as much. */
  readonly prefix?: string;
  readonly columns?: number;
}

/** Breaks a paragraph at spaces, with a hanging indent; a word longer than a line is cut. */
export function wrapped(text: string, options: WrapOptions = {}): string[] {
  const { prefix = '', columns = REPORT_COLUMNS } = options;
  const room = Math.max(columns - prefix.length, 1);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((whole) => cut(whole, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((content, index) => (index === 0 ? prefix : ' '.repeat(prefix.length)) + content);
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
