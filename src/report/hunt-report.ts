/** The text of `hunt`: how much was searched, and each race that was found, with its shortest schedule. */
import { parseHunted } from '../scenario/hunted/hunted-names.ts';
import type { Finding, HuntMatrixRow, HuntResult, SizeCounts, Stall } from '../study/hunt/hunt-result.ts';
import { areWhole } from '../stats/shard.ts';
import { counted, elapsed, grouped, share, short } from './number.ts';
import type { Paint, Tone } from './paint.ts';
import { replayTable } from './replay-report.ts';
import { shardLines } from './shards-text.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import { wrapped } from './wrap.ts';

type Found = HuntResult['findings'][number];

/** Renders a result. */
export function huntReport(result: HuntResult, paint: Paint): string {
  const { config, findings } = result;
  return [
    'ebtorture hunt: every interleaving of small programs of kernel operations',
    `  kernel     ${config.kernel}, strategy ${config.strategy}${config.against === null ? '' : `, against ${config.against}`}`,
    ...wrapped(config.only === null ? 'all of the alphabet' : config.only.join(', '), {
      prefix: '  operations ',
    }),
    `  starts     ${grouped(result.startStates)} states that sequential programs of one page lead to`,
    `  order      ${config.seed === null ? 'smallest first' : `smallest first, within a size at random with seed ${config.seed}`}`,
    ...shardLines(result).map((text) => `  shards     ${text}`),
    `  time       ${elapsed(result.elapsedMs)}`,
    '',
    ...textTable({ columns: COLUMNS, rows: result.sizes.map((counts) => sizeRow(counts)) }, paint),
    '',
    ...wrapped(
      'A size is the number of operations of a program, and of further pages and kinds of failures; that IO completes beside two others is not counted. Idle: an operation of it never has a step, so that nothing being violated shows nothing.',
    ),
    '',
    ...findings.flatMap((finding, index) => findingLines(finding, index + 1, paint)),
    ...repeatedLines(result),
    ...ruleLines(result),
    ...matrixLines(result, paint),
    ...hardwareLines(result, paint),
    ...verdictLines(result, paint),
    '',
  ].join('\n');
}

const COLUMNS: readonly Column[] = [
  { header: 'programs', align: 'right' },
  { header: 'searched', align: 'right' },
  { header: 'share', align: 'right' },
  { header: 'violate', align: 'right' },
  { header: 'cut', align: 'right' },
  { header: 'idle', align: 'right' },
  { header: 'states', align: 'right' },
];

function sizeRow({ size, total, isMore, programs, violated, bounded, vacuous, states }: SizeCounts): Row {
  const cells = [
    (isMore === true ? '>' : '') + grouped(total),
    grouped(programs),
    share(programs, total),
    grouped(violated),
    grouped(bounded),
    grouped(vacuous),
    short(states),
  ];
  return { kind: 'cells', label: `size ${size}`, cells };
}

function findingLines(finding: Found, number: number, paint: Paint): string[] {
  const { invariant, title, origin, pair, actors, witness, stalls, rules, programs } = finding;
  const names = parseHunted(finding.program);
  const chances = [
    ...(names?.readsFail === true ? ['reads may fail'] : []),
    ...(names?.setupsFail === true ? ['the setup of reads may fail'] : []),
  ];
  const of = [`${names?.pages ?? 1} ${names?.pages === 1 ? 'page' : 'pages'}`, ...chances].join(', ');
  return [
    `${number}. ${paint('bad', invariant)} ${title}`,
    ...wrapped(origin, { prefix: '     ' }),
    ...pair.flatMap((step, index) =>
      wrapped(step, { prefix: index === 0 ? '   steps     ' : '     and     ' }),
    ),
    ...wrapped(`${(names?.actors ?? []).join(' against ')}, behind ${names?.start ?? ''}; ${of}`, {
      prefix: '   program   ',
    }),
    ...stalls.flatMap((stall) => wrapped(stallText(stall), { prefix: '   stall     ' })),
    ...wrapped(rules.length === 0 ? 'none' : rules.join(', '), { prefix: '   rules     ' }),
    `   seen in   ${counted(programs, 'program')} that ${programs === 1 ? 'was' : 'were'} looked at`,
    ...(witness === null
      ? ['   no witness was found within the limits', '']
      : [
          `   shortest  ${witness.steps.length} steps, ${witness.preemptions} of ${witness.switches} switches preempt`,
          '',
          ...replayTable(actors, witness.steps),
          '',
          `   ebtorture replay ${quoted(witness.schedule)}`,
          '',
        ]),
  ];
}

/** As a shell takes it: names of programs have characters of its own. */
const quoted = (text: string): string => `'${text}'`;

function stallText({ actor, before, steps, isInSpinLock }: Stall): string {
  const where = isInSpinLock ? ', inside a spin lock: an interrupt, or a host that takes the processor' : '';
  return `${actor} before ${before}, for ${counted(steps, 'step')} of others${where}`;
}

