/** Lines of a terminal; a longer report begins with its verdict, which else would be found at its end. */
const SCREEN_LINES = 24;

/** Sections with a line between them, as a text. */
export function reportText(sections: readonly (readonly string[])[]): string {
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The same; with `verdict` in front of it where it is longer than a screen. */
export function ledByVerdict(verdict: readonly string[], sections: readonly (readonly string[])[]): string {
  const text = reportText(sections);
  return text.split('\n').length <= SCREEN_LINES ? text : reportText([verdict, text.trimEnd().split('\n')]);
}
