import { element, escaped } from '../saved/markup.ts';

/** A command with a button that copies it; the script shows that. */
export function commandMarkup(command: string): string {
  return element('div', { class: 'command' }, [
    element('code', {}, [wordsOf(command)]),
    element(
      'button',
      { type: 'button', class: 'copy', hidden: '', 'aria-label': `Copy: ${command.slice(0, 60)}` },
      ['Copy'],
    ),
  ]);
}

function wordsOf(command: string): string {
  return command
    .split(' ')
    .map((word) => element('span', {}, [escaped(word)]))
    .join(' ');
}
