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

/** A word that is longer than a line, such as a schedule, is broken between its parts. */
function wordsOf(command: string): string {
  return command
    .split(' ')
    .map((word) => element('span', {}, [escaped(word).replaceAll(/[:,~/](?=.)/g, '$&<wbr>')]))
    .join(' ');
}
