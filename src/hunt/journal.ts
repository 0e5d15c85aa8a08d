/**
 * What a hunt has found so far, as lines that are only ever added: one that was cut by a kill is the last, and is left out. Each stands
 * for a piece of work that need not be done again.
 */
import type { Finding, HuntResult } from './hunt-result.ts';
import type { SearchAnswer } from './hunt-task.ts';

/** A line. */
export type JournalRecord =
  | { readonly kind: 'hunt'; readonly config: HuntResult['config'] }
  | { readonly kind: 'chunk'; readonly size: number; readonly chunk: number; readonly found: SearchAnswer }
  | {
      readonly kind: 'finding';
      readonly program: string;
      readonly invariant: string;
      readonly finding: Finding | null;
    };

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
  readonly #findings = new Map<string, Finding | null>();
  readonly #append: AppendRecord;

  /**
   * `text` is what was kept until now, '' for nothing.
   * @throws {JournalError} If it is of a hunt for something else.
   */
  constructor(config: HuntResult['config'], text: string, append: AppendRecord) {
    this.#append = append;
    for (const record of recordsIn(text)) {
      if (record.kind === 'hunt') requireEqual(record.config, config);
      else if (record.kind === 'chunk') this.#chunks.set(`${record.size} ${record.chunk}`, record.found);
      else this.#findings.set(`${record.program} ${record.invariant}`, record.finding);
    }
  }

  /** Says what is hunted for, where nothing has been written yet. */
  async begin(config: HuntResult['config']): Promise<void> {
    await this.#write({ kind: 'hunt', config });
  }

  chunkOf(size: number, chunk: number): SearchAnswer | undefined {
    return this.#chunks.get(`${size} ${chunk}`);
  }

  async addChunk(size: number, chunk: number, found: SearchAnswer): Promise<void> {
    await this.#write({ kind: 'chunk', size, chunk, found });
  }

  /** Undefined if it is not known; null if the program shows nothing. */
  findingOf(program: string, invariant: string): Finding | null | undefined {
    return this.#findings.get(`${program} ${invariant}`);
  }

  async addFinding(program: string, invariant: string, finding: Finding | null): Promise<void> {
    await this.#write({ kind: 'finding', program, invariant, finding });
  }

  async #write(record: JournalRecord): Promise<void> {
    await this.#append(`${JSON.stringify(record)}\n`);
  }
}

/** All whole lines: the last one may have been cut. */
function recordsIn(text: string): readonly JournalRecord[] {
  const end = text.lastIndexOf('\n');
  const lines = end < 0 ? [] : text.slice(0, end).split('\n');
  const records = lines.map((line): JournalRecord => {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `#write` has written
      return JSON.parse(line) as JournalRecord;
    } catch {
      throw new JournalError('a line of it is no record of a hunt');
    }
  });
  if (records.length > 0 && records[0]?.kind !== 'hunt') throw new JournalError('it is no journal of a hunt');
  return records;
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
