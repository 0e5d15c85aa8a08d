/** Races that nobody wrote a scenario for: every small program of an alphabet, smallest first, on all processors. */
import { setMaxListeners } from 'node:events';
import { alphabetOf } from '../catalog/alphabets.ts';
import type { Alphabet } from '../scenario/alphabet.ts';
import { formatHunted, type HuntedNames, parseHunted } from '../scenario/hunted/hunted-names.ts';
import { Programs, type ProgramTable } from '../scenario/hunted/programs.ts';
import { huntOrder } from './hunt-order.ts';
import { HuntPool } from './hunt-pool.ts';
import type { Finding, HuntMatrixRow, HuntResult, SizeCounts } from './hunt-result.ts';
import type { SearchAnswer } from './hunt-task.ts';
import type { Journal } from './journal.ts';
import { KnownRaces } from './known-races.ts';
import { matrixOf } from './matrix.ts';
import type { ProgramLimits } from './search-program.ts';

/** States of one program, unless told otherwise: of those with three operations hardly any has more. */
export const HUNT_STATES_MAX = 200_000;
/** The size that is hunted up to, unless told otherwise. */
export const HUNT_SIZE = 3;
/** What single actors can come to: where loops go on for ever there is no end. */
const LOCAL_STATES_MAX = 50_000;
/** Programs of one task: a second or less, so that whoever ends a hunt does not wait. */
const CHUNK = 48;
/** Tasks that wait per thread, so that none is idle. */
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
  /** Whether a finding is what was looked for, and the hunt ends. */
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

/** Hunts. */
export async function hunt(options: HuntOptions): Promise<HuntResult> {
  const alphabet = alphabetOf(options.config.kernel);
  if (alphabet === undefined) throw new RangeError(`unknown kernel '${options.config.kernel}'`);
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
  readonly #races = new KnownRaces();
  readonly #findings = new Map<string, { readonly finding: Finding; programs: number }>();
  readonly #knownMet = new Set<string>();
  readonly #limits: ProgramLimits;
  readonly #sizes: SizeCounts[] = [];
  #repeated = 0;
  #isEnded = false;

  constructor(options: HuntOptions, alphabet: Alphabet, pool: HuntPool) {
    this.#options = options;
    this.#alphabet = alphabet;
    this.#pool = pool;
    this.#signal = options.signal ?? new AbortController().signal;
    setMaxListeners(Infinity, this.#signal);
    this.#limits = { statesMax: options.config.statesMax, localStatesMax: LOCAL_STATES_MAX };
  }

  async run(): Promise<HuntResult> {
    const { config } = this.#options;
    const only = config.only === null ? undefined : new Set(config.only);
    const programs = new Programs({ alphabet: this.#alphabet, only });
    for (let size = 2; size <= config.size; size++) {
      const table = programs.ofSize(size);
      const counts = { size, total: table.length, programs: 0, violated: 0, bounded: 0, vacuous: 0, states: 0 };
      this.#sizes.push(counts);
      if (!this.#isOver) await this.#huntIn(table, counts);
    }
    const findings = [...this.#findings.values()].map(({ finding, programs: count }) => ({
      ...finding,
      programs: count,
    }));
    return {
      schema: 'ebtorture.hunt/1',
      verdict: this.#verdict(),
      isInterrupted: this.#signal.aborted,
      config,
      startStates: programs.startCount,
      sizes: this.#sizes,
      findings,
      repeated: this.#repeated,
      known: this.#knownMet.size,
      rules: this.#alphabet.rules.map(({ id, text, origin }) => ({ id, text, origin })),
      ...(await this.#matrix(findings)),
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
      this.#options.onProgress?.({ size, done, total, findings: this.#findings.size, leftMs });
    };
    for (let from = 0; from < table.length && !this.#isOver; from += CHUNK) {
      const texts = Array.from({ length: Math.min(CHUNK, table.length - from) }, (_, index) =>
        textOf(table, order(from + index)),
      );
      waiting.push(this.#search(counts.size, from / CHUNK, texts));
      if (waiting.length >= this.#pool.threads * AHEAD) await settleNext();
    }
    while (waiting.length > 0) await settleNext();
  }

  /** Undefined where somebody did not want to wait. */
  async #search(size: number, chunk: number, texts: readonly string[]): Promise<Chunk | undefined> {
    const { config, journal } = this.#options;
    const { kernel, strategy, against } = config;
    const kept = journal?.chunkOf(size, chunk);
    if (kept !== undefined) return { texts, found: kept };
    try {
      const found = await this.#pool.search(
        { kind: 'search', kernel, strategy, against: against ?? undefined, programs: texts, limits: this.#limits },
        this.#signal,
      );
      await journal?.addChunk(size, chunk, found);
      return { texts, found };
    } catch (error) {
      if (!this.#signal.aborted) throw error;
      return undefined;
    }
  }

  async #settle({ texts, found }: Chunk, counts: Mutable<SizeCounts>): Promise<void> {
    for (const [index, search] of found.entries()) {
      const text = texts[index] ?? '';
      counts.programs++;
      counts.states += search.states;
      if (search.invariants.length > 0) counts.violated++;
      else if (!search.isComplete) counts.bounded++;
      else if (search.isVacuous) counts.vacuous++;
      for (const invariant of search.invariants) {
        if (this.#signal.aborted || this.#isEnded) return;
        await this.#look(text, invariant);
      }
    }
  }

  /** Looks at what a program violates, unless a smaller one does. */
  async #look(text: string, invariant: string): Promise<void> {
    const names = parseHunted(text);
    if (names === undefined) return;
    if (this.#races.isRepeated(names, invariant)) {
      this.#repeated++;
      return;
    }
    const finding = await this.#findingOf(text, invariant);
    if (finding === null) return;
    if (this.#options.baseline?.has(finding.key) === true) {
      this.#knownMet.add(finding.key);
      return;
    }
    const known = this.#findings.get(finding.key);
    if (known === undefined) this.#findings.set(finding.key, { finding, programs: 1 });
    else known.programs++;
    if (this.#options.isEnd?.(finding) === true) this.#isEnded = true;
  }

  async #findingOf(text: string, invariant: string): Promise<Finding | null> {
    const { config, journal } = this.#options;
    const kept = journal?.findingOf(text, invariant);
    if (kept !== undefined) return kept;
    const { kernel, strategy, against } = config;
    try {
      const finding = await this.#pool.finding(
        {
          kind: 'finding',
          kernel,
          strategy,
          against: against ?? undefined,
          program: text,
          invariant,
          limits: this.#limits,
        },
        this.#signal,
      );
      await journal?.addFinding(text, invariant, finding);
      return finding;
    } catch (error) {
      if (!this.#signal.aborted) throw error;
      return null;
    }
  }

  async #matrix(findings: readonly Finding[]): Promise<{ readonly matrix?: readonly HuntMatrixRow[] }> {
    const { matrix, config } = this.#options;
    if (matrix === undefined || findings.length === 0 || this.#signal.aborted) return {};
    const { kernel } = config;
    return {
      matrix: await matrixOf(findings, {
        pool: this.#pool,
        kernel,
        strategies: matrix,
        limits: this.#limits,
        signal: this.#signal,
      }),
    };
  }

  #verdict(): HuntResult['verdict'] {
    if (this.#findings.size > 0) return 'found';
    const isWhole = this.#sizes.every(({ programs, total, bounded }) => programs === total && bounded === 0);
    return isWhole ? 'complete' : 'bounded';
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