function repeatedLines({ repeated, known, config }: HuntResult): string[] {
  return [
    ...(repeated === 0
      ? []
      : wrapped(
          `${counted(repeated, 'further violation')} of an invariant that a program inside of theirs, or the same from another start, violates too: not looked at one by one.`,
        )),
    ...(known === 0
      ? []
      : wrapped(
          `${counted(known, 'finding')} of the baseline ${known === 1 ? 'was' : 'were'} met, and left out.`,
        )),
    ...(config.against === null
      ? []
      : wrapped(`What ${config.against} violates in the same program was left out.`)),
    ...(repeated > 0 || known > 0 || config.against !== null ? [''] : []),
  ];
}

function ruleLines({ findings, rules }: HuntResult): string[] {
  const used = new Set(findings.flatMap((finding) => finding.rules));
  const named = rules.filter(({ id }) => used.has(id));
  if (named.length === 0) return [];
  return [
    'Rules that they rely on; where a caller of the kernel has others, it is no race:',
    ...named.flatMap(({ id, text, origin }) =>
      wrapped(`${text} (${origin})`, { prefix: `  ${id.padEnd(18)} ` }),
    ),
    '',
  ];
}

const CELLS: Readonly<
  Record<HuntMatrixRow['cells'][number], { readonly text: string; readonly tone: Tone }>
> = {
  open: { text: 'open', tone: 'bad' },
  other: { text: 'other', tone: 'bad' },
  closed: { text: 'closed', tone: 'good' },
  bounded: { text: 'cut', tone: 'unsure' },
};

function matrixLines({ matrix, findings }: HuntResult, paint: Paint): string[] {
  if (matrix === undefined) return [];
  const columns = findings.map((_, index): Column => ({ header: String(index + 1), align: 'left' }));
  const rows = matrix.map(({ strategy, cells }): Row => ({
    kind: 'cells',
    label: strategy,
    cells: cells.map((cell) => CELLS[cell]),
  }));
  return [
    'Strategies in the programs of the findings',
    ...textTable({ columns, rows }, paint),
    '',
    ...wrapped(
      'open: the invariant is violated; other: another one is; closed: no schedule violates; cut: a limit ended the search.',
    ),
    '',
  ];
}

function hardwareLines({ hardware, findings }: HuntResult, paint: Paint): string[] {
  if (hardware === undefined) return [];
  const columns: readonly Column[] = [
    { header: 'trials', align: 'right' },
    { header: 'violations', align: 'right' },
    { header: 'per million', align: 'right' },
    { header: 'held', align: 'left' },
  ];
  const rows = hardware.map(({ key, delays, trials, violations, perMillion }): Row => {
    const number = findings.findIndex((finding) => finding.key === key) + 1;
    const points = Object.keys(delays);
    const held =
      points.length === 0 ? 'natural' : points.length === 1 ? points.join() : `${points.length} points`;
    return {
      kind: 'cells',
      label: `${number} ${findings[number - 1]?.invariant ?? ''}`,
      cells: [short(trials), short(violations), short(perMillion), held],
    };
  });
  return [
    'On threads',
    ...textTable({ columns, rows }, paint),
    '',
    ...wrapped(
      'natural: the rate as it is; held: actors wait at points of the functions in which one must stall, which is no natural rate. A zero proves nothing.',
    ),
    '',
  ];
}

function verdictLines(result: HuntResult, paint: Paint): string[] {
  const { verdict, findings, sizes, isInterrupted, config, shards } = result;
  switch (verdict) {
    case 'found':
      return wrapped(
        `Verdict: ${paint('bad', 'FOUND')}: ${counted(findings.length, 'race')} ${namesOf(findings)}.`,
      );
    case 'complete':
      return wrapped(
        `Verdict: ${paint('good', 'NOTHING FOUND')}: every schedule of every program up to size ${sizes.at(-1)?.size ?? 0} was searched, sequentially consistent, in programs that the rules allow.`,
      );
    case 'part':
      return wrapped(
        `Verdict: ${paint('unsure', 'NOTHING FOUND IN A PART')}: every schedule of every program of shard ${config.shard?.index ?? 1} of ${config.shard?.of ?? 1} was searched, up to size ${sizes.at(-1)?.size ?? 0}; others have the rest, and nothing is said of that.`,
      );
    case 'bounded': {
      const isPart = shards !== undefined && !areWhole(shards);
      const why = isPart
        ? 'shards are missing or were cut'
        : isInterrupted
          ? 'it was interrupted'
          : 'a limit ended it';
      return wrapped(
        `Verdict: ${paint('unsure', 'BOUNDED')}: nothing was found, and ${why}: ${missingText(result)}. That proves nothing.`,
      );
    }
  }
}

function namesOf(findings: readonly Pick<Finding, 'invariant'>[]): string {
  return `of ${[...new Set(findings.map(({ invariant }) => invariant))].join(', ')}`;
}

function missingText({ sizes, config }: HuntResult): string {
  const missing = sizes.reduce((sum, { total, programs }) => sum + total - programs, 0);
  const cut = sizes.reduce((sum, { bounded }) => sum + bounded, 0);
  const last = sizes.at(-1)?.size ?? 0;
  return [
    `${counted(missing, 'program')} not searched`,
    `${grouped(cut)} not to ${cut === 1 ? 'its end' : 'their ends'}`,
    ...(last < config.size ? [`none larger than ${last} begun`] : []),
  ].join(', ');
}
