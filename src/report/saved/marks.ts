/** Painted words in a text that becomes a page. */
import type { Tone } from '../paint.ts';

/** Around such a word: characters that no report has, and that survive escaping. */
const MARKS: Readonly<Record<Tone, string>> = { good: '\uE000', bad: '\uE001', unsure: '\uE002' };
const MARK_END = '\uE003';

/** How a word is painted that a page will color. */
export function marked(tone: Tone, text: string): string {
  return MARKS[tone] + text + MARK_END;
}

/** The markup of a text with such words. */
export function colored(markup: string): string {
  let text = markup.replaceAll(MARK_END, '</b>');
  for (const [tone, mark] of Object.entries(MARKS)) text = text.replaceAll(mark, `<b class="${tone}">`);
  return text;
}
