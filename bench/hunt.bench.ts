/**
 * Does `hunt` find again what is known? Each race of `history` is put back by its control strategy and hunted for, with the whole
 * alphabet of its kernel and what the mended kernel violates left out: how many programs were searched, in what time, until one violates
 * an invariant that the commit names; and how large that one is. Then all programs of its operations are hunted in with the mend in, nothing
 * left out: that race must not be among what is found.
 */
import { hunt } from './built.ts';
import { alphabetOf, subpageName } from '../src/catalog/alphabets.ts';
import { generations } from '../src/catalog/registry.ts';
import { mutatedDefault } from '../src/catalog/run-defaults.ts';
import { elapsed, grouped } from '../src/report/number.ts';
import { plain } from '../src/report/paint.ts';
import { textTable } from '../src/report/text-table.ts';
import { parseHunted } from '../src/scenario/hunted/hunted-names.ts';
import { type HuntedParts, huntedParts } from '../src/scenario/hunted/hunted-scenario.ts';
import { programSize } from '../src/scenario/hunted/programs.ts';
import { controlOf } from '../src/scenario/promises.ts';
import type { HuntProgress } from '../src/study/hunt/hunt.ts';
import { type Finding, HUNT_DEFAULTS, type HuntResult } from '../src/study/hunt/hunt-result.ts';
import { type Race, racesOf } from '../src/study/history.ts';

const MINUTES = Number(process.env['BENCH_HUNT_MINUTES'] ?? 10);
const SIZE = Number(process.env['BENCH_HUNT_SIZE'] ?? 4);
/** The hunt with the mend in searches all programs of a race's operations to their end. */
const MENDED_MINUTES = Number(process.env['BENCH_MENDED_MINUTES'] ?? 60);
/** Names of scenarios, with commas between; all races without it. */
const ONLY = process.env['BENCH_HUNT_RACES']?.split(',');

/** How often a long hunt says how far it is. */
const SAID_MS = 20_000;

/** Of one race. */
export interface HuntedRace {
  readonly race: string;
  readonly kernel: string;
  readonly control: string;
  readonly fix: string;
  /** What its commit names. */
  readonly breaks: readonly string[];
  readonly programs: number;
  readonly elapsedMs: number;
  /** Null where it was not found. */
  readonly found: {
    readonly invariant: string;
    readonly program: string;
    readonly operations: number;
    /** Whether the same race is found in programs of its operations with the mend in, or that hunt was not whole, or would not find it anyway. */
    readonly mended: 'gone' | 'found' | 'not whole' | 'says nothing';
  } | null;
}

/** The kernel whose alphabet has the control of a race, or undefined. */
function kernelOf({ generation, scenario }: Race): string | undefined {
  const name = scenario.kernels?.own ?? generation.name.slice(1);
  const wanted = [controlOf(scenario), mutatedDefault(scenario)];
  return [name, subpageName(name)].find((each) => {
    const known = alphabetOf(each)?.subject.strategies.map((strategy) => strategy.name) ?? [];
    return wanted.every((strategy) => known.includes(strategy));
  });
}

/** Hunts for each of them. */
export async function huntSuite(onRow: (row: HuntedRace) => void = () => {}): Promise<readonly HuntedRace[]> {
  const rows: HuntedRace[] = [];
  for (const race of racesOf(generations)) {
    if (ONLY?.includes(race.scenario.name) === false) continue;
    const row = await huntedRace(race);
    if (row === undefined) continue;
    rows.push(row);
    onRow(row);
  }
  return rows;
}

