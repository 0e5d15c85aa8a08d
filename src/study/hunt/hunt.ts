/** Races that nobody wrote a scenario for: every small program of an alphabet, smallest first, on all processors. */
import { setMaxListeners } from 'node:events';
import { alphabetOf } from '../../catalog/alphabets.ts';
import { isPlugIn, loadStrategy } from '../../fix/plug-in/load.ts';
import type { Alphabet } from '../../scenario/alphabet.ts';
import { Programs, PROGRAMS_MAX } from '../../scenario/hunted/programs.ts';
import { Findings } from './findings.ts';
import { hardwareOf } from './hunt-hardware.ts';
import { chunksOf, type PlannedChunk } from './hunt-order.ts';
import { HuntKeeper } from './hunt-keeper.ts';
import { HuntPool } from './hunt-pool.ts';
import {
  type Finding,
  HUNT_SIZE_MAX,
  HUNT_SIZE_MIN,
  type HuntMatrixRow,
  type HuntResult,
  type SizeCounts,
} from './hunt-result.ts';
import type { SearchAnswer } from './hunt-task.ts';
import type { Journal } from '../journal/journal.ts';
import { matrixOf } from './matrix.ts';
import type { ProgramLimits } from './search-program.ts';

/** What single actors can come to: where loops go on for ever there is no end. */
const LOCAL_STATES_MAX = 50_000;
/** Tasks that wait per thread, so that none is idle while another looks at what was found. */
const AHEAD = 3;

/** What `hunt` takes; validated by the caller. */
export interface HuntOptions {
  readonly config: HuntResult['config'];
  /** No chunk begins later. @default no limit */
  readonly timeMs?: number | undefined;
  /** Keys of findings that are known. */
  readonly baseline?: ReadonlySet<string> | undefined;
  /** Strategies that are tried on all findings, undefined for no matrix: names, or paths of plug-ins. */
  readonly matrix?: readonly string[] | undefined;
  /** Where it puts down what it does, and what it goes on from. @default nowhere */
  readonly journal?: Journal | undefined;
  /** How long all findings are played on threads, and the seed of that; undefined for not at all. */
  readonly hardware?: { readonly durationMs: number; readonly seed: number } | undefined;
  /** Whether what violates this invariant is looked at; what is not is neither a finding nor counted as one. @default all of them */
  readonly isWanted?: ((invariant: string) => boolean) | undefined;
  /** Whether nothing is searched but only what the journal has is settled: of a hunt whose parts were put down by others. @default false */
  readonly isOnlyKnown?: boolean | undefined;
  /** Whether a new finding is what was looked for, and the hunt ends. */
  readonly isEnd?: ((finding: Finding) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HuntProgress) => void) | undefined;
}

/** How far it has come. */
export interface HuntProgress {
  readonly size: number;
  /** Programs of that size. */
  readonly done: number;
  readonly total: number;
  readonly findings: number;
  /** Of that size, at the pace so far. */
  readonly leftMs: number;
}

/**
 * Hunts.
 * @throws {RangeError} If there is no such kernel, operation or size, or the strategy is a module.
 * @throws {StrategyError} If there is no such strategy, or one of the matrix is none.
 */
export async function hunt(options: HuntOptions): Promise<HuntResult> {
  const { kernel, strategy, against, only, size } = options.config;
  const alphabet = alphabetOf(kernel);
  if (alphabet === undefined) throw new RangeError(`unknown kernel '${kernel}'`);
  for (const name of [strategy, against])
    if (name !== null && isPlugIn(name))
      throw new RangeError(`strategy ${name}: hunt takes those of the project, and modules in the matrix`);
  const unknown = only?.find((name) => alphabet.operations.every((operation) => operation.name !== name));
  if (unknown !== undefined) throw new RangeError(`unknown operation '${unknown}'`);
  if (!Number.isInteger(size) || size < HUNT_SIZE_MIN || size > HUNT_SIZE_MAX)
    throw new RangeError(`size: expected an integer from ${HUNT_SIZE_MIN} to ${HUNT_SIZE_MAX}, got ${size}`);
  for (const name of [strategy, against]) if (name !== null) await loadStrategy(name, alphabet.subject);
  const keeper = new HuntKeeper(options.journal);
  await keeper.begin(options.config);
  const pool = new HuntPool();
  try {
    return await new Hunt(options, alphabet, { pool, keeper }).run();
  } finally {
    await pool.destroy();
  }
}

