/**
 * What a hunt has found so far, as lines that are only ever added: one that was cut by a kill is the last, and is left out. Each stands
 * for a piece of work that need not be done again.
 */
import type { Finding, HuntResult } from './hunt-result.ts';
import type { SearchAnswer } from './hunt-task.ts';

/** A line. */
export type JournalRecord =
  | { readonly kind: 'hunt'; readonly config: HuntResult['config'] }
  | ({ readonly kind: 'chunk'; readonly found: SearchAnswer } & ChunkKey)
  | {
      readonly kind: 'finding';
      readonly program: string;
      readonly invariant: string;
      readonly finding: Finding;
    };

/** Which programs: those of a size, in the order of the hunt; the first of them is named, since a later release may have others there. */
export interface ChunkKey {
  readonly size: number;
  /** The number of the first in that order. */
  readonly from: number;
  readonly first: string;
}

/** Adds a line where it is kept, and comes back when it is there. */
export type AppendRecord = (line: string) => Promise<void>;

/** A journal of another hunt, or none. */
export class JournalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JournalError';
  }
}

/** What is known, by what it was asked with. */
export class Journal {
  readonly #chunks = new Map<string, SearchAnswer>();
  readonly #findings = new Map<string, Finding>();
  readonly #append: AppendRecord;

  /**
   * `text` is what was kept until now, '' for nothing.
   * @throws {JournalError} If it is of a hunt for something else.
   */
  constructor(config: HuntResult['config'], text: string, append: AppendRecord) {
    this.#append = append;
    for (const record of recordsIn(text)) {
      if (record.kind === 'hunt') requireEqual(record.config, config);
      else if (record.kind === 'chunk') this.#chunks.set(nameOf(record), record.found);
      else this.#findings.set(`${record.program} ${record.invariant}`, record.finding);
    }
  }

  /** Says what is hunted for, where nothing has been written yet. */
  async begin(config: HuntResult['config']): Promise<void> {
    await this.#write({ kind: 'hunt', config });
  }

  chunkOf(key: ChunkKey): SearchAnswer | undefined {
    return this.#chunks.get(nameOf(key));
  }

  async addChunk(key: ChunkKey, found: SearchAnswer): Promise<void> {
    await this.#write({ kind: 'chunk', ...key, found });
  }

  /** Undefined if it is not known. */
  findingOf(program: string, invariant: string): Finding | undefined {
    return this.#findings.get(`${program} ${invariant}`);
  }

  async addFinding(program: string, invariant: string, finding: Finding): Promise<void> {
    await this.#write({ kind: 'finding', program, invariant, finding });
  }

  async #write(record: JournalRecord): Promise<void> {
    await this.#append(`${JSON.stringify(record)}\n`);
  }
}

/**
 * What a journal is of.
 * @throws {JournalError} If it is none.
 */
export function configIn(text: string): HuntResult['config'] {
  const [first] = recordsIn(text);
  if (first?.kind !== 'hunt') throw new JournalError('it has no whole line of a hunt');
  return first.config;
}

const nameOf = ({ size, from, first }: ChunkKey): string => `${size} ${from} ${first}`;

/** All whole lines: the last one may have been cut. */
function recordsIn(text: string): readonly JournalRecord[] {
  const end = text.lastIndexOf('\n');
  const lines = end < 0 ? [] : text.slice(0, end).split('\n');
  const records = lines.map((line): JournalRecord => {
    try {
      const record: unknown = JSON.parse(line);
      if (isRecord(record)) return record;
    } catch {
      // Said below.
    }
    throw new JournalError('a line of it is no record of a hunt');
  });
  if (records.length > 0 && records[0]?.kind !== 'hunt') throw new JournalError('it is no journal of a hunt');
  return records;
}

/** Checks what is gone on from. */
function isRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'hunt') return 'config' in value && isConfig(value.config);
  if (value.kind === 'chunk')
    return 'found' in value && Array.isArray(value.found) && value.found.every(isSearch);
  return value.kind === 'finding' && 'finding' in value && isFinding(value.finding);
}

function isConfig(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['kernel', 'strategy'].every((name) => typeof Reflect.get(value, name) === 'string');
  return texts && ['size', 'statesMax'].every((name) => Number.isInteger(Reflect.get(value, name)));
}

function isSearch(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'invariants' in value && Array.isArray(value.invariants)
  );
}

function isFinding(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'key' in value && 'witness' in value && 'stalls' in value
  );
}

function requireEqual(kept: HuntResult['config'], config: HuntResult['config']): void {
  for (const [name, value] of Object.entries(config)) {
    // A longer hunt goes on where a shorter one has ended.
    if (name === 'size') continue;
    const before: unknown = Reflect.get(kept, name);
    if (JSON.stringify(before) !== JSON.stringify(value))
      throw new JournalError(
        `it is of a hunt with ${name} ${JSON.stringify(before)}, this one has ${JSON.stringify(value)}`,
      );
  }
}
