/** The text of `cpus`: how the processors lie, and what a round trip between them takes. */
import { median } from '../stats/quantile.ts';
import type { ClassResult, CpusResult, PairResult, RoundTrip } from '../stress/cpus/cpus-result.ts';
import type { Processor } from '../stress/topology/topology.ts';
import { counted, elapsed, grouped, short } from './number.ts';
import { type Paint, plain } from './paint.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import { REPORT_COLUMNS, wrapped } from './wrap.ts';

/** What two processors are to each other, at each distance. */
export const DISTANCE_WORDS: Readonly<Record<ClassResult['distance'], string>> = {
  sibling: 'threads of one core',
  l2: 'cores with one L2',
  l3: 'cores with one L3',
  package: 'cores of one package',
  node: 'nodes of one package',
  far: 'different packages',
  unknown: 'not known how they lie',
};

/** Renders a result. */
export function cpusReport(result: CpusResult, _paint: Paint = plain): string {
  const { environment, topology, notes, elapsedMs, isInterrupted, pairs, pairsInAll } = result;
  const measured = pairs.filter(({ roundTrip }) => roundTrip !== null).length;
  const sample = pairs.length < pairsInAll ? `, a sample of ${grouped(pairsInAll)}` : '';
  return [
    'ebtorture cpus: how the processors lie, and what a round trip between two takes',
    ...wrapped(`${environment.cpuModel}, ${environment.platform} ${environment.arch}`, {
      prefix: '  machine    ',
    }),
    ...wrapped(processorsText(result), { prefix: '  processors ' }),
    `  known from ${topology.knownFrom === 'sysfs' ? '/sys' : topology.knownFrom}`,
    ...wrapped(
      `${measured} of ${counted(pairs.length, 'pair')}${sample}, ${isInterrupted ? 'INTERRUPTED after' : 'in'} ${elapsed(elapsedMs)}`,
      { prefix: '  measured   ' },
    ),
    '',
    ...layoutLines(topology.processors),
    ...classLines(result),
    ...matrixLines(result),
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((note) => wrapped(note))]),
    '',
  ].join('\n');
}

function processorsText({ topology }: CpusResult): string {
  const { processors, onlineCount, offline, quota } = topology;
  const others = onlineCount === null || onlineCount <= processors.length ? '' : ` of ${onlineCount} online`;
  return [
    `${rangesOf(processors.map(({ number }) => number))} (${processors.length}${others})`,
    ...(offline === null || offline.length === 0 ? [] : [`${rangesOf(offline)} offline`]),
    ...(quota === null ? [] : [`a quota of ${Number(quota.toFixed(2))}`]),
  ].join(', ');
}

const LAYOUT: readonly Column[] = [
  { header: 'cores', align: 'right' },
  { header: 'threads', align: 'right' },
  { header: 'L2s', align: 'right' },
  { header: 'L3', align: 'right' },
  { header: 'die', align: 'right' },
  { header: 'package', align: 'right' },
  { header: 'node', align: 'right' },
  { header: 'speed', align: 'right' },
  { header: 'kind', align: 'left' },
];

/** A row for processors that differ in nothing but their cores. */
function layoutLines(processors: readonly Processor[]): string[] {
  const groups = new Map<string, Processor[]>();
  for (const processor of processors) {
    const { l3, die, package: chip, node, capacity, coreType } = processor;
    const key = JSON.stringify([l3, die, chip, node, capacity, coreType]);
    groups.set(key, [...(groups.get(key) ?? []), processor]);
  }
  const isAlike = new Set(processors.map(({ capacity }) => capacity)).size === 1;
  const cells = Array.from(groups.values(), (group): readonly string[] => {
    const [first] = group;
    const { capacity = null } = first ?? {};
    const number = (value: number | null | undefined): string => String(value ?? '-');
    return [
      countOf(group, 'core'),
      String(group.length),
      countOf(group, 'l2'),
      number(first?.l3),
      number(first?.die),
      number(first?.package),
      number(first?.node),
      isAlike || capacity === null ? '-' : `${Math.round(capacity / 10.24)} %`,
      first?.coreType ?? '-',
    ];
  });
  // A column that says nothing is left out.
  const said = LAYOUT.map((_, index) => cells.some((row) => row[index] !== '-'));
  const isSaid = (_: unknown, index: number): boolean => said[index] === true;
  const labels = Array.from(groups.values(), (group) => rangesOf(group.map(({ number }) => number)));
  const rows = labels.map((label, index): Row => ({
    kind: 'cells',
    label,
    cells: (cells[index] ?? []).filter(isSaid),
  }));
  return textTable({ columns: LAYOUT.filter(isSaid), rows }, plain);
}