class Hunt {
  readonly #options: HuntOptions;
  readonly #alphabet: Alphabet;
  readonly #pool: HuntPool;
  readonly #keeper: HuntKeeper;
  readonly #signal: AbortSignal;
  readonly #startedAt = performance.now();
  readonly #limits: ProgramLimits;
  readonly #findings: Findings;
  readonly #sizes: Mutable<SizeCounts>[] = [];
  #isEnded = false;
  #startStates = 0;

  constructor(options: HuntOptions, alphabet: Alphabet, { pool, keeper }: HuntParts) {
    const { config, baseline = new Set() } = options;
    this.#options = options;
    this.#alphabet = alphabet;
    this.#pool = pool;
    this.#keeper = keeper;
    this.#signal = options.signal ?? new AbortController().signal;
    setMaxListeners(Infinity, this.#signal);
    this.#limits = { statesMax: config.statesMax, localStatesMax: LOCAL_STATES_MAX };
    this.#findings = new Findings({
      pool,
      config,
      limits: this.#limits,
      signal: this.#signal,
      baseline,
      keeper,
    });
  }

  async run(): Promise<HuntResult> {
    const { config } = this.#options;
    const only = config.only === null ? undefined : new Set(config.only);
    const programs = new Programs({ alphabet: this.#alphabet, only });
    this.#startStates = programs.startCount;
    await this.#huntIn(chunksOf(programs, config, (size, total) => this.#begin(size, total)));
    const findings = this.#findings.list();
    const matrix = await this.#matrix(findings);
    const hardware = await this.#hardware(findings);
    return {
      schema: 'ebtorture.hunt/1',
      verdict: this.#verdict(),
      isInterrupted: this.#signal.aborted,
      config,
      startStates: this.#startStates,
      sizes: this.#sizes,
      findings,
      repeated: this.#findings.repeated,
      known: this.#findings.knownCount,
      rules: this.#alphabet.rules.map(({ id, text, origin }) => ({ id, text, origin })),
      ...matrix,
      ...hardware,
      elapsedMs: performance.now() - this.#startedAt,
    };
  }

  get #isOver(): boolean {
    const { timeMs = Infinity } = this.#options;
    return this.#isEnded || this.#signal.aborted || performance.now() - this.#startedAt >= timeMs;
  }

  /** A size is come to that has so many programs; undefined where there are more than there is room for. */
  #begin(size: number, total: number | undefined): void {
    const counts = { programs: 0, violated: 0, bounded: 0, vacuous: 0, states: 0 };
    this.#sizes.push(
      total === undefined
        ? { size, total: PROGRAMS_MAX, isMore: true, ...counts }
        : { size, total, ...counts },
    );
  }

  /** Searches all programs; what comes of them is settled in their order, whoever was faster. */
  async #huntIn(chunks: Iterable<PlannedChunk>): Promise<void> {
    const waiting: Promise<Chunk | undefined>[] = [];
    const settleNext = async (): Promise<void> => {
      const chunk = await waiting.shift();
      if (chunk === undefined || this.#isEnded) return;
      await this.#settle(chunk);
      if (chunk.isNew) this.#putDown();
      this.#report();
    };
    for (const chunk of chunks) {
      if (this.#isOver) break;
      const search = this.#search(chunk);
      // Whoever settles it hears of an error.
      search.catch(() => {});
      waiting.push(search);
      if (waiting.length >= this.#pool.threads * AHEAD) await settleNext();
    }
    while (waiting.length > 0) await settleNext();
  }

  /** What is settled so far. */
  #putDown(): void {
    this.#keeper.hunted({
      startStates: this.#startStates,
      sizes: this.#sizes,
      repeated: this.#findings.repeated,
      known: this.#findings.knownCount,
      findings: this.#findings.names(),
      elapsedMs: performance.now() - this.#startedAt,
    });
  }

  #isWanted(invariant: string): boolean {
    return this.#options.isWanted?.(invariant) ?? true;
  }

  /** Says how far the smallest size is that is not done. */
  #report(): void {
    const counts = this.#sizes.find(({ programs, total }) => programs < total) ?? this.#sizes.at(-1);
    if (counts === undefined) return;
    const { size, programs: done, total } = counts;
    const all = this.#sizes.reduce((sum, { programs }) => sum + programs, 0);
    const leftMs = ((performance.now() - this.#startedAt) * (total - done)) / Math.max(1, all);
    this.#options.onProgress?.({ size, done, total, findings: this.#findings.count, leftMs });
  }

  /** Undefined where somebody did not want to wait, or where it is not known and only that is wanted. */
  async #search({ size, from, texts }: PlannedChunk): Promise<Chunk | undefined> {
    const { kernel, strategy, against } = this.#options.config;
    const [first = ''] = texts;
    let found = this.#keeper.chunkOf({ size, from, first });
    const isNew = found === undefined;
    if (found === undefined && this.#options.isOnlyKnown === true) return undefined;
    if (found === undefined) {
      try {
        found = await this.#pool.search(
          { kind: 'search', kernel, strategy, against, programs: texts, limits: this.#limits },
          this.#signal,
        );
      } catch (error) {
        if (!this.#signal.aborted) throw error;
        return undefined;
      }
      this.#keeper.addChunk({ size, from, first }, found);
    }
    // What others have put down need not be looked at before its turn.
    if (this.#options.isOnlyKnown !== true)
      for (const [index, search] of found.entries())
        this.#findings.begin(
          texts[index] ?? '',
          search.invariants.filter((id) => this.#isWanted(id)),
        );
    return { size, texts, found, isNew };
  }

  async #settle({ size, texts, found }: Chunk): Promise<void> {
    const counts = this.#sizes.find((each) => each.size === size);
    if (counts === undefined) throw new Error(`size ${size} was not begun`);
    for (const [index, search] of found.entries()) {
      if (this.#signal.aborted || this.#isEnded) return;
      counts.programs++;
      counts.states += search.states;
      if (search.invariants.length > 0) counts.violated++;
      if (!search.isComplete) counts.bounded++;
      else if (search.isVacuous && search.invariants.length === 0) counts.vacuous++;
      for (const invariant of search.invariants) {
        if (!this.#isWanted(invariant)) continue;
        const finding = await this.#findings.settle(texts[index] ?? '', invariant);
        if (finding !== undefined && this.#options.isEnd?.(finding) === true) this.#isEnded = true;
      }
    }
  }

  async #matrix(findings: readonly Finding[]): Promise<{ readonly matrix?: readonly HuntMatrixRow[] }> {
    const { matrix, config } = this.#options;
    if (matrix === undefined || findings.length === 0 || this.#signal.aborted) return {};
    const { kernel } = config;
    const parts = { pool: this.#pool, kernel, limits: this.#limits, signal: this.#signal };
    return { matrix: await matrixOf(findings, { ...parts, strategies: matrix }) };
  }

  /** Once nothing else runs: threads that search would be in the way. */
  async #hardware(findings: readonly Finding[]): Promise<Pick<HuntResult, 'hardware'>> {
    const { hardware, config } = this.#options;
    if (hardware === undefined || this.#signal.aborted) return {};
    const { strategy } = config;
    return { hardware: await hardwareOf(findings, { strategy, signal: this.#signal, ...hardware }) };
  }

  #verdict(): HuntResult['verdict'] {
    if (this.#findings.count > 0) return 'found';
    const { size, shard } = this.#options.config;
    const isLast = this.#sizes.at(-1)?.size === size;
    const isWhole =
      isLast && this.#sizes.every(({ programs, total, bounded }) => programs === total && bounded === 0);
    // Nothing ever happened in any of them.
    if (this.#sizes.every(({ programs, vacuous }) => vacuous === programs)) return 'bounded';
    if (!isWhole) return 'bounded';
    return shard === undefined || shard.of === 1 ? 'complete' : 'part';
  }
}

/** Programs that were searched together. */
interface Chunk {
  readonly size: number;
  readonly texts: readonly string[];
  readonly found: SearchAnswer;
  /** Whether it was not known from a journal. */
  readonly isNew: boolean;
}

/** What a hunt works with. */
interface HuntParts {
  readonly pool: HuntPool;
  readonly keeper: HuntKeeper;
}

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };
