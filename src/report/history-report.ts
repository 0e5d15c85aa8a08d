/** The text of `history`: a row per race, what each rests on, and fixes against races. */
import type {
  HistoryHardware,
  HistoryProof,
  HistoryResult,
  HistoryRow,
  HistoryVerdict,
  MatrixCell,
  MatrixRow,
} from '../study/history-result.ts';
import { counted, elapsed, grouped, listed, short } from './number.ts';
import type { Paint, Tone } from './paint.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import { wrapped } from './wrap.ts';

const TONES: Readonly<Record<HistoryVerdict, Tone>> = {
  'as-declared': 'good',
  'not-as-declared': 'bad',
  undecided: 'unsure',
};

/** Renders a result. */
export function historyReport(result: HistoryResult, paint: Paint): string {
  const { rows, config } = result;
  const hasHardware = config.hardwareMs !== null;
  return [
    'ebtorture history: races that the kernel had, each before and after its mend',
    `  races      ${rows.length}, oldest first; every schedule of each is searched`,
    `  hardware   ${hasHardware ? `${elapsed(config.hardwareMs ?? 0)} in all, seed ${config.seed}` : 'not asked'}`,
    `  time       ${elapsed(result.elapsedMs)}`,
    '',
    ...textTable({ columns: COLUMNS, rows: rowsOf(rows) }, paint),
    '',
    ...wrapped(
      'before: what the kernel that had the race breaks, with how many preemptions and steps at least; after: every schedule of the kernel that mended it, in so many states.',
    ),
    '',
    ...threadsTable(rows, paint),
    ...rows.flatMap((row, index) => raceLines(row, index + 1)),
    ...matrixLines(result, paint),
    ...verdictLines(result, paint),
    '',
  ].join('\n');
}

const COLUMNS: readonly Column[] = [
  { header: 'commit', align: 'left' },
  { header: 'before', align: 'left' },
  { header: 'pre.', align: 'right' },
  { header: 'steps', align: 'right' },
  { header: 'after', align: 'left' },
  { header: 'states', align: 'right' },
];

function rowsOf(rows: readonly HistoryRow[]): Row[] {
  let year = 0;
  return rows.flatMap((row, index): Row[] => {
    const isNewYear = row.year !== year;
    ({ year } = row);
    const { before, after } = row;
    const { witness } = before;
    const cells: Row = {
      kind: 'cells',
      label: labelOf(row, index),
      cells: [
        row.commit ?? 'not mended',
        beforeCell(row),
        witness === null ? '-' : String(witness.preemptions),
        witness === null ? '-' : String(witness.steps),
        afterCell(after),
        short(after.states),
      ],
    };
    return isNewYear ? [{ kind: 'heading', text: String(year) }, cells] : [cells];
  });
}

function beforeCell({ before, breaks }: HistoryRow): { readonly text: string; readonly tone: Tone } {
  if (before.verdict !== 'violated') return { text: before.verdict, tone: 'unsure' };
  const named = before.invariants.filter((id) => breaks.includes(id));
  const others = before.invariants.filter((id) => !breaks.includes(id));
  return named.length === 0
    ? { text: `only ${others.join(' ')}`, tone: 'bad' }
    : { text: named.join(' ') + (others.length === 0 ? '' : ` +${others.length}`), tone: 'good' };
}

function afterCell({ verdict, complete }: HistoryProof): { readonly text: string; readonly tone: Tone } {
  if (verdict === 'violated') return { text: 'violated', tone: 'bad' };
  return verdict === 'holds' && complete
    ? { text: 'holds', tone: 'good' }
    : { text: verdict, tone: 'unsure' };
}

function labelOf({ scenario }: HistoryRow, index: number): string {
  return `${String(index + 1).padStart(2)} ${scenario}`;
}

/** What threads have shown. */
function threadsTable(rows: readonly HistoryRow[], paint: Paint): string[] {
  const played = rows.flatMap((row, index) =>
    row.hardware === undefined || row.hardware === null
      ? []
      : [{ kind: 'cells' as const, label: labelOf(row, index), cells: hardwareCells(row.hardware) }],
  );
  if (played.length === 0) return [];
  const columns = [
    { header: 'trials', align: 'right', group: 'before' },
    { header: 'per million [95 %]', align: 'right', group: 'before' },
    { header: 'trials', align: 'right', group: 'after' },
    { header: 'per million', align: 'right', group: 'after' },
  ] as const;
  return [...textTable({ columns, rows: played }, paint), ''];
}

function hardwareCells({
  before,
  after,
  delays,
  hang,
}: HistoryHardware): Extract<Row, { kind: 'cells' }>['cells'] {
  const mark = Object.keys(delays).length > 0 ? '*' : '';
  const { perMillion, low, high } = before;
  const rate = `${short(perMillion)}${mark} [${short(low)}, ${short(high)}]`;
  return [
    hang === undefined ? short(before.trials) : '-',
    before.violations === 0 && hang === undefined
      ? { text: `silent${mark}`, tone: 'unsure' }
      : {
          // Seen, if only while code was compiled, of which no rate is made.
          text: hang !== undefined ? `hangs${mark}` : perMillion === 0 ? `seen, no rate${mark}` : rate,
          tone: 'good',
        },
    short(after.trials),
    after.violations === 0
      ? { text: `< ${short(after.high)}`, tone: 'good' }
      : { text: short(after.perMillion), tone: 'bad' },
  ];
}

