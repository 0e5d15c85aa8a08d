import { counted } from '../../number.ts';
import { element, escaped } from '../../saved/markup.ts';

/** A section of a result with a heading; nothing without content. */
export function block(heading: string, ...content: readonly string[]): string {
  const filled = content.filter((markup) => markup !== '');
  return filled.length === 0
    ? ''
    : element('section', {}, [element('h3', {}, [escaped(heading)]), ...filled]);
}

/** What a result rests on, folded: long, and to be read by whoever doubts. */
export function restsOn(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return element('details', { class: 'folded' }, [
    element('summary', {}, [`What this rests on, in ${counted(texts.length, 'sentence')}`]),
    sentences(texts),
  ]);
}

/** Sentences as a list. */
export function sentences(texts: readonly string[]): string {
  const items = texts.map((text) => element('li', {}, [escaped(text)]));
  return items.length === 0 ? '' : element('ul', { class: 'sentences' }, items);
}
