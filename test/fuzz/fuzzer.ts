import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import type { Edit } from './edits.ts';
import { contradictionsOnThreads, type Runnable, runOnThreads, type Shown } from './on-threads.ts';
import { type FuzzSetting, generate, type Program, ProgramFolder, sourceOf } from './program.ts';
import { type Search, searchAll, type Searched } from './searches.ts';
import type { Tag } from './snippets.ts';

/** What is fuzzed, and how much of it. */
export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Number of the first program. @default 0 */
  readonly first?: number | undefined;
  /** Programs in other settings are passed over, and not counted. @default all settings */
  readonly isIn?: ((setting: FuzzSetting) => boolean) | undefined;
  /** Edits that are left out. */
  readonly without: ReadonlySet<Tag>;
  /** Every so many programs one also runs on real threads; 0: none does. */
  readonly threadsEvery: number;
  /** The same of searches on several threads. */
  readonly searchThreadsEvery: number;
  /** The same of schedules that are played: random ones, and those of the search by code that runs from its beginning. */
  readonly playedEvery: number;
  /** @default explore */
  readonly search?: Search | undefined;
  /** Called with each contradiction as soon as it is known. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
}

/** A program on which engines contradict each other. */
export interface Finding {
  readonly program: Program;
  readonly contradictions: readonly string[];
  /** The program with as few of its edits as still contradict. */
  readonly shrunk: Program;
  readonly shrunkContradictions: readonly string[];
}

/** How many programs ended in which way. */
export interface FuzzSummary {
  readonly seed: number;
  readonly count: number;
  /** `reduced search / plain search`, by kind or verdict. */
  readonly searches: Readonly<Record<string, number>>;
  readonly threads: Readonly<Record<string, number>>;
  readonly trials: number;
  /** Programs that were too large for the search, or whose search without reductions was. */
  readonly skipped: number;
  readonly findings: readonly Finding[];
}

/** Programs that are searched before some of them run on threads. */
const BATCH = 120;

/** Generates programs, plays each in every engine, and collects what does not fit together. */
export async function fuzzStrategies(options: FuzzOptions): Promise<FuzzSummary> {
  const folder = new ProgramFolder();
  try {
    return await new Fuzzer(options, folder).run();
  } finally {
    folder.remove();
  }
}

class Fuzzer {
  readonly #options: FuzzOptions;
  readonly #folder: ProgramFolder;
  readonly #searches: Record<string, number> = {};
  readonly #threads: Record<string, number> = {};
  readonly #findings: Finding[] = [];
  #trials = 0;
  #skipped = 0;

  constructor(options: FuzzOptions, folder: ProgramFolder) {
    this.#options = options;
    this.#folder = folder;
  }

  async run(): Promise<FuzzSummary> {
    const { seed, count, threadsEvery } = this.#options;
    let waiting: { readonly program: Program; readonly runnable: Runnable }[] = [];
    let left = count;
    for (const program of this.#programs()) {
      const { number } = program;
      left--;
      const { runnable, contradictions, plain } = await this.#searched(program);
      this.#count(runnable.searched, plain);
      if (contradictions.length > 0) await this.#found(program, contradictions, false);
      if (threadsEvery > 0 && number % threadsEvery === 0) waiting.push({ program, runnable });
      if (waiting.length < BATCH && left > 0) continue;
      const shown = await runOnThreads(
        waiting.map((each) => each.runnable),
        seed + number,
      );
      for (const [index, each] of waiting.entries()) {
        const of = shown[index];
        if (of !== undefined) await this.#judge(each.program, each.runnable, of);
      }
      waiting = [];
    }
    return {
      seed,
      count,
      searches: this.#searches,
      threads: this.#threads,
      trials: this.#trials,
      skipped: this.#skipped,
      findings: this.#findings,
    };
  }

