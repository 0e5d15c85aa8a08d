/**
 * Does `hunt` find what nobody planned? Mutants of the kernels of 2020 and of today are drawn at random, with a seed, over the steps that
 * the operations of their alphabets take, and hunted for, with what the kernel itself violates left out. One that is not found may be
 * equivalent: `mutate --model` says so of those that the settings of its scenarios reach.
 */
import { alphabetOf } from '../src/catalog/alphabets.ts';
import { formatMutation } from '../src/fix/mutation/mutation.ts';
import { allSteps, mutationsOf } from '../src/fix/mutation/mutations-of.ts';
import { recordingSteps, StepLog } from '../src/fix/mutation/step-recorder.ts';
import { elapsed, grouped } from '../src/report/number.ts';
import { plain } from '../src/report/paint.ts';
import { textTable } from '../src/report/text-table.ts';
import { Programs } from '../src/scenario/hunted/programs.ts';
import { Prng } from '../src/stats/prng.ts';
import { hunt } from '../src/study/hunt/hunt.ts';
import { HUNT_DEFAULTS } from '../src/study/hunt/hunt-result.ts';
import { ProgramSearcher } from '../src/study/hunt/search-program.ts';

const COUNT = Number(process.env['BENCH_MUTANTS'] ?? 5);
const SEED = Number(process.env['BENCH_SEED'] ?? 1);
const MINUTES = Number(process.env['BENCH_HUNT_MINUTES'] ?? 10);
const KERNELS = ['5.7', '7.3'];
const CONTROL = 'none';
/** Of the smallest programs so many are searched to see which steps there are: every how manieth. */
const SAMPLED = 29;
const LIMITS = { statesMax: 20_000, localStatesMax: 50_000 };

/** Of one mutant. */
export interface HuntedMutant {
  readonly kernel: string;
  readonly mutant: string;
  /** An invariant that it violates and the kernel does not, and where; null if none was found. */
  readonly found: { readonly invariant: string; readonly program: string } | null;
  /** Whether every program of two operations was searched, or it was found. */
  readonly isWhole: boolean;
  readonly programs: number;
  readonly elapsedMs: number;
}

/** The mutations of all steps that small programs of a kernel take, in the order of their names. */
export function mutationsIn(kernel: string): readonly string[] {
  const alphabet = alphabetOf(kernel);
  const strategy = alphabet?.subject.strategies.find(({ name }) => name === CONTROL);
  if (alphabet === undefined || strategy === undefined) throw new RangeError(`unknown kernel '${kernel}'`);
  const log = new StepLog();
  const table = new Programs({ alphabet }).ofSize(2);
  for (let index = 0; index < table.length; index += SAMPLED)
    new ProgramSearcher(recordingSteps(strategy, log), LIMITS).search(table.at(index));
  const names = mutationsOf(allSteps(log.steps)).map((mutation) => formatMutation(mutation));
  return [...new Set(names)].toSorted();
}

/** Draws mutants, and hunts for each of them. */
export async function huntMutantsSuite(): Promise<readonly HuntedMutant[]> {
  const all = KERNELS.flatMap((kernel) =>
    mutationsIn(kernel).map((mutation) => ({ kernel, mutant: `${CONTROL}~${mutation}` })),
  );
  const random = new Prng(SEED);
  const rows: HuntedMutant[] = [];
  while (rows.length < Math.min(COUNT, all.length)) {
    const [drawn] = all.splice(random.nextBelow(all.length), 1);
    if (drawn !== undefined) rows.push(await hunted(drawn));
  }
  return rows;
}

async function hunted({ kernel, mutant }: Pick<HuntedMutant, 'kernel' | 'mutant'>): Promise<HuntedMutant> {
  const { statesMax } = HUNT_DEFAULTS;
  const result = await hunt({
    config: { kernel, strategy: mutant, against: CONTROL, only: null, size: 2, seed: null, statesMax },
    timeMs: MINUTES * 60_000,
    isEnd: () => true,
  });
  const [finding] = result.findings;
  const programs = result.sizes.reduce((sum, counts) => sum + counts.programs, 0);
  return {
    kernel,
    mutant,
    found: finding === undefined ? null : { invariant: finding.invariant, program: finding.program },
    isWhole: result.verdict !== 'bounded',
    programs,
    elapsedMs: result.elapsedMs,
  };
}

/** As a table. */
export function formatHuntMutants(rows: readonly HuntedMutant[]): string {
  return [
    `Mutants drawn with seed ${SEED}, hunted for in programs of two operations, ${MINUTES} min each at most`,
    ...textTable(
      {
        columns: [
          { header: 'kernel', align: 'left' },
          { header: 'found', align: 'left' },
          { header: 'programs', align: 'right' },
          { header: 'time', align: 'right' },
        ],
        rows: rows.map(({ kernel, mutant, found, isWhole, programs, elapsedMs }) => ({
          kind: 'cells',
          label: mutant,
          cells: [
            kernel,
            found?.invariant ?? (isWhole ? 'in no program' : 'not yet'),
            grouped(programs),
            elapsed(elapsedMs),
          ],
        })),
      },
      plain,
    ),
  ].join('\n');
}
