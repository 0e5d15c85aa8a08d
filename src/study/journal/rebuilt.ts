/** The result of a command, made again of its journal: by the functions that the command makes it with, and without running anything. */
import { environmentOf } from '../../stress/host/environment.ts';
import { compareResultOf, measuredOf, stressResultOf } from '../../stress/run/run-result.ts';
import { RunLog } from '../../stress/run/run-log.ts';
import { WindowLog } from '../../stress/window/window-log.ts';
import { windowResultOf } from '../../stress/window/window-summary.ts';
import { agreedOf } from '../agreement.ts';
import { explainResultOf } from '../explain-result-of.ts';
import { decidedOf, stressedOf } from '../found.ts';
import { HistoryLog, historyOf, isOfHistory } from '../history-of.ts';
import { nameOfFinding } from '../hunt/hunt-keeper.ts';
import type { Finding } from '../hunt/hunt-result.ts';
import { huntedOf } from '../hunt/hunted-of.ts';
import type { MutantResult } from '../mutate-result.ts';
import { mutatedOf } from '../mutated-of.ts';
import { JournalError } from './journal.ts';
import type {
  ArmFound,
  BodyRecord,
  CompareHeader,
  ExplainHeader,
  ExplanationRecord,
  HeaderRecord,
  HistoryHeader,
  HuntedRecord,
  HuntHeader,
  MutateHeader,
  StressHeader,
  SearchHeader,
  SurveyedRecord,
  WindowHeader,
} from './records.ts';
import { isOfRun } from './run-keeper.ts';
import { isOfWindow } from './window-keeper.ts';

const CUT_EARLY = 'it was cut before there was any result; --resume goes on from it';

/** Takes up the records of a journal. */
export interface Rebuilding {
  readonly add: (record: BodyRecord) => void;
  /** What there is; `isInterrupted` where the work was ended before its time. */
  readonly result: (isInterrupted: boolean) => object;
}

/** Begins with the first line of a journal. */
export function rebuilding(header: HeaderRecord): Rebuilding {
  if (header.command === 'window') return new WindowRebuilding(header);
  if ('head' in header) return new RunRebuilding(header);
  if (header.command === 'hunt') return new HuntRebuilding(header);
  if (header.command === 'history') return new HistoryRebuilding(header);
  return header.command === 'mutate' ? new MutateRebuilding(header) : new DocumentRebuilding(header);
}

class RunRebuilding implements Rebuilding {
  readonly #header: CompareHeader | StressHeader | ExplainHeader;
  readonly #log: RunLog;
  readonly #found: (ArmFound | undefined)[] = [];
  #explanation: ExplanationRecord | undefined;

  constructor(header: CompareHeader | StressHeader | ExplainHeader) {
    this.#header = header;
    this.#log = new RunLog(header.head);
  }

  add(record: BodyRecord): void {
    if (isOfRun(record)) this.#log.add(record);
    else if (record.kind === 'arm') this.#found[armOf(record.arm, this.#header)] = record.found;
    else if (record.kind === 'explanation') this.#explanation = record;
    else throw new RangeError(`a run has no record of a ${record.kind}`);
  }

