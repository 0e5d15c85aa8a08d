/**
 * The file behind `--out`: lines that are added while a command works, each of them on the disk before the next one, so that a kill, a
 * loss of power or a full disk costs the last of them at most.
 */
import { promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeMachine } from '../stress/host/environment.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import {
  type AnyHeader,
  type Begun,
  differenceOf,
  type Journal,
  JournalError,
} from '../study/journal/journal.ts';
import type { BodyRecord, HeaderRecord, VerdictRecord } from '../study/journal/records.ts';
import { withAside } from './aside.ts';
import type { Called } from './called.ts';
import { lockedJournal, type Release } from './journal-lock.ts';
import { reasonOf } from './reason.ts';
import type { ResumedJournal } from './resumed-journal.ts';
import { UsageError } from './usage-error.ts';
import { quotedPath } from './visible.ts';

/** What a file needs that is written to; tests have one that is full. */
export type OpenJournalFile = (
  path: string,
  flags: string,
) => Promise<Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'close'>>;

/** What is put down, and where. */
export interface OutJournalParts {
  /** Absolute. */
  readonly path: string;
  readonly called: Called;
  /** What the command goes on from; undefined for a new journal. */
  readonly resumed?: ResumedJournal | undefined;
  /** Called once, when nothing more can be put down. */
  readonly onFailure?: (() => void) | undefined;
  readonly openFile?: OpenJournalFile;
}

/** What a journal is told by: it stands first in its first line. */
const FIRST = { journal: 'ebtorture.journal/1', kind: 'header' } as const;

const TAKEN = 'another process writes its journal there';

/** A journal as a command of this process writes it. */
export class OutJournal implements Journal {
  readonly #parts: OutJournalParts;
  #file: Awaited<ReturnType<OpenJournalFile>> | undefined;
  /** Lines that are not yet there, and whoever writes them. */
  #waiting: string[] = [];
  #writer: Promise<void> | undefined;
  /** Bytes that are there for sure. */
  #bytes = 0;
  #failure: HarnessError | undefined;
  #release: Release | undefined;
  #isWhole = false;
  /** Whether the result is made again of what was put down. */
  #isOfRun = false;

  constructor(parts: OutJournalParts) {
    this.#parts = parts;
  }

  requireSame(own: AnyHeader): void {
    const { resumed } = this.#parts;
    if (resumed === undefined) return;
    const { header } = resumed;
    const difference =
      differenceOf(contentOf(header), contentOf(own)) ??
      // What a hunt finds is the same everywhere.
      (header.command !== 'hunt'
        ? differenceOf(lasting(header.machine), lasting(own.machine), 'machine')
        : undefined);
    if (difference !== undefined) throw resumed.refused(`it is of another configuration: ${difference}`);
  }

  async begin(own: AnyHeader): Promise<Begun> {
    const { resumed, called } = this.#parts;
    this.#isOfRun = 'head' in own;
    if (resumed !== undefined) return this.#goOn(resumed, own);
    const header = { ...FIRST, ...called, ...own };
    await this.#requireValid(header);
    await this.#create(`${JSON.stringify(header)}\n`);
    return { machine: own.machine, records: none(), isWhole: false };
  }

