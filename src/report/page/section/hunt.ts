/** The page of `hunt`: what was searched, and each race with its schedule. */
import type { HuntResult } from '../../../study/hunt/hunt-result.ts';
import { counted, grouped, share, short } from '../../number.ts';
import { element, escaped } from '../../saved/markup.ts';
import type { HuntSaved } from '../../saved/saved-result.ts';
import { measuredFacts } from '../facts.ts';
import { type Context, NO_ANSWER, type Part } from '../part.ts';
import { mendedRun } from '../replays.ts';
import { type Cell, tableMarkup } from '../table.ts';
import { endOfViolation, type Run } from '../witness/run.ts';
import { stepperMarkup } from '../witness/stepper.ts';
import { block, restsOn, sentences } from './block.ts';

type Found = HuntResult['findings'][number];

/** Why nothing stands beside a schedule. */
const UNMENDED =
  'No strategy is known here under which this schedule ends well, so that none stands beside it: hunt --matrix all asks each of them.';

/** What the page has of it. */
export function huntPart(result: HuntSaved): Part {
  const { config, sizes, findings } = result;
  const programs = sizes.reduce((sum, counts) => sum + counts.programs, 0);
  const bounded = sizes.reduce((sum, counts) => sum + counts.bounded, 0);
  const cut = bounded === 0 ? '' : `; ${grouped(bounded)} of them were not searched to the end`;
  return {
    question: `Which small programs of the operations of ${config.kernel} race under ${config.strategy}?`,
    facts: [
      ['kernel of the model', config.kernel],
      ['operations', config.only === null ? 'all of the alphabet' : config.only.join(', ')],
      ...measuredFacts(result, { environment: result.environment, seed: config.seed }),
    ],
    answer: {
      ...NO_ANSWER,
      proof: [
        `${counted(findings.length, 'race')} in ${counted(programs, 'program')}, every interleaving of each${cut}.`,
      ],
      hardware: hardwareText(result),
    },
    body: (context) => bodyOf(result, context),
  };
}

function hardwareText({ hardware }: HuntResult): string[] {
  if (hardware === undefined) return [];
  const shown = hardware.filter(({ violations }) => violations > 0).length;
  return [
    `Threads have shown ${shown} of the ${counted(hardware.length, 'race')} that they were asked about.`,
  ];
}

function bodyOf(result: HuntResult, { nextWitness, replays }: Context): string[] {
  const { findings, matrix, rules, repeated, known } = result;
  const ids = findings.map(({ witness }) => (witness === null ? null : nextWitness()));
  return [
    block('Races', findings.length === 0 ? '' : findingTable(result, ids)),
    block(
      'Strategies in the programs of the races',
      matrix === undefined
        ? ''
        : tableMarkup({
            caption:
              'open: the invariant is violated; other: another one; closed: none; bounded: not searched to the end',
            columns: [
              { header: 'strategy' },
              ...findings.map((_, index) => ({ header: `race ${index + 1}` })),
            ],
            rows: matrix.map(({ strategy, cells }) => ({ cells: [strategy, ...cells] })),
          }),
    ),
    block('What was searched', sizeTable(result)),
    block(
      'Their schedules',
      ...findings.map((finding, index) =>
        findingMarkup(finding, index, { id: ids[index] ?? null, twin: mendedRun(replays, result, index) }),
      ),
    ),
    restsOn([
      ...rules
        .filter(({ id }) => findings.some((finding) => finding.rules.includes(id)))
        .map(({ id, text, origin }) => `${id}: ${text} (${origin})`),
      ...(repeated === 0
        ? []
        : [
            `${counted(repeated, 'further program')} violate what a program inside of them does: not looked at one by one.`,
          ]),
      ...(known === 0 ? [] : [`${counted(known, 'race')} of the baseline were met, and left out.`]),
    ]),
  ];
}

function findingTable({ findings, hardware }: HuntResult, ids: readonly (string | null)[]): string {
  return tableMarkup({
    caption: 'Races that were found',
    columns: [
      { header: 'race' },
      { header: 'invariant' },
      { header: 'operations', isNumber: true },
      { header: 'program' },
      { header: 'steps that conflict' },
      { header: 'preemptions', isNumber: true },
      { header: 'programs', isNumber: true },
      ...(hardware === undefined ? [] : [{ header: 'threads, per million' }]),
    ],
    isSortable: true,
    rows: findings.map(({ key, invariant, title, operations, program, pair, witness, programs }, index) => {
      const id = ids[index] ?? null;
      const name = `race ${index + 1}`;
      const seen = hardware?.find((each) => each.key === key);
      const cells: Cell[] = [
        { markup: id === null ? name : element('a', { href: `#${id}` }, [name]), value: index },
        `${invariant} ${title}`,
        String(operations),
        { markup: element('code', {}, [escaped(program)]), value: program },
        { markup: pair.map((step) => element('code', { class: 'line' }, [escaped(step)])).join('') },
        { markup: String(witness?.preemptions ?? '-'), value: witness?.preemptions ?? -1 },
        String(programs),
        ...(hardware === undefined
          ? []
          : [seen === undefined ? '-' : `${short(seen.perMillion)} in ${short(seen.trials)} trials`]),
      ];
      return { cells };
    }),
  });
}

function sizeTable({ sizes }: HuntResult): string {
  return tableMarkup({
    caption: 'Programs by size: operations, further pages and kinds of failures',
    columns: ['size', 'programs', 'searched', 'share', 'violate', 'cut', 'idle', 'states'].map((header) => ({
      header,
      isNumber: true,
    })),
    rows: sizes.map(({ size, total, isMore, programs, violated, bounded, vacuous, states }) => ({
      cells: [
        String(size),
        `${isMore === true ? 'more than ' : ''}${grouped(total)}`,
        grouped(programs),
        share(programs, total),
        grouped(violated),
        grouped(bounded),
        grouped(vacuous),
        short(states),
      ],
    })),
  });
}

function findingMarkup(
  finding: Found,
  index: number,
  { id, twin }: { readonly id: string | null; readonly twin: Run | null },
): string {
  const { invariant, title, origin, actors, witness, program, stalls } = finding;
  const head = `Race ${index + 1}: ${invariant} ${title}`;
  const body =
    witness === null || id === null
      ? element('p', {}, ['No witness was found within the limits.'])
      : stepperMarkup(
          {
            title: `${head}, ${program}`,
            schedule: witness.schedule,
            preemptions: witness.preemptions,
            run: {
              strategy: 'the hunted kernel',
              actors,
              steps: witness.steps,
              end: endOfViolation({ invariant, title, origin }, witness),
            },
            twin,
          },
          id,
          4,
        );
  const stalled = stalls.map(
    ({ actor, before, steps, isInSpinLock }) =>
      `${actor} is stopped before ${before}, for ${counted(steps, 'step')} of others${isInSpinLock ? ', inside a spin lock' : ''}.`,
  );
  return element('details', { class: 'folded' }, [
    element('summary', {}, [escaped(head)]),
    body,
    sentences(twin === null && witness !== null ? [...stalled, UNMENDED] : stalled),
  ]);
}