  *#programs(): Generator<Program> {
    const { seed, count, first = 0, without, isIn = (): boolean => true } = this.#options;
    for (let number = first, made = 0; made < count; number++) {
      const program = generate(seed, number, without);
      if (!isIn(program.setting)) continue;
      made++;
      yield program;
    }
  }

  async #searched(program: Program): Promise<{
    readonly runnable: Runnable;
    readonly contradictions: readonly string[];
    readonly plain: Searched;
  }> {
    const { searchThreadsEvery, playedEvery, search } = this.#options;
    const path = this.#folder.write(program);
    const { number, setting } = program;
    const { reduced, plain, contradictions } = await searchAll({
      setting,
      strategy: await loadStrategy(path, extentBuffer),
      seed: number,
      isOnThreads: searchThreadsEvery > 0 && number % searchThreadsEvery === 0,
      isPlayed: playedEvery > 0 && number % playedEvery === 0,
      search,
    });
    return { runnable: { path, setting, searched: reduced }, contradictions, plain };
  }

  #count(reduced: Searched, plain: Searched): void {
    const kind = (searched: Searched): string =>
      searched.kind === 'found' ? searched.result.verdict : searched.kind;
    add(this.#searches, `${kind(reduced)} / ${kind(plain)}`);
    if (reduced.kind === 'too large' || (reduced.kind === 'found' && plain.kind !== 'found')) this.#skipped++;
  }

  async #judge(program: Program, runnable: Runnable, shown: Shown): Promise<void> {
    const { searched } = runnable;
    const verdict = searched.kind === 'found' ? searched.result.verdict : searched.kind;
    if (shown.kind === 'failed') add(this.#threads, `${verdict}: ${shown.code}`);
    else {
      add(this.#threads, `${verdict}: ${shown.violations > 0 ? 'violated' : 'clean'}`);
      this.#trials += shown.trials;
    }
    const contradictions = contradictionsOnThreads(runnable, shown);
    if (contradictions.length > 0) await this.#found(program, contradictions, true);
  }

  async #found(program: Program, contradictions: readonly string[], isOnThreads: boolean): Promise<void> {
    const again = async (candidate: Program): Promise<readonly string[]> => {
      const { runnable, contradictions: between } = await this.#searched(candidate);
      if (between.length > 0 || !isOnThreads) return between;
      const [shown] = await runOnThreads([runnable], program.seed + program.number);
      return shown === undefined ? [] : contradictionsOnThreads(runnable, shown);
    };
    const [shrunk, shrunkContradictions] = await shrink(program, contradictions, again);
    const finding = { program, contradictions, shrunk, shrunkContradictions };
    this.#findings.push(finding);
    this.#options.onFinding?.(finding);
  }
}

/** Takes edits back, one by one, as long as the engines go on to contradict each other. */
async function shrink(
  program: Program,
  contradictions: readonly string[],
  again: (candidate: Program) => Promise<readonly string[]>,
): Promise<readonly [Program, readonly string[]]> {
  let smallest = program;
  let shown = contradictions;
  for (const edit of program.edits.toReversed()) {
    const edits = smallest.edits.filter((other: Edit) => other !== edit);
    const candidate = { ...smallest, edits };
    const still = await again(candidate);
    if (still.length === 0) continue;
    smallest = candidate;
    shown = still;
  }
  for (const method of smallest.methods) {
    const isEdited = smallest.edits.some((edit) => edit.method === method.name);
    if (isEdited || method.name === 'attachExtentBufferPage') continue;
    const candidate = { ...smallest, methods: smallest.methods.filter((other) => other !== method) };
    const still = await again(candidate);
    if (still.length === 0) continue;
    smallest = candidate;
    shown = still;
  }
  return [smallest, shown];
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** A contradiction, for people: how to have it again, the shrunk program, and what each engine says. */
export function findingText({ program, contradictions, shrunk, shrunkContradictions }: Finding): string {
  const { seed, number } = program;
  return [
    `CONTRADICTION: seed ${seed}, program ${number} (npm run fuzz -- strategies --seed ${seed} --first ${number} --count 1)`,
    ...contradictions.map((each) => `  ${each}`),
    `shrunk to ${shrunk.edits.length} of ${program.edits.length} edits:`,
    ...shrunkContradictions.map((each) => `  ${each}`),
    sourceOf(shrunk),
  ].join('\n');
}

/** What a run has come to, for people. */
export function summaryText({
  seed,
  count,
  searches,
  threads,
  trials,
  skipped,
  findings,
}: FuzzSummary): string {
  const lines = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts)
      .toSorted(([, one], [, other]) => other - one)
      .map(([key, number]) => `  ${String(number).padStart(6)}  ${key}`);
  const share = count === 0 ? 0 : (100 * skipped) / count;
  return [
    `strategies: seed ${seed}, ${count} programs, ${findings.length} contradictions`,
    `search with all reductions / without (${skipped} too large to compare: ${share.toFixed(1)} %)`,
    ...lines(searches),
    ...(trials > 0 ? [`search: on threads (${trials} trials)`, ...lines(threads)] : []),
  ].join('\n');
}