/** What was seen, and how to walk through it. */
function raceLines(row: HistoryRow, number: number): string[] {
  const { title, symptom, before, after, hardware } = row;
  const prefix = `${String(number).padStart(2)}  `;
  const setting = `${row.actors} from ${row.start}, ${counted(row.pages, 'page')}`;
  return [
    ...wrapped(`${symptom} ("${title}"). ${setting}: ${before.strategy}, mended by ${after.strategy}.`, {
      prefix,
    }),
    ...(before.witness === null ? [] : [`    ebtorture replay ${before.witness.schedule}`]),
    ...[before, after].flatMap(({ strategy, reason }) =>
      reason === null ? [] : [`    ${strategy}: ${reason}`],
    ),
    ...hardwareLines(hardware ?? null),
    '',
  ];
}

function hardwareLines(hardware: HistoryHardware | null): string[] {
  if (hardware === null) return [];
  const { before, after, delays, verdict, probability, hang } = hardware;
  const held = Object.entries(delays).map(([point, ns]) => `${ns} ns at ${point}`);
  const how = held.length === 0 ? 'naturally' : `with actors held ${listed(held)}`;
  const rare =
    probability === null ? '' : `; a random schedule violates with probability ${probability.toPrecision(3)}`;
  if (hang !== undefined) {
    const clean = `${counted(after.violations, 'violation')} in ${counted(after.trials, 'trial')} after.`;
    return [
      ...wrapped(`On threads ${how}: the actors wait for each other for ever before, ${clean}`, {
        prefix: '    ',
      }),
      ...hang.flatMap((line) => wrapped(line, { prefix: '      ' })),
    ];
  }
  const text =
    verdict === 'silent'
      ? `On threads it stayed silent in ${grouped(before.trials)} trials, ${how}${rare}.`
      : `On threads ${how}: ${counted(before.violations, 'violation')} in ${counted(before.trials, 'trial')} before, ${grouped(after.violations)} in ${grouped(after.trials)} after.`;
  const wrong = verdict === 'disagrees' ? ['    The engines DISAGREE: see compare --agree.'] : [];
  return [...wrapped(text, { prefix: '    ' }), ...wrong];
}

function matrixLines({ rows, matrix }: HistoryResult, paint: Paint): string[] {
  if (matrix === undefined) return [];
  const generations = [...new Set(rows.map(({ generation }) => generation))];
  const cellOf = (cell: MatrixCell): { text: string; tone: Tone } => {
    if (cell === null) return { text: '', tone: 'unsure' };
    if (cell.verdict === 'violated') return { text: cell.invariants[0] ?? 'violated', tone: 'bad' };
    if (cell.verdict === 'holds' && cell.complete) return { text: 'ok', tone: 'good' };
    return { text: cell.verdict === 'vacuous' ? '-' : '?', tone: 'unsure' };
  };
  return [
    ...wrapped(
      'Each fix in each race, by its number above. ok: it holds in every schedule; -: it has no step of its own there; an invariant: it breaks that; nothing: it does not belong to the kernels of that race; ?: a limit ended the search.',
    ),
    ...generations.flatMap((generation) => {
      const races = rows.flatMap((row, index) => (row.generation === generation ? [index] : []));
      const cellsIn = ({ cells }: MatrixRow): readonly MatrixCell[] =>
        races.map((race) => cells[race] ?? null);
      const tried = matrix.filter((row) => cellsIn(row).some((cell) => cell !== null));
      if (tried.length === 0) return [];
      const columns = races.map((race): Column => ({ header: String(race + 1), align: 'left' }));
      const heading = generations.length > 1 && generation !== undefined ? [`Kernels of ${generation}:`] : [];
      const cells = tried.map((row) => ({
        kind: 'cells' as const,
        label: row.strategy,
        cells: cellsIn(row).map(cellOf),
      }));
      return heading.concat(textTable({ columns, rows: cells }, paint), '');
    }),
  ];
}

function verdictLines({ verdict, rows, isInterrupted, config }: HistoryResult, paint: Paint): string[] {
  const total = counted(rows.length, 'race');
  const silent = rows
    .filter(({ hardware }) => hardware?.verdict === 'silent')
    .map(({ scenario }) => scenario);
  const texts: Readonly<Record<HistoryVerdict, string>> = {
    'as-declared': `AS DECLARED. ${total}: each violated before, as its commit says, and held after in every schedule.`,
    'not-as-declared': 'NOT AS DECLARED: a race is not what its commit says, or its mend does not hold.',
    undecided: 'UNDECIDED: some search did not come to its end, or something never happened in it.',
  };
  const amplified = rows.some(({ hardware }) => Object.keys(hardware?.delays ?? {}).length > 0);
  return [
    ...(amplified ? ['* not the natural rate: actors were held where the race is.', ''] : []),
    ...(config.hardwareMs !== null && silent.length > 0
      ? wrapped(`Silent on threads: ${listed(silent)}. A zero without a control that violated is no result.`)
      : []),
    ...(isInterrupted ? ['Interrupted: what is missing above was not done.'] : []),
    ...wrapped(paint(TONES[verdict], `Verdict: ${texts[verdict]}`)),
  ];
}
