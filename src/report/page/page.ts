/**
 * One HTML file that tells the story of some results to somebody who was not there: what was asked and the answer first, then what
 * it rests on, and the text of the commands at the end. It needs nothing else, runs one script of its own and reads without it. A
 * pure function of the results: their files and folders are not in it.
 */
import type { CaseState } from '../saved/case.ts';
import { commandOf } from '../saved/commands.ts';
import { element, escaped } from '../saved/markup.ts';
import type { Rendered } from '../saved/rendered.ts';
import type { Schema } from '../saved/saved-result.ts';
import { stripVTControlCharacters } from 'node:util';
import { assets } from './assets.ts';
import { commandMarkup } from './command.ts';
import { leadOf, partOf } from './parts.ts';
import type { Answer, Context, Part } from './part.ts';
import type { Replays } from './replays.ts';
import { type NamedRun, sideBySide } from './section/side-by-side.ts';

/** A result with its place on the page. */
interface Placed {
  readonly id: string;
  /** Of which the page has one. */
  readonly name: string;
  readonly result: Rendered;
  readonly part: Part;
}

const WORDS: Readonly<Record<CaseState, string>> = {
  passed: 'as declared',
  failed: 'NOT AS DECLARED',
  undecided: 'shows nothing',
};

/** Of results of which nothing is declared. */
const UNDECLARED: Readonly<Partial<Record<Schema, Partial<Record<CaseState, string>>>>> = {
  'ebtorture.hunt/1': { passed: 'no race', failed: 'RACES FOUND', undecided: 'not searched to the end' },
  'ebtorture.cpus/1': { passed: 'measured', undecided: 'measured in part' },
  'ebtorture.diff/1': { passed: 'same', failed: 'DIFFERENT', undecided: 'not told' },
};

const TITLE_MAX = 70;

/** The page of results, in their order. `replays` are those of `replaysWanted`, as many as could be played. */
export function htmlPage(results: readonly Rendered[], replays: Replays): string {
  const names = namesOf(results);
  const placed = results.map((result, index): Placed => {
    return { id: `result-${index + 1}`, name: names[index] ?? '', result, part: partOf(result.saved) };
  });
  let witnesses = 0;
  const context: Context = { replays, nextWitness: () => `w${++witnesses}`, shown: new Map() };
  const lead = placed[leadOf(results.map(({ saved }) => saved))];
  const runs = placed.flatMap(({ name, result: { saved } }): NamedRun[] =>
    saved.schema === 'ebtorture.compare/1' || saved.schema === 'ebtorture.stress/1'
      ? [{ name, result: saved.document }]
      : [],
  );
  const beside = sideBySide(runs);
  const { style, script } = assets();
  const policy = `default-src 'none'; script-src ${script.hash}; style-src ${style.hash}; base-uri 'none'; form-action 'none'`;
  const body = [
    ...(lead === undefined ? [] : [header(lead, placed)]),
    '<main>',
    ...(placed.length > 1 ? [contents(placed, beside !== '')] : []),
    ...placed.map((each) => sectionOf(each, context, each !== lead)),
    beside,
    terminalText(placed),
    '</main>',
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    element('title', {}, [escaped(titleOf(placed, lead))]),
    `<style>${style.text}</style>`,
    '</head>',
    '<body>',
    ...body,
    `<script>${script.text}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Titles; with what tells them apart where two are equal, and numbers where that does not. */
function namesOf(results: readonly Rendered[]): string[] {
  const isOnce = (names: readonly string[], name: string): boolean =>
    names.filter((other) => other === name).length === 1;
  const titles = results.map(({ title }) => title);
  const longer = results.map(({ title, detail }) => (isOnce(titles, title) ? title : `${title} (${detail})`));
  return longer.map((name, index) =>
    isOnce(longer, name)
      ? name
      : `${name} #${longer.slice(0, index + 1).filter((other) => other === name).length}`,
  );
}

function titleOf(placed: readonly Placed[], lead: Placed | undefined): string {
  const more = placed.length - 1;
  const tail = more <= 0 ? '' : ` and ${more} more`;
  const name = lead === undefined ? 'nothing' : `${lead.name}, ${lead.result.detail}`;
  const room = TITLE_MAX - tail.length;
  return `${name.length > room ? `${name.slice(0, room - 3)}...` : name}${tail} - ebtorture`;
}

