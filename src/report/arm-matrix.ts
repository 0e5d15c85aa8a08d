/**
 * What happened in the trials, one column per arm: violations by invariant, outcomes with their grade, what was measured.
 * Rows that are zero everywhere are left out. Where the arms do not fit side by side, further tables follow.
 */
import { countIn, labelOf, measureOf, type MeasureWords, phrasesOf } from '../scenario/measure.ts';
import type { NamedCheck, ScenarioWords } from '../catalog/words.ts';
import type { ClassResult } from '../stress/result/class-result.ts';
import type { ArmResult, PlacementRates } from '../stress/result/result.ts';
import type { Rate } from '../stress/result/rate.ts';
import { armLabels } from './arm-label.ts';
import { pointText } from './arm-table.ts';
import { counted, grouped, share, short, UNKNOWN } from './number.ts';
import { plain } from './paint.ts';
import type { RunResult } from './run-header.ts';
import { type Row, textTable } from './text-table.ts';
import { REPORT_COLUMNS, wrapped } from './wrap.ts';

const TITLE_COLUMNS_MAX = 22;
const EXACT_MAX = 1e9;

interface MatrixRow {
  readonly label: string;
  /** One per arm. */
  readonly cells: readonly string[];
}

interface Section {
  readonly heading: string;
  readonly rows: readonly MatrixRow[];
}

/** Draws the tables. */
export function armMatrix(
  arms: readonly ArmResult[],
  { placements, classes = [] }: Pick<RunResult, 'placements' | 'classes'>,
  { measures, checks }: Pick<ScenarioWords, 'measures'> & { readonly checks: readonly NamedCheck[] },
): string[] {
  const sections = [
    withSpeed(violationRows(arms, checks), isOfSeveral(arms) ? classes : []),
    outcomeRows(arms),
    ...measureRows(arms, measures),
    blockRows(arms),
    placementRows(classes.length > 1 ? [] : placements),
    stageRows(arms),
  ].filter(({ rows }) => rows.length > 0);
  if (sections.length === 0) return [];
  const labels = armLabels(arms);
  const rows = sections.flatMap((section) => section.rows);
  const widths = labels.map((label, arm) =>
    Math.max(label.length, ...rows.map(({ cells }) => cells[arm]?.length ?? 0)),
  );
  const labelColumns = 2 + Math.max(...rows.map(({ label }) => label.length));
  return groupsThatFit(widths, labelColumns).flatMap((group, index) => {
    const columns = group.map((arm) => ({ header: labels[arm] ?? '', align: 'right' }) as const);
    const lines: Row[] = [];
    for (const section of sections) {
      lines.push({ kind: 'heading', text: section.heading });
      for (const { label, cells } of section.rows) {
        lines.push({ kind: 'cells', label, cells: group.map((arm) => cells[arm] ?? '') });
      }
    }
    const drawn = textTable({ columns, rows: lines }, plain);
    return index === 0 ? drawn : [''].concat(drawn);
  });
}

/** With `--profile`: where the time goes. */
function stageRows(arms: readonly ArmResult[]): Section {
  const stages = [
    ['trials', 'trialNs'],
    ['collection', 'collectionNs'],
    ['reset', 'resetNs'],
    ['rendezvous', 'rendezvousNs'],
  ] as const;
  const actors = arms[0]?.stages ?? [];
  const rows = actors.flatMap(({ actor }, index) =>
    stages.map(([name, key]) => ({
      label: `${actor} ${name}`,
      cells: arms.map((arm) => short(arm.stages?.[index]?.[key] ?? 0)),
    })),
  );
  return { heading: 'time by stage, ns per trial', rows };
}

/** The kernel's own words for the invariants that were violated. */
export function invariantLegend(arms: readonly ArmResult[], known: readonly NamedCheck[]): string[] {
  const violated = idsOf(arms, known);
  const columns = Math.max(0, ...violated.map((id) => id.length)) + 3;
  return violated.flatMap((id) => {
    const invariant = known.find((candidate) => candidate.id === id);
    const text =
      invariant === undefined ? "a check of the strategy's own" : `${invariant.title}: ${invariant.origin}`;
    return wrapped(text, { prefix: `  ${id}`.padEnd(columns) });
  });
}

/** Ids of the invariants that any arm violated: known ones in their own order, then others. */
function idsOf(arms: readonly ArmResult[], named: readonly NamedCheck[]): string[] {
  const seen = new Set(
    arms.flatMap(({ violations }) =>
      Object.entries(violations.byInvariant).flatMap(([id, count]) => (count > 0 ? [id] : [])),
    ),
  );
  const known = [...new Set(named.map(({ id }) => id))].filter((id) => seen.has(id));
  return [...known, ...[...seen].filter((id) => !known.includes(id))];
}

function violationRows(arms: readonly ArmResult[], named: readonly NamedCheck[]): Section {
  const rows = idsOf(arms, named).map((id) => {
    const title = named.find((invariant) => invariant.id === id)?.title;
    const label = title === undefined ? id : `${id} ${title}`;
    return {
      label: label.length <= TITLE_COLUMNS_MAX ? label : id,
      cells: arms.map(({ violations }) => exact(violations.byInvariant[id] ?? 0)),
    };
  });
  return { heading: 'violations', rows };
}

/** Whether several instances played. */
function isOfSeveral(arms: readonly ArmResult[]): boolean {
  return arms.some(({ instances }) => instances !== undefined);
}

/** With the violations per second of all instances together, where the starts have one placement: of several, a table of theirs has them. */
function withSpeed(violations: Section, classes: readonly ClassResult[]): Section {
  const [only, another] = classes;
  if (only === undefined || another !== undefined || violations.rows.length === 0) return violations;
  const cells = only.arms.map((arm) => (arm === null ? UNKNOWN : short(arm.violationsPerSecond)));
  return { ...violations, rows: [...violations.rows, { label: 'all, per second', cells }] };
}