  result(isInterrupted: boolean): object {
    const { head, machine } = this.#header;
    const measured = measuredOf(head, machine, this.#log, { isInterrupted });
    switch (this.#header.command) {
      case 'compare': {
        const { asks } = this.#header;
        const run = compareResultOf(measured);
        if (asks.agrees) return agreedOf(run, this.#found);
        return decidedOf(run, this.#found, { ...asks, measures: head.graded.measures });
      }
      case 'stress':
        return stressedOf(stressResultOf(measured), this.#found);
      case 'explain':
        return explainResultOf(stressResultOf(measured), this.#explanation, head.actors);
    }
  }
}

function armOf(arm: number, { head }: { readonly head: { readonly arms: readonly unknown[] } }): number {
  if (arm >= head.arms.length) throw new RangeError(`there is no arm ${arm}`);
  return arm;
}

class WindowRebuilding implements Rebuilding {
  readonly #header: WindowHeader;
  readonly #log: WindowLog;

  constructor(header: WindowHeader) {
    this.#header = header;
    this.#log = new WindowLog(header.head);
  }

  add(record: BodyRecord): void {
    if (!isOfWindow(record)) throw new RangeError(`a profile has no record of a ${record.kind}`);
    this.#log.add(record);
  }

  result(isInterrupted: boolean): object {
    const { head, machine } = this.#header;
    return windowResultOf(head, machine, this.#log, { isInterrupted });
  }
}

/** Of a hunt: its result where it came to that, and else what it had settled. */
class HuntRebuilding implements Rebuilding {
  readonly #header: HuntHeader;
  readonly #findings = new Map<string, Finding>();
  #last: HuntedRecord | undefined;
  #document: object | undefined;

  constructor(header: HuntHeader) {
    this.#header = header;
  }

  add(record: BodyRecord): void {
    if (record.kind === 'finding') this.#findings.set(nameOfFinding(record), record.finding);
    else if (record.kind === 'hunted') this.#last = record;
    else if (record.kind === 'document') this.#document = record.document;
    else if (record.kind !== 'chunk') throw new RangeError(`a hunt has no record of a ${record.kind}`);
  }

  result(): object {
    if (this.#document !== undefined) return this.#document;
    if (this.#last === undefined) throw new JournalError(CUT_EARLY);
    return huntedOf(this.#header, this.#last, this.#findings);
  }
}

/** Of a mutation: what was known of its mutants last. */
class MutateRebuilding implements Rebuilding {
  readonly #header: MutateHeader;
  readonly #known = new Map<string, MutantResult>();
  #surveyed: SurveyedRecord | undefined;
  #elapsedMs = 0;
  #document: object | undefined;

  constructor(header: MutateHeader) {
    this.#header = header;
  }

  add(record: BodyRecord): void {
    if (record.kind === 'mutant') {
      this.#known.set(record.mutant.id, record.mutant);
      this.#elapsedMs = record.elapsedMs;
    } else if (record.kind === 'surveyed') this.#surveyed = record;
    else if (record.kind === 'document') this.#document = record.document;
    else throw new RangeError(`a mutation has no record of a ${record.kind}`);
  }

  result(isInterrupted: boolean): object {
    if (this.#document !== undefined) return this.#document;
    if (this.#surveyed === undefined) throw new JournalError(CUT_EARLY);
    const { config, machine } = this.#header;
    return mutatedOf({
      ...this.#surveyed,
      mutants: this.#surveyed.mutants.map((mutant) => this.#known.get(mutant.id) ?? mutant),
      environment: environmentOf(machine, [], null),
      config,
      elapsedMs: this.#elapsedMs,
      isInterrupted,
    });
  }
}

/** Of a history: its result where it came to that, and else what it had found. */
class HistoryRebuilding implements Rebuilding {
  readonly #header: HistoryHeader;
  readonly #log: HistoryLog;
  #document: object | undefined;

  constructor(header: HistoryHeader) {
    this.#header = header;
    this.#log = new HistoryLog(header);
  }

  add(record: BodyRecord): void {
    if (record.kind === 'document') this.#document = record.document;
    else if (isOfHistory(record)) this.#log.add(record);
    else throw new RangeError(`a history has no record of a ${record.kind}`);
  }

  result(isInterrupted: boolean): object {
    return this.#document ?? historyOf(this.#header, this.#log, { isInterrupted });
  }
}

/** Of a command that puts down nothing but its result. */
class DocumentRebuilding implements Rebuilding {
  readonly #command: SearchHeader['command'];
  #document: object | undefined;

  constructor({ command }: SearchHeader) {
    this.#command = command;
  }

  add(record: BodyRecord): void {
    if (record.kind !== 'document') throw new RangeError(`a search has no record of a ${record.kind}`);
    this.#document = record.document;
  }

  result(): object {
    if (this.#document !== undefined) return this.#document;
    throw new JournalError(
      `${this.#command} was ended before it had any result, and there is nothing to go on from: run it again`,
    );
  }
}
