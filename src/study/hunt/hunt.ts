/** Races that nobody wrote a scenario for: every small program of an alphabet, smallest first, on all processors. */
import { setMaxListeners } from 'node:events';
import { alphabetOf } from '../../catalog/alphabets.ts';
import { isPlugIn } from '../../fix/plug-in/load.ts';
import type { Alphabet } from '../../scenario/alphabet.ts';
import { formatHunted, type HuntedNames } from '../../scenario/hunted/hunted-names.ts';
import {
  Programs,
  PROGRAMS_MAX,
  type ProgramTable,
  TooManyPrograms,
} from '../../scenario/hunted/programs.ts';
import { Findings } from './findings.ts';
import { hardwareOf } from './hunt-hardware.ts';
import { huntOrder } from './hunt-order.ts';
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
import type { Journal } from './journal.ts';
import { matrixOf } from './matrix.ts';
import type { ProgramLimits } from './search-program.ts';

/** What single actors can come to: where loops go on for ever there is no end. */
const LOCAL_STATES_MAX = 50_000;
/** Programs of one task: a second or less, so that whoever ends a hunt does not wait. */
const CHUNK = 48;
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
  readonly journal?: Journal | undefined;
  /** How long all findings are played on threads, and the seed of that; undefined for not at all. */
  readonly hardware?: { readonly durationMs: number; readonly seed: number } | undefined;
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
  const pool = new HuntPool();
  try {
    return await new Hunt(options, alphabet, pool).run();
  } finally {
    await pool.destroy();
  }
}

class Hunt {
  readonly #options: HuntOptions;
  readonly #alphabet: Alphabet;
  readonly #pool: HuntPool;
  readonly #signal: AbortSignal;
  readonly #startedAt = performance.now();
  readonly #limits: ProgramLimits;
  readonly #findings: Findings;
  readonly #sizes: SizeCounts[] = [];
  #isEnded = false;

  constructor(options: HuntOptions, alphabet: Alphabet, pool: HuntPool) {
    const { config, journal, baseline = new Set() } = options;
    this.#options = options;
    this.#alphabet = alphabet;
    this.#pool = pool;
    this.#signal = options.signal ?? new AbortController().signal;
    setMaxListeners(Infinity, this.#signal);
    this.#limits = { statesMax: config.statesMax, localStatesMax: LOCAL_STATES_MAX };
    this.#findings = new Findings({
      pool,
      config,
      limits: this.#limits,
      signal: this.#signal,
      baseline,
      journal,
    });
  }

  async run(): Promise<HuntResult> {
    const { config } = this.#options;
    const only = config.only === null ? undefined : new Set(config.only);
    const programs = new Programs({ alphabet: this.#alphabet, only });
    for (let size = HUNT_SIZE_MIN; size <= config.size; size++) {
      if (this.#isOver && this.#sizes.length > 0) break;
      const table = tableOf(programs, size);
      const counts = { programs: 0, violated: 0, bounded: 0, vacuous: 0, states: 0 };
      if (table === undefined) {
        this.#sizes.push({ size, total: PROGRAMS_MAX, isMore: true, ...counts });
        break;
      }
      const ofSize = { size, total: table.length, ...counts };
      this.#sizes.push(ofSize);
      if (!this.#isOver) await this.#huntIn(table, ofSize);
    }
    const findings = this.#findings.list();
    const matrix = await this.#matrix(findings);
    const hardware = await this.#hardware(findings);
    return {
      schema: 'ebtorture.hunt/1',
      verdict: this.#verdict(),
      isInterrupted: this.#signal.aborted,
      config,
      startStates: programs.startCount,
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

  /** Searches all programs of a size; what comes of them is settled in their order, whoever was faster. */
  async #huntIn(table: ProgramTable, counts: Mutable<SizeCounts>): Promise<void> {
    const order = huntOrder(table.length, this.#options.config.seed);
    const startedAt = performance.now();
    const waiting: Promise<Chunk | undefined>[] = [];
    const settleNext = async (): Promise<void> => {
      const chunk = await waiting.shift();
      if (chunk === undefined || this.#isEnded) return;
      await this.#settle(chunk, counts);
      const { size, programs: done, total } = counts;
      const leftMs = ((performance.now() - startedAt) * (total - done)) / Math.max(1, done);
      this.#options.onProgress?.({ size, done, total, findings: this.#findings.count, leftMs });
    };
    for (let from = 0; from < table.length && !this.#isOver; from += CHUNK) {
      const texts = Array.from({ length: Math.min(CHUNK, table.length - from) }, (_, index) =>
        textOf(table, order(from + index)),
      );
      const search = this.#search(counts.size, from / CHUNK, texts);
      // Whoever settles it hears of an error.
      search.catch(() => {});
      waiting.push(search);
      if (waiting.length >= this.#pool.threads * AHEAD) await settleNext();
    }
    while (waiting.length > 0) await settleNext();
  }

  /** Undefined where somebody did not want to wait. */
  async #search(size: number, chunk: number, texts: readonly string[]): Promise<Chunk | undefined> {
    const { config, journal } = this.#options;
    const { kernel, strategy, against } = config;
    const [first = ''] = texts;
    let found = journal?.chunkOf({ size, chunk, first });
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
      await journal?.addChunk({ size, chunk, first }, found);
    }
    for (const [index, search] of found.entries()) this.#findings.begin(texts[index] ?? '', search);
    return { texts, found };
  }

  async #settle({ texts, found }: Chunk, counts: Mutable<SizeCounts>): Promise<void> {
    for (const [index, search] of found.entries()) {
      if (this.#signal.aborted || this.#isEnded) return;
      counts.programs++;
      counts.states += search.states;
      if (search.invariants.length > 0) counts.violated++;
      if (!search.isComplete) counts.bounded++;
      else if (search.isVacuous && search.invariants.length === 0) counts.vacuous++;
      for (const invariant of search.invariants) {
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
    const { size } = this.#options.config;
    const isLast = this.#sizes.at(-1)?.size === size;
    const isWhole =
      isLast && this.#sizes.every(({ programs, total, bounded }) => programs === total && bounded === 0);
    // Nothing ever happened in any of them.
    if (this.#sizes.every(({ programs, vacuous }) => vacuous === programs)) return 'bounded';
    return isWhole ? 'complete' : 'bounded';
  }
}

/** Undefined where there are more than there is room for. */
function tableOf(programs: Programs, size: number): ProgramTable | undefined {
  try {
    return programs.ofSize(size);
  } catch (error) {
    if (error instanceof TooManyPrograms) return undefined;
    throw error;
  }
}

/** Programs that were searched together. */
interface Chunk {
  readonly texts: readonly string[];
  readonly found: SearchAnswer;
}

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

function textOf(table: ProgramTable, index: number): string {
  const { alphabet, start, actors, readsFail, setupsFail } = table.at(index);
  const names: HuntedNames = {
    kernel: alphabet.kernel,
    start: start.name,
    actors: actors.map(({ text }) => text),
    pages: start.pages,
    readsFail,
    setupsFail,
  };
  return formatHunted(names);
}
