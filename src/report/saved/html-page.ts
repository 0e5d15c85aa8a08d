/**
 * One HTML file that needs nothing else: no script, no font, nothing from a network. Every result with its verdict, its
 * charts and the text that the command has printed. A pure function of the results.
 */
import type { CaseState } from './case.ts';
import { colored } from './marks.ts';
import { element, escaped } from './markup.ts';
import type { Rendered } from './rendered.ts';
import { STYLE } from './style.ts';

/** The page of results, in their order. */
export function htmlPage(results: readonly Rendered[]): string {
  const body = [
    element('h1', {}, ['ebtorture report']),
    ...(results.length > 1 ? [summary(results)] : []),
    ...results.map(section),
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    element('title', {}, [escaped(`ebtorture: ${results.map(({ title }) => title).join('; ')}`)]),
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    ...body,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function summary(results: readonly Rendered[]): string {
  const rows = results.map(({ file, title, state, cases }, index) =>
    element('tr', {}, [
      element('td', {}, [element('a', { href: `#result-${index + 1}` }, [escaped(title)])]),
      element('td', {}, [badge(state)]),
      element('td', {}, [escaped(cases[0]?.reason ?? '')]),
      element('td', {}, [element('code', {}, [escaped(file)])]),
    ]),
  );
  const head = ['result', '', 'verdict', 'file'].map((text) => element('th', {}, [text]));
  return element('table', {}, [element('tr', {}, head), ...rows]);
}

function section({ file, title, state, charts, markedText }: Rendered, index: number): string {
  return element('section', { id: `result-${index + 1}` }, [
    element('h2', {}, [escaped(title), ' ', badge(state)]),
    element('p', { class: 'file' }, [element('code', {}, [escaped(file)])]),
    ...charts,
    element('pre', {}, [colored(escaped(markedText))]),
  ]);
}

const WORDS: Readonly<Record<CaseState, string>> = { passed: 'pass', failed: 'FAIL', undecided: 'undecided' };

function badge(state: CaseState): string {
  return element('span', { class: `badge ${state}` }, [WORDS[state]]);
}