async function huntedRace(race: Race): Promise<HuntedRace | undefined> {
  const { scenario, entry } = race;
  const kernel = kernelOf(race);
  if (kernel === undefined) return undefined;
  const control = controlOf(scenario);
  const fix = mutatedDefault(scenario);
  const result = await hunt({
    config: {
      kernel,
      strategy: control,
      against: fix,
      only: null,
      size: SIZE,
      seed: null,
      statesMax: HUNT_DEFAULTS.statesMax,
    },
    timeMs: MINUTES * 60_000,
    isEnd: ({ invariant }) => entry.breaks.includes(invariant),
    onProgress: onProgressOf(scenario.name),
  });
  const { breaks } = entry;
  const finding = result.findings.find(({ invariant }) => breaks.includes(invariant));
  const row = { race: scenario.name, kernel, control, fix, breaks, programs: programsOf(result) };
  const { elapsedMs } = result;
  if (finding === undefined) return { ...row, elapsedMs, found: null };
  const { invariant, program, operations } = finding;
  const mended = await mendedIn(result, finding, { control, fix, race: scenario.name });
  return { ...row, elapsedMs, found: { invariant, program, operations, mended } };
}

/** Says now and then how far it is. */
function onProgressOf(race: string): (progress: HuntProgress) => void {
  let saidAt = performance.now();
  return ({ size, done, total, findings }) => {
    if (performance.now() < saidAt + SAID_MS) return;
    saidAt = performance.now();
    const text = `${race}: size ${size}, ${grouped(done)} of ${grouped(total)} programs, ${findings} other findings`;
    process.stderr.write(`${text}\n`);
  };
}

const programsOf = ({ sizes }: HuntResult): number => sizes.reduce((sum, counts) => sum + counts.programs, 0);

/**
 * Hunts with the mend in for what violates the same invariant, nothing left out, in all programs of the operations that the race needs, up
 * to its size. The same hunt with the race put back must find it, or it says nothing.
 */
async function mendedIn(
  { config }: HuntResult,
  { key, invariant, program }: Finding,
  { control, fix, race }: { readonly control: string; readonly fix: string; readonly race: string },
): Promise<NonNullable<HuntedRace['found']>['mended']> {
  const parts = partsOf(program, config.kernel);
  const size = programSize(parts);
  const only = [...new Set(parts.actors.flatMap(({ operations }) => operations.map(({ name }) => name)))];
  const isIn = ({ findings }: HuntResult): boolean => findings.some((finding) => finding.key === key);
  const huntedWith = async (strategy: string): Promise<HuntResult> =>
    hunt({
      config: { ...config, strategy, against: null, only, size },
      timeMs: MENDED_MINUTES * 60_000,
      isWanted: (other) => other === invariant,
      isEnd: (finding) => finding.key === key,
      onProgress: onProgressOf(`${race} with ${strategy}`),
    });
  if (!isIn(await huntedWith(control))) return 'says nothing';
  const after = await huntedWith(fix);
  if (isIn(after)) return 'found';
  return after.sizes.every(({ programs, total }) => programs === total) ? 'gone' : 'not whole';
}

function partsOf(program: string, kernel: string): HuntedParts {
  const names = parseHunted(program);
  const alphabet = alphabetOf(kernel);
  const parts = names === undefined || alphabet === undefined ? program : huntedParts(alphabet, names);
  if (typeof parts === 'string') throw new RangeError(parts);
  return parts;
}

/** As a table. */
export function formatHunt(rows: readonly HuntedRace[]): string {
  const found = rows.filter(({ found: each }) => each !== null).length;
  return [
    `Races of history, put back and hunted for: ${found} of ${rows.length} found, ${MINUTES} min each at most`,
    ...textTable(
      {
        columns: [
          { header: 'found', align: 'left' },
          { header: 'operations', align: 'right' },
          { header: 'programs', align: 'right' },
          { header: 'time', align: 'right' },
          { header: 'mended', align: 'left' },
        ],
        rows: rows.map(({ race, programs, elapsedMs, found: each }) => ({
          kind: 'cells',
          label: race,
          cells: [
            each?.invariant ?? 'no',
            each === null ? '-' : String(each.operations),
            grouped(programs),
            elapsed(elapsedMs),
            each?.mended ?? '-',
          ],
        })),
      },
      plain,
    ),
  ].join('\n');
}
