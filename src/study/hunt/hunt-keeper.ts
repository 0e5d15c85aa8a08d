import { describeMachine } from '../../stress/host/environment.ts';
import type { Journal } from '../journal/journal.ts';
import type { ChunkRecord, FindingRecord, HuntedRecord } from '../journal/records.ts';
import type { Finding, HuntResult } from './hunt-result.ts';
import type { SearchAnswer } from './hunt-task.ts';

/** Which programs: those of a size, in the order of the hunt; the first of them is named, since a later release may have others there. */
export type ChunkKey = Pick<ChunkRecord, 'size' | 'from' | 'first'>;

/** What a hunt has put down, and need not do again. */
export class HuntKeeper {
  readonly #journal: Journal | undefined;
  readonly #chunks = new Map<string, SearchAnswer>();
  readonly #findings = new Map<string, Finding>();

  /** Without a journal nothing is put down. */
  constructor(journal: Journal | undefined) {
    this.#journal = journal;
  }

  /**
   * Says what is hunted for, and takes up what was found of that before.
   * @throws If that was another hunt, or if nothing can be put down.
   */
  async begin(config: HuntResult['config']): Promise<void> {
    if (this.#journal === undefined) return;
    const { records } = await this.#journal.begin({
      command: 'hunt',
      machine: await describeMachine(),
      config,
    });
    for await (const record of records) {
      if (record.kind === 'chunk') this.#chunks.set(nameOf(record), record.found);
      if (record.kind === 'finding') this.#findings.set(nameOfFinding(record), record.finding);
    }
  }

  chunkOf(key: ChunkKey): SearchAnswer | undefined {
    return this.#chunks.get(nameOf(key));
  }

  addChunk(key: ChunkKey, found: SearchAnswer): void {
    this.#journal?.add({ kind: 'chunk', ...key, found });
  }

  /** Undefined if it is not known. */
  findingOf(program: string, invariant: string): Finding | undefined {
    return this.#findings.get(nameOfFinding({ program, invariant }));
  }

  addFinding(program: string, invariant: string, finding: Finding): void {
    this.#journal?.add({ kind: 'finding', program, invariant, finding });
  }

  /** How far it has come. */
  hunted(record: Omit<HuntedRecord, 'kind'>): void {
    this.#journal?.add({ kind: 'hunted', ...record });
  }
}

const nameOf = ({ size, from, first }: ChunkKey): string => `${size} ${from} ${first}`;

/** What a finding is known by: the program that it was found in, and its invariant. */
export const nameOfFinding = ({ program, invariant }: Pick<FindingRecord, 'program' | 'invariant'>): string =>
  `${program} ${invariant}`;
