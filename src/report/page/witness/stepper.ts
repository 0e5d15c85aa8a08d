/**
 * A witness to walk through: one column per CPU, switches with their reason, the state beside it, and the same schedule under a fix.
 * All of it stands in the page as text; the script makes it go step by step.
 */
import type { ReplayStep } from '../../../explore/witness/replay-step.ts';
import { counted } from '../../number.ts';
import { accessText } from '../../replay-report.ts';
import { quoted } from '../../rerun-command.ts';
import { element, emptyElement, escaped } from '../../saved/markup.ts';
import { commandMarkup } from '../command.ts';
import { type Node, stepsIn, type Turn, turnsOf } from './calls.ts';
import type { Run } from './run.ts';
import { type Change, changesOf, statesOf } from './states.ts';
import { switchReason } from './switch-reason.ts';

/** What is walked through. */
export interface Witness {
  readonly title: string;
  /** As `replay` takes it; null where it is not known. */
  readonly schedule: string | null;
  readonly preemptions: number | null;
  readonly run: Run;
  /** The same schedule under another strategy. */
  readonly twin: Run | null;
}

/** Changed words that are named beside a step; a buffer that is freed is poisoned. */
const CHANGES_SHOWN = 3;
/** A call in which so many steps change nothing and take no lock is folded. */
const FOLDED_MIN = 3;

/** The witness with an id, as a part of the page; `level` is that of its heading. */
export function stepperMarkup(witness: Witness, id: string, level: 3 | 4 = 3): string {
  const { title, schedule, preemptions, run, twin } = witness;
  const { steps } = run;
  const parting = twin === null ? -1 : partingOf(run, twin);
  const size = `${counted(steps.length, 'step')}${preemptions === null ? '' : `, ${counted(preemptions, 'preemption')}`}${twinSize(run, twin)}`;
  return element('section', { class: 'witness', id, 'aria-labelledby': `${id}-title` }, [
    element(`h${level}`, { id: `${id}-title` }, [escaped(title)]),
    element('p', { class: 'size' }, [
      escaped(`${size}; ${run.actors.map((label, actor) => `CPU${actor} is ${label}`).join(', ')}.`),
    ]),
    ...(schedule === null ? [] : [commandMarkup(`ebtorture replay ${quoted(schedule)}`)]),
    toolbar(id, Math.max(steps.length, twin?.steps.length ?? 0), twin),
    element('div', { class: `runs${twin === null ? '' : ' two'}` }, [
      runMarkup(run, { id, preemptions, parting: -1, level }),
      ...(twin === null ? [] : [runMarkup(twin, { id: `${id}b`, preemptions: null, parting, level })]),
    ]),
  ]);
}

/** Where they have as many steps, once is enough. */
function twinSize({ steps }: Run, twin: Run | null): string {
  return twin === null || twin.steps.length === steps.length
    ? ''
    : `, and ${counted(twin.steps.length, 'step')} under ${twin.strategy}`;
}

/** The first step in which two runs differ, an index; the length of the shorter one where none does. */
function partingOf({ steps }: Run, { steps: others }: Run): number {
  const text = (step: ReplayStep | undefined): string =>
    step === undefined ? '' : `${step.actor} ${accessText(step)}`;
  const index = steps.findIndex((step, at) => text(step) !== text(others[at]));
  return index === -1 ? steps.length : index;
}

function toolbar(id: string, count: number, twin: Run | null): string {
  const button = (classes: string, text: string, label: string, keys: string): string =>
    element(
      'button',
      {
        type: 'button',
        class: classes,
        'aria-label': label,
        title: `${label} (${keys})`,
        'aria-keyshortcuts': keys,
      },
      [text],
    );
  return element(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': 'Walk through the schedule', hidden: '' },
    [
      button('previous', '←', 'Previous step', 'ArrowLeft'),
      button('next', '→', 'Next step', 'ArrowRight'),
      button('next-change', 'next change', 'next change', 'n'),
      element('label', { class: 'slider' }, [
        element('span', { class: 'unseen' }, ['Step']),
        emptyElement('input', { type: 'range', min: 1, max: count, value: 1 }),
      ]),
      ...(twin === null
        ? []
        : [
            element('button', { type: 'button', class: 'other', 'aria-pressed': 'false' }, [
              escaped(`under ${twin.strategy}`),
            ]),
          ]),
      element('p', { class: 'where', role: 'status', id: `${id}-where` }),
      element('p', { class: 'keys' }, ['Keys: ← → step, n next change, Home and End']),
    ],
  );
}

interface RunPlace {
  readonly id: string;
  readonly preemptions: number | null;
  /** Index of the step in which it parts from the other run; -1 if it is the first one. */
  readonly parting: number;
  readonly level: 3 | 4;
}

