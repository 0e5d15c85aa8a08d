/** The page of `history`: a row for each race, before and after its mend, with a schedule to walk through. */
import type { HistoryHardware, HistoryResult, HistoryRow, MatrixRow } from '../../../study/history-result.ts';
import { counted, grouped, listed, short } from '../../number.ts';
import { element, escaped } from '../../saved/markup.ts';
import type { HistorySaved } from '../../saved/saved-result.ts';
import { measuredFacts } from '../facts.ts';
import { type Context, NO_ANSWER, type Part } from '../part.ts';
import { playedRun } from '../replays.ts';
import { type Cell, tableMarkup } from '../table.ts';
import { stepperMarkup } from '../witness/stepper.ts';
import { block, restsOn } from './block.ts';

const TONES = { 'as-declared': 'good', 'not-as-declared': 'bad', undecided: 'unsure' } as const;

/** What the page has of it. */
export function historyPart(result: HistorySaved): Part {
  const { rows, config } = result;
  const shown = rows.filter(({ verdict }) => verdict === 'as-declared').length;
  const played = rows.flatMap(({ hardware }) => hardware ?? []);
  return {
    question: 'Do the races that the kernel had violate before their mend, and not behind it?',
    facts: measuredFacts(result, { environment: result.environment, seed: config.seed }),
    answer: {
      ...NO_ANSWER,
      proof: [
        `${shown} of ${counted(rows.length, 'race')} violated in the kernel that had it, in an invariant of which the commit speaks, ` +
          'and in no schedule of the kernel that mended it.',
      ],
      hardware:
        played.length === 0
          ? []
          : [
              `Threads were asked about ${played.length} of them: ${played.filter(({ verdict }) => verdict === 'shown').length} ` +
                'were shown before and not after.',
            ],
    },
    body: (context) => bodyOf(result, context),
  };
}

function bodyOf({ rows, matrix }: HistoryResult, context: Context): string[] {
  const ids = new Map<HistoryRow, string>();
  const steppers = rows.flatMap((row) => {
    const { before, after, symptom, title, actors, start } = row;
    const schedule = before.witness?.schedule;
    const run = schedule === undefined ? null : playedRun(context.replays, { schedule, strategy: null });
    if (schedule === undefined || run === null) return [];
    const id = context.nextWitness();
    ids.set(row, id);
    const beside = playedRun(context.replays, { schedule, strategy: after.strategy });
    const preemptions = before.witness?.preemptions ?? null;
    return [
      element('details', { class: 'folded' }, [
        element('summary', {}, [escaped(`${row.year}, ${row.scenario}: ${symptom}`)]),
        element('p', {}, [
          escaped(`"${title}": ${actors}, from ${start}; ${before.strategy}, mended by ${after.strategy}.`),
        ]),
        stepperMarkup(
          { title: `${row.scenario}: ${symptom}`, schedule, preemptions, run, twin: beside },
          id,
          4,
        ),
      ]),
    ];
  });
  return [
    block('Races', raceTable(rows, ids)),
    block('Strategies in all races', matrix === undefined ? '' : matrixTable(matrix, rows)),
    block('Their schedules', ...steppers),
    restsOn(rows.flatMap(hangSentences)),
  ];
}

function raceTable(rows: readonly HistoryRow[], ids: ReadonlyMap<HistoryRow, string>): string {
  const hasThreads = rows.some(({ hardware }) => hardware !== undefined && hardware !== null);
  return tableMarkup({
    caption: 'Races of the kernel, oldest first, each before and after its mend',
    columns: [
      { header: 'race' },
      { header: 'year', isNumber: true },
      { header: 'commit' },
      { header: 'before: violates' },
      { header: 'preemptions', isNumber: true },
      { header: 'steps', isNumber: true },
      { header: 'after' },
      { header: 'states', isNumber: true },
      ...(hasThreads ? [{ header: 'threads before, per million' }, { header: 'threads after' }] : []),
      { header: 'verdict' },
    ],
    isSortable: true,
    rows: rows.map((row) => {
      const { before, after, breaks, commit, verdict, year, hardware } = row;
      const id = ids.get(row);
      const named = before.invariants.filter((each) => breaks.includes(each));
      const others = before.invariants.filter((each) => !breaks.includes(each));
      const seen = [...named, ...(others.length === 0 ? [] : [`and ${others.join(' ')}`])].join(' ');
      const steps = before.witness?.steps ?? null;
      const preemptions = before.witness?.preemptions ?? null;
      const name = escaped(row.scenario);
      const cells: Cell[] = [
        { markup: id === undefined ? name : element('a', { href: `#${id}` }, [name]), value: row.scenario },
        String(year),
        commit ?? 'not mended',
        before.verdict === 'violated' ? seen : before.verdict,
        { markup: String(preemptions ?? '-'), value: preemptions ?? -1 },
        { markup: String(steps ?? '-'), value: steps ?? -1 },
        after.verdict,
        { markup: escaped(grouped(after.states)), value: after.states },
        ...(hasThreads ? threadCells(hardware ?? null) : []),
        {
          markup: element('span', { class: TONES[verdict] }, [escaped(verdict.replaceAll('-', ' '))]),
          value: verdict,
        },
      ];
      return { cells };
    }),
  });
}

function threadCells(hardware: HistoryHardware | null): Cell[] {
  if (hardware === null) return ['-', '-'];
  const { before, after, delays, hang } = hardware;
  const held = Object.keys(delays).length === 0 ? '' : ', held';
  const rate =
    hang !== undefined
      ? 'hangs'
      : before.violations === 0
        ? `0 in ${short(before.trials)}`
        : `${short(before.perMillion)} [${short(before.low)}, ${short(before.high)}]`;
  const later =
    after.violations === 0
      ? `0 in ${short(after.trials)}, below ${short(after.high)}`
      : `${grouped(after.violations)} in ${short(after.trials)}`;
  return [{ markup: escaped(rate + held), value: before.perMillion }, later];
}

function matrixTable(matrix: readonly MatrixRow[], rows: readonly HistoryRow[]): string {
  return tableMarkup({
    caption: 'Each strategy in each race; a gap where it does not belong to that kernel',
    columns: [{ header: 'strategy' }, ...rows.map(({ scenario }) => ({ header: scenario }))],
    rows: matrix.map(({ strategy, cells }) => ({
      cells: [
        strategy,
        ...cells.map((cell) =>
          cell === null ? '' : cell.verdict === 'violated' ? cell.invariants.join(' ') : cell.verdict,
        ),
      ],
    })),
  });
}

function hangSentences({ scenario, hardware, before, after }: HistoryRow): string[] {
  return [
    ...(hardware?.hang === undefined
      ? []
      : [`${scenario}: on threads the actors wait for ever: ${listed(hardware.hang)}.`]),
    ...[before, after].flatMap(({ strategy, reason }) =>
      reason === null ? [] : [`${scenario}, ${strategy}: ${reason}.`],
    ),
  ];
}