function countOf(group: readonly Processor[], level: 'core' | 'l2'): string {
  const found = new Set(group.map((processor) => processor[level]));
  return found.has(null) ? '-' : String(found.size);
}

const CLASSES: readonly Column[] = [
  { header: 'pairs', align: 'right' },
  { header: 'ns', align: 'right', group: 'round trip' },
  { header: '[95 %]', align: 'left', group: 'round trip' },
  { header: 'fastest', align: 'right', group: 'pair' },
  { header: 'slowest', align: 'right', group: 'pair' },
];

function classLines({ classes, anywhere }: CpusResult): string[] {
  if (anywhere !== null)
    return ['', `Round trip wherever the system puts two threads: ${tripText(anywhere)}`];
  if (classes.length === 0) return [];
  const rows = classes.map(({ distance, pairs, roundTrip, fastestNs, slowestNs }): Row => ({
    kind: 'cells',
    label: DISTANCE_WORDS[distance],
    cells: [String(pairs), short(roundTrip.ns), intervalText(roundTrip), short(fastestNs), short(slowestNs)],
  }));
  return ['', ...textTable({ columns: CLASSES, rows }, plain)];
}

function tripText(trip: RoundTrip): string {
  return `${short(trip.ns)} ns ${intervalText(trip)}`;
}

function intervalText({ lowNs, highNs }: RoundTrip): string {
  return lowNs === null || highNs === null ? '[-]' : `[${short(lowNs)}, ${short(highNs)}]`;
}

/** Processors in a matrix of their own; more of them are taken together by their caches, or else by their nodes. */
const MATRIX_MAX = 16;

/** Round trips by where from and where to, in whole ns. */
function matrixLines({ topology, pairs }: CpusResult): string[] {
  const { processors } = topology;
  if (processors.length < 3 || pairs.every(({ roundTrip }) => roundTrip === null)) return [];
  const grouping = [
    (processor: Processor): string => String(processor.number),
    ({ package: chip, node, l3 }: Processor): string => `${chip} ${node} ${l3}`,
    ({ package: chip, node }: Processor): string => `${chip} ${node}`,
  ].find((key) => new Set(processors.map(key)).size <= MATRIX_MAX);
  if (grouping === undefined) return ['', 'The matrix is in the JSON document: it has too many columns.'];
  const keys = [...new Set(processors.map(grouping))];
  const members = keys.map((key) =>
    processors.filter((processor) => grouping(processor) === key).map(({ number }) => number),
  );
  const names = members.map((numbers) => rangesOf(numbers));
  const isSingle = members.every(({ length }) => length === 1);
  const heads = isSingle ? names : names.map((_, index) => String.fromCodePoint(65 + index));
  const shown = isSingle ? pairs : pairs.filter(({ distance }) => distance !== 'sibling');
  const cells = members.map((from) => members.map((to) => medianText(shown, from, to)));
  const width = Math.max(...[...heads, ...cells.flat()].map(({ length }) => length)) + 1;
  const labels = isSingle ? names : names.map((name, index) => `${heads[index]} ${name}`);
  const label = Math.min(
    Math.max(...labels.map(({ length }) => length)),
    Math.max(REPORT_COLUMNS - 2 - width * heads.length, 4),
  );
  const line = (name: string, texts: readonly string[]): string =>
    `  ${name.slice(0, label).padEnd(label)}${texts.map((text) => text.padStart(width)).join('')}`;
  return [
    '',
    isSingle
      ? 'ns from one processor to another and back'
      : 'ns from one of these to another and back, medians; threads of one core left out',
    line('', heads),
    ...cells.map((texts, index) => line(labels[index] ?? '', texts)),
  ];
}

function medianText(pairs: readonly PairResult[], from: readonly number[], to: readonly number[]): string {
  const trips = pairs
    .filter(({ a, b }) => (from.includes(a) && to.includes(b)) || (from.includes(b) && to.includes(a)))
    .flatMap(({ roundTrip }) => roundTrip?.ns ?? []);
  return trips.length === 0 ? '-' : median(trips).toFixed(0);
}

/** Numbers in ascending order, as the kernel prints them. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}