function runMarkup(run: Run, place: RunPlace): string {
  const { strategy, steps, end, actors } = run;
  const { id, parting, level } = place;
  const under = parting === -1 ? `Under ${strategy}` : `The same schedule under ${strategy}`;
  const parts =
    parting === -1
      ? []
      : [
          element(
            'p',
            { class: 'parting' },
            parting < steps.length
              ? [
                  'It differs from ',
                  element('a', { href: `#${id}-${parting + 1}` }, [`step ${parting + 1}`]),
                  ' on.',
                ]
              : ['Every step that it takes is the same.'],
          ),
        ];
  const attributes = { 'data-run': JSON.stringify(statesOf(steps)), 'data-under': `under ${strategy}` };
  return element('div', { class: 'run', ...attributes }, [
    element(`h${level + 1}`, { id: `${id}-under` }, [escaped(under)]),
    element('p', { class: 'end' }, [
      element('b', { class: end.tone }, [escaped(end.word)]),
      escaped(`: ${end.text.join('. ')}`),
    ]),
    ...parts,
    element('div', { class: 'state', hidden: '' }),
    element(
      'div',
      { class: 'steps', tabindex: 0, role: 'group', 'aria-label': `Steps ${under.toLowerCase()}` },
      [
        element(
          'ol',
          { class: 'turns' },
          turnsOf(steps).map((turn) => turnMarkup(turn, run, place, actors.length)),
        ),
      ],
    ),
  ]);
}

function turnMarkup(
  turn: Turn,
  { steps }: Run,
  { id, preemptions, parting }: RunPlace,
  actors: number,
): string {
  const { actor, label, first, calls } = turn;
  const reason = first === 0 ? '' : switchReason(steps, first, preemptions);
  const head = element('p', { class: 'switch' }, [
    element('b', {}, [escaped(`CPU${actor}: ${label}`)]),
    ...(reason === '' ? [] : [element('span', {}, [escaped(reason)])]),
  ]);
  return element('li', { class: `turn a${actor} of${Math.min(actors, 8)}` }, [
    head,
    nodesMarkup(calls, { id, parting, last: steps.length }),
  ]);
}

interface StepPlace {
  readonly id: string;
  readonly parting: number;
  /** Number of the last step. */
  readonly last: number;
}

function nodesMarkup(nodes: readonly Node[], place: StepPlace): string {
  return element(
    'ul',
    {},
    nodes.map((node) => {
      if ('step' in node) return stepMarkup(node.step, place);
      const steps = stepsIn(node.nodes);
      const isOpen = steps.length < FOLDED_MIN || steps.some((step) => isEventful(step, place));
      return element('li', { class: 'call' }, [
        element('details', isOpen ? { open: '' } : {}, [
          element('summary', {}, [
            element('code', {}, [escaped(`${node.name}()`)]),
            element('span', { class: 'count' }, [` ${counted(steps.length, 'step')}`]),
          ]),
          nodesMarkup(node.nodes, place),
        ]),
      ]);
    }),
  );
}

/** Whether one wants to see it without being asked. */
function isEventful(step: ReplayStep, { parting, last }: StepPlace): boolean {
  const isLock = /lock/.test(step.operation);
  return (step.changes.length > 0 && !isLock) || step.number === last || step.number === parting + 1;
}

function stepMarkup(step: ReplayStep, { id, parting }: StepPlace): string {
  const { number, changes, isBeyond } = step;
  const classes = [
    'step',
    changes.length > 0 ? 'changing' : '',
    isBeyond ? 'beyond' : '',
    number === parting + 1 ? 'parts' : '',
  ].filter((name) => name !== '');
  return element('li', { class: classes.join(' '), id: `${id}-${number}` }, [
    element('a', { class: 'number', href: `#${id}-${number}`, 'aria-label': `Step ${number}` }, [
      String(number),
    ]),
    element('code', {}, [escaped(accessText(step))]),
    changesMarkup(step),
  ]);
}

function changesMarkup(step: ReplayStep): string {
  const changes = changesOf(step);
  const one = ([name, before, after]: Change): string =>
    element('span', { class: 'change' }, [
      `${escaped(name)} ${escaped(before)} → `,
      element('b', {}, [escaped(after)]),
    ]);
  const rest = changes.slice(CHANGES_SHOWN);
  const more = [
    element('summary', {}, [`and ${counted(rest.length, 'more change')}`]),
    ...rest.map((change) => one(change)),
  ];
  return [
    ...changes.slice(0, CHANGES_SHOWN).map((change) => one(change)),
    ...(rest.length === 0 ? [] : [element('details', { class: 'change' }, more)]),
  ].join('');
}
