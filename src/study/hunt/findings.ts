/** The races of a hunt: what each program that violates is looked at for, and what of it is new. */
import { parseHunted } from '../../scenario/hunted/hunted-names.ts';
import type { HuntPool } from './hunt-pool.ts';
import type { HuntKeeper } from './hunt-keeper.ts';
import type { Finding, HuntResult } from './hunt-result.ts';
import type { HuntedRecord } from '../journal/records.ts';
import { KnownRaces } from './known-races.ts';
import type { ProgramLimits } from './search-program.ts';

/** What programs are looked at with. */
export interface LookParts {
  readonly pool: HuntPool;
  readonly config: HuntResult['config'];
  readonly limits: ProgramLimits;
  readonly signal: AbortSignal;
  /** Keys of findings that are known. */
  readonly baseline: ReadonlySet<string>;
  readonly keeper: HuntKeeper;
}

/** A race, and how many programs were looked at that show it; the first of them is named. */
interface FoundRace {
  readonly finding: Finding;
  readonly program: string;
  programs: number;
}

/** Undefined where somebody did not want to wait. */
type Look = Promise<Finding | undefined>;

/** All findings of a hunt. What is settled in the same order is the same, whichever thread was faster. */
export class Findings {
  /** Programs that violate what a program inside of them does. */
  repeated = 0;
  readonly #parts: LookParts;
  readonly #races = new KnownRaces();
  readonly #found = new Map<string, FoundRace>();
  readonly #knownMet = new Set<string>();
  /** By program and invariant: what was begun before its turn. */
  readonly #begun = new Map<string, Look>();
  /** What those violate: the others with the same inside of them are mostly repeated once it is their turn. */
  readonly #begunRaces = new KnownRaces();

  constructor(parts: LookParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#found.size;
  }

  /** How many of the baseline were met. */
  get knownCount(): number {
    return this.#knownMet.size;
  }

  /** In the order in which they were found, each with the number of programs that were looked at and show it. */
  list(): readonly (Finding & { readonly programs: number })[] {
    return [...this.#found.values()].map(({ finding, programs }) => Object.assign({}, finding, { programs }));
  }

  /** The same by the programs that they were found in. */
  names(): HuntedRecord['findings'] {
    return [...this.#found.values()].map(({ program, finding: { invariant }, programs }) => ({
      program,
      invariant,
      programs,
    }));
  }

  /** Begins to look at what a program violates, so that a thread is at it while others search on. */
  begin(text: string, invariants: readonly string[]): void {
    const names = invariants.length === 0 ? undefined : parseHunted(text);
    if (names === undefined) return;
    for (const invariant of invariants) {
      if (this.#races.isKnown(names, invariant) || this.#begunRaces.isKnown(names, invariant)) continue;
      this.#begunRaces.add(names, invariant);
      const look = this.#findingOf(text, invariant);
      // Whoever settles it hears of an error.
      look.catch(() => {});
      this.#begun.set(`${text} ${invariant}`, look);
    }
  }

  /** Settles what a program violates, unless a smaller one does. Returns what is new. */
  async settle(text: string, invariant: string): Promise<Finding | undefined> {
    const names = parseHunted(text);
    if (names === undefined) return undefined;
    const begun = this.#begun.get(`${text} ${invariant}`);
    this.#begun.delete(`${text} ${invariant}`);
    const isRepeated = this.#races.isKnown(names, invariant);
    this.#races.add(names, invariant);
    if (isRepeated) {
      this.repeated++;
      return undefined;
    }
    const finding = await (begun ?? this.#findingOf(text, invariant));
    if (finding === undefined) return undefined;
    if (this.#parts.baseline.has(finding.key)) {
      this.#knownMet.add(finding.key);
      return undefined;
    }
    const known = this.#found.get(finding.key);
    if (known !== undefined) {
      known.programs++;
      return undefined;
    }
    this.#found.set(finding.key, { finding, program: text, programs: 1 });
    return finding;
  }

  async #findingOf(text: string, invariant: string): Look {
    const { pool, keeper, limits, signal, config } = this.#parts;
    const kept = keeper.findingOf(text, invariant);
    if (kept !== undefined) return kept;
    const { kernel, strategy, against } = config;
    try {
      const task = { kind: 'finding', kernel, strategy, against, program: text, invariant, limits } as const;
      const finding = await pool.finding(task, signal);
      keeper.addFinding(text, invariant, finding);
      return finding;
    } catch (error) {
      if (!signal.aborted) throw error;
      return undefined;
    }
  }
}