function header(lead: Placed, placed: readonly Placed[]): string {
  const { part, result } = lead;
  const { facts } = part;
  const command = commandOf(result.saved);
  const reason = result.cases[0]?.reason ?? '';
  const others = placed.filter(
    (each) =>
      each !== lead && each.result.state !== 'passed' && UNDECLARED[each.result.saved.schema] === undefined,
  ).length;
  const besides =
    others === 0
      ? ''
      : ` Of the other results on this page ${others} ${others === 1 ? 'is not as declared, or shows' : 'are not as declared, or show'} nothing.`;
  return element('header', {}, [
    element('p', { class: 'kicker' }, ['ebtorture report']),
    element('h1', {}, [escaped(part.question)]),
    element('p', { class: 'verdict' }, [badge(result), ' ', escaped(reason + besides)]),
    answerMarkup(lead, placed),
    element(
      'dl',
      { class: 'facts' },
      facts.flatMap(([name, value]) => [
        element('div', {}, [element('dt', {}, [escaped(name)]), element('dd', {}, [escaped(value)])]),
      ]),
    ),
    command === '' ? '' : commandMarkup(command),
  ]);
}

const LINES: readonly (readonly [keyof Answer, string, string])[] = [
  ['proof', 'Proof', 'No search of all schedules is among these results.'],
  ['hardware', 'Threads', 'No run on threads is among these results.'],
  ['power', 'Power', 'No run says what a zero of it is worth.'],
];

/** A line each for what is proved, what threads have shown, and what that is worth: of the first result that says it, the lead's before. */
function answerMarkup(lead: Placed, placed: readonly Placed[]): string {
  return element(
    'dl',
    { class: 'answer' },
    LINES.map(([line, name, nothing]) => {
      const texts = [lead, ...placed].map(({ part }) => part.answer[line]).find((each) => each.length > 0);
      return element('div', {}, [
        element('dt', {}, [name]),
        element('dd', {}, [escaped(texts?.join(' ') ?? nothing)]),
      ]);
    }),
  );
}

function contents(placed: readonly Placed[], hasRuns: boolean): string {
  const items = placed.map(({ id, name, result }) =>
    element('li', {}, [
      element('a', { href: `#${id}` }, [escaped(name)]),
      ' ',
      badge(result),
      element('span', { class: 'why' }, [escaped(result.cases[0]?.reason ?? '')]),
    ]),
  );
  const beside =
    '<li><a href="#side-by-side">Side by side</a><span class="why">The runs of this page on one axis.</span></li>';
  return element('nav', { 'aria-labelledby': 'contents' }, [
    element('h2', { id: 'contents' }, ['Results on this page']),
    element('ol', {}, [...items, ...(hasRuns ? [beside] : [])]),
  ]);
}

/** `isIntroduced`: the header has not done so. */
function sectionOf({ id, name, result, part }: Placed, context: Context, isIntroduced: boolean): string {
  const { question, facts, answer } = part;
  const command = commandOf(result.saved);
  const texts = LINES.flatMap(([line]) => answer[line]);
  const head = isIntroduced
    ? [
        element('h2', {}, [escaped(name), ' ', badge(result)]),
        element('p', { class: 'question' }, [escaped(question), ' ', escaped(texts.join(' '))]),
        element('p', { class: 'of' }, [escaped(facts.map(([key, value]) => `${key}: ${value}`).join('; '))]),
        command === '' ? '' : commandMarkup(command),
      ]
    : [element('h2', {}, [escaped(name), ' ', badge(result)])];
  return element('section', { class: 'result', id }, [...head, ...part.body(context)]);
}

function terminalText(placed: readonly Placed[]): string {
  return element('section', { class: 'result', id: 'terminal' }, [
    element('h2', {}, ['The text of the commands']),
    ...placed.map(({ name, result: { text } }) =>
      element('details', { class: 'folded' }, [
        element('summary', {}, [escaped(name)]),
        element('pre', { tabindex: 0, role: 'group', 'aria-label': `${name} (scrolls sideways)` }, [
          escaped(stripVTControlCharacters(text)),
        ]),
      ]),
    ),
  ]);
}

function badge({ state, saved }: Rendered): string {
  return element('span', { class: `badge ${state}` }, [UNDECLARED[saved.schema]?.[state] ?? WORDS[state]]);
}
