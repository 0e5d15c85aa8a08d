import type { Machine } from '../../stress/host/machine-facts.ts';
import type { RunHead } from '../../stress/run/run-head.ts';
import type { RunBegun, RunJournal } from '../../stress/run/run-journal.ts';
import type { RunRecord } from '../../stress/run/run-log.ts';
import type { AnyHeader, Journal } from './journal.ts';
import type { ArmFound, BodyRecord, ExplanationRecord } from './records.ts';

/** The journal of a command that runs arms in blocks, and what it finds out behind them. */
export class RunKeeper implements RunJournal {
  readonly #journal: Journal | undefined;
  readonly #headerOf: (head: RunHead, machine: Machine) => AnyHeader;
  /** By arm; of one that a cut run had found out, too. */
  readonly found: (ArmFound | undefined)[] = [];
  explanation: ExplanationRecord | undefined;
  isWhole = false;

  /** Without a journal nothing is put down. */
  constructor(journal: Journal | undefined, headerOf: (head: RunHead, machine: Machine) => AnyHeader) {
    this.#journal = journal;
    this.#headerOf = headerOf;
  }

  /** For the run: undefined without a journal. */
  get ofRun(): RunJournal | undefined {
    return this.#journal === undefined ? undefined : this;
  }

  async begin(head: RunHead, machine: Machine, take: (record: RunRecord) => void): Promise<RunBegun> {
    const begun = await this.#journal?.begin(this.#headerOf(head, machine));
    if (begun === undefined) return { machine, isWhole: false };
    for await (const record of begun.records) {
      if (isOfRun(record)) take(record);
      else if (record.kind === 'arm') this.found[record.arm] = record.found;
      else if (record.kind === 'explanation') this.explanation = record;
    }
    this.isWhole = begun.isWhole;
    return begun;
  }

  add(record: RunRecord): void {
    this.#journal?.add(record);
  }

  /** Puts down what an arm rests on. */
  arm(arm: number, found: ArmFound): void {
    this.found[arm] = found;
    this.#journal?.add({ kind: 'arm', arm, found });
  }

  /** Puts down what a violation was. */
  explained(record: ExplanationRecord): void {
    this.explanation = record;
    this.#journal?.add(record);
  }
}

/** Whether it is of the blocks of a run. */
export function isOfRun(record: BodyRecord): record is RunRecord {
  return ['block', 'start', 'look', 'tuning', 'calibration'].includes(record.kind);
}