function outcomeRows(arms: readonly ArmResult[]): Section {
  const grades = new Map(
    arms.flatMap(({ outcomes }) =>
      Object.entries(outcomes).map(([name, { grade }]) => [name, grade] as const),
    ),
  );
  const rows = [...grades].flatMap(([name, grade]) => {
    const counts = arms.map(({ outcomes }) => outcomes[name]?.count ?? 0);
    if (counts.every((count) => count === 0)) return [];
    return {
      label: `${name} (${grade})`,
      cells: arms.map(({ trials }, arm) => share(counts[arm] ?? 0, trials)),
    };
  });
  return { heading: 'outcomes, share of the trials', rows };
}

/** What was measured beside violations: how the race was met and mended, then the near misses, and apart from them the rest. */
function measureRows(arms: readonly ArmResult[], measures: readonly MeasureWords[]): Section[] {
  const rowsOf = (shown: readonly MeasureWords[]): MatrixRow[] =>
    shown.flatMap((measure) => {
      const counts = arms.map((arm) => countIn(arm, measure));
      return counts.some((count) => count > 0) ? { label: labelOf(measure), cells: counts.map(short) } : [];
    });
  const kinds = [...new Set(arms.flatMap(({ nearMisses }) => Object.keys(nearMisses.byKind)))];
  const met = measureOf(measures, 'met');
  const first = [met, measureOf(measures, 'mended')].filter((each) => each !== undefined);
  const near = kinds.map((name) => measures.find((each) => each.name === name) ?? { name });
  const shown = [...new Set([...first, ...near])];
  const gloss = met === undefined ? '' : phrasesOf(met).gloss;
  const what = met === undefined || gloss === '' ? '' : ` (${labelOf(met)}: ${gloss})`;
  return [
    { heading: `near misses${what}`, rows: rowsOf(shown) },
    { heading: 'counted besides', rows: rowsOf(measures.filter((measure) => !shown.includes(measure))) },
  ];
}

/** What the intervals rest on: starts of the threads, or blocks where those are few; trials are not independent. */
function blockRows(arms: readonly ArmResult[]): Section {
  const warmUp = arms.map(({ rejected }) => rejected.blocks['warm-up']);
  const left = arms.map(
    ({ rejected: { blocks } }) => blocks.apart + blocks.busy + blocks.stolen + blocks.short,
  );
  const alone = arms.map(
    ({ blockResults }) =>
      blockResults.filter((block) => block.alone === true && block.rejected === null).length,
  );
  const isSome = (counts: readonly number[]): boolean => counts.some((count) => count > 0);
  const rows = [
    {
      label: 'starts of the threads',
      cells: arms.map(({ rate }) => (rate.starts === 0 ? UNKNOWN : grouped(rate.starts))),
    },
    { label: 'blocks', cells: arms.map(({ rate }) => grouped(rate.blocks)) },
    ...(isSome(warmUp) ? [{ label: 'more to warm up', cells: warmUp.map(grouped) }] : []),
    ...(isSome(left) ? [{ label: 'left out, see note', cells: left.map(grouped) }] : []),
    ...(isSome(alone) ? [{ label: 'more, one instance alone', cells: alone.map(grouped) }] : []),
    {
      label: '10 % of rates below',
      cells: arms.map(({ rate }) =>
        rate.blockQuantiles === null ? UNKNOWN : short(rate.blockQuantiles.low),
      ),
    },
    {
      label: '10 % above',
      cells: arms.map(({ rate }) =>
        rate.blockQuantiles === null ? UNKNOWN : short(rate.blockQuantiles.high),
      ),
    },
    {
      label: 'design effect',
      cells: arms.map(({ rate }) => (rate.designEffect === null ? UNKNOWN : short(rate.designEffect))),
    },
  ];
  return { heading: 'what the intervals rest on (rates of single blocks, per million)', rows };
}

/** The host moves its virtual cores: the rates with each round trip, where there were several. */
function placementRows(placements: readonly PlacementRates[]): Section {
  const rows = placements.flatMap(({ roundTripNs, blocks, rates }) => [
    {
      label: `${short(roundTripNs)} ns, ${counted(blocks, 'block')}`,
      cells: rates.map((rate) => (rate === null ? UNKNOWN : pointText(rate, undefined))),
    },
    { label: '  95 % interval', cells: rates.map((rate) => (rate === null ? UNKNOWN : rangeText(rate))) },
  ]);
  return { heading: 'rates by round trip, per million', rows: placements.length < 2 ? [] : rows };
}

/** The ends of an interval in a narrow column; nothing for a rate of zero, whose bound stands where the rate would. */
function rangeText({ perMillion, low, high, designEffect }: Rate): string {
  if (perMillion === 0) return '';
  // Too few blocks do not tell how they vary.
  return designEffect === null ? UNKNOWN : `${short(low)}-${short(high)}`;
}

/** Exact while that fits a column. */
function exact(count: number): string {
  return count < EXACT_MAX ? grouped(count) : short(count);
}

/** Arm indices, as many next to each other as the width allows. */
function groupsThatFit(widths: readonly number[], labelColumns: number): number[][] {
  const groups: number[][] = [];
  let used = Infinity;
  for (const [arm, width] of widths.entries()) {
    if (used + 2 + width > REPORT_COLUMNS) {
      groups.push([]);
      used = labelColumns;
    }
    used += 2 + width;
    groups.at(-1)?.push(arm);
  }
  return groups;
}