  add(record: BodyRecord): void {
    if (this.#failure !== undefined) return;
    this.#waiting.push(`${JSON.stringify(record)}\n`);
    this.#writer ??= this.#writeAll();
  }

  /**
   * Ends it with the verdict; before that the whole result, unless it is made again of the records of a run. What could not be put
   * down is returned: what was found is to be printed before anybody hears of it.
   */
  async finish(result: object, verdict: Omit<VerdictRecord, 'kind'>): Promise<HarnessError | undefined> {
    try {
      // What was to be gone on from, and was not come to, stays as it is.
      const isUntouched = this.#file === undefined && this.#parts.resumed !== undefined;
      if (this.#isWhole || isUntouched) return this.#failure;
      if (this.#file === undefined) await this.#beginLate(result);
      if (!this.#isOfRun) this.add({ kind: 'document', document: { ...result } });
      this.add({ kind: 'verdict', ...verdict });
      await this.written();
    } catch (cause) {
      if (!(cause instanceof HarnessError)) throw cause;
      this.#failure ??= cause;
    }
    return this.#failure;
  }

  /** Waits until all is on the disk that was added, or until nothing more can be. */
  async written(): Promise<void> {
    await this.#writer;
  }

  /** Whatever has happened: waits for what is being written. */
  async close(): Promise<void> {
    await this.written();
    await this.#file?.close();
    this.#file = undefined;
    this.#release?.();
    this.#release = undefined;
  }

  /** Commands that run blocks begin on their own; this is for those whose result comes at once. */
  async #beginLate(result: object): Promise<void> {
    const config: unknown = 'config' in result ? result.config : {};
    const isObject = typeof config === 'object' && config !== null;
    const machine = await describeMachine();
    const header = { ...FIRST, ...this.#parts.called, machine, config: isObject ? config : {} };
    await this.#create(`${JSON.stringify(header)}\n`);
  }

  /** Goes on behind what is there, if it is of the same work. */
  async #goOn(resumed: ResumedJournal, own: AnyHeader): Promise<Begun> {
    const { header, verdict, endsAt } = resumed;
    this.requireSame(own);
    this.#isWhole = this.#isOfRun && verdict?.isInterrupted === false;
    if (!this.#isWhole) {
      const file = await this.#opened('a');
      this.#file = file;
      await this.#take(resumed);
      // A line that was cut, a result and a verdict that are not the last make room for what comes.
      await this.#attempt(() => file.truncate(endsAt));
      this.#bytes = endsAt;
    }
    return { machine: header.machine, records: resumed.records(), isWhole: this.#isWhole };
  }

  /** Takes the file that is gone on from: whatever was read of it is all that it has. */
  async #take({ bytes, refused }: ResumedJournal): Promise<void> {
    const { path } = this.#parts;
    this.#release = await lockedJournal(path);
    if (this.#release === undefined) throw refused(TAKEN);
    const { size } = await this.#attempt(() => promises.stat(path));
    if (size !== bytes) throw refused('it has changed since it was read');
  }

  /** A path may have characters in it that no journal has. */
  async #requireValid(header: object): Promise<void> {
    const { headerIn } = await import('../study/journal/parse-line.ts');
    try {
      headerIn({ text: JSON.stringify(header), number: 1, endsAt: 0 });
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      throw new UsageError(`--out: what is asked for cannot stand in a journal: ${error.message}`, {
        cause: error,
      });
    }
  }

  /** The new file takes the place of what is there when its header is on the disk. */
  async #create(header: string): Promise<void> {
    const { path, openFile = promises.open } = this.#parts;
    const aside = `${path}.${process.pid}.tmp`;
    const releaseOld = await lockedJournal(path);
    if (releaseOld === undefined) throw new UsageError(`--out: ${quotedPath(path)}: ${TAKEN}`);
    await withAside(aside, async () => {
      try {
        // Left behind by a process of the same id that was killed; `wx` follows no link that somebody put there.
        await promises.rm(aside, { force: true });
        this.#file = await openFile(aside, 'wx');
        await this.#file.appendFile(header);
        await this.#file.datasync();
        this.#release = await lockedJournal(aside);
        await promises.rename(aside, path);
        await syncDirectory(dirname(path));
        this.#bytes = Buffer.byteLength(header);
      } catch (cause) {
        await promises.rm(aside, { force: true });
        await this.close();
        throw this.#failed(cause);
      } finally {
        releaseOld();
      }
    });
  }

  async #opened(flags: string): Promise<Awaited<ReturnType<OpenJournalFile>>> {
    const { path, openFile = promises.open } = this.#parts;
    return this.#attempt(() => openFile(path, flags));
  }

  async #attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  /** Writes what waits, and what comes meanwhile. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      const text = this.#waiting.join('');
      this.#waiting = [];
      try {
        await this.#file?.appendFile(text);
        await this.#file?.datasync();
        this.#bytes += Buffer.byteLength(text);
      } catch (cause) {
        // Half a line at the end would be left out by whoever reads it: but it need not be there.
        await this.#file?.truncate(this.#bytes).catch(() => {});
        this.#failure = this.#failed(cause);
        this.#parts.onFailure?.();
      }
    }
    this.#writer = undefined;
  }

  #failed(cause: unknown): HarnessError {
    const message = `--out: cannot save ${this.#parts.path}: ${reasonOf(cause)}; the result is on stdout only`;
    return new HarnessError('ERR_OUTPUT_FAILED', message, { cause });
  }
}

/** The last line of a result. */
export function verdictOf(result: {
  readonly verdict: string;
  readonly isInterrupted: boolean;
}): Omit<VerdictRecord, 'kind'> {
  return { verdict: result.verdict, isInterrupted: result.isInterrupted };
}

/** What the work is, without the machine it is done on. */
function contentOf(header: AnyHeader | HeaderRecord): object {
  const { command } = header;
  if ('head' in header) return { command, head: header.head, ...('asks' in header && { asks: header.asks }) };
  if (header.command === 'history') {
    return { command, config: header.config, races: header.races, matrix: header.matrix };
  }
  if (header.command !== 'hunt') return { command, config: header.config };
  // A longer hunt goes on where a shorter one has ended.
  const { size: _size, ...config } = header.config;
  return { command, config };
}

/** What may not change while a run is away: the same work elsewhere is another run. */
function lasting({
  startedAt: _startedAt,
  timeZone: _timeZone,
  ...machine
}: HeaderRecord['machine']): object {
  return machine;
}

async function* none(): AsyncGenerator<BodyRecord, void> {
  // Nothing was put down before.
}

/** So that the name of a file is there after a loss of power. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await promises.open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
