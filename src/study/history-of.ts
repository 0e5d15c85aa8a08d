/** The result of a history: a pure function of what it was asked and of what it has put down, in the command itself and wherever that is read. */
import type {
  HistoryHardware,
  HistoryProof,
  HistoryResult,
  HistoryRow,
  HistoryVerdict,
  MatrixCell,
  MatrixRow,
} from './history-result.ts';
import type { BodyRecord, CellRecord, HistoryHeader, PlayedRecord, RaceRecord } from './journal/records.ts';

/** What a history was asked. */
export type HistoryAsked = Pick<HistoryHeader, 'config' | 'races' | 'matrix'>;

/** Anything that a history puts down. */
export type HistoryRecord = RaceRecord | PlayedRecord | CellRecord;

/** Whether it is of a history. */
export function isOfHistory(record: BodyRecord): record is HistoryRecord {
  return ['race', 'played', 'cell'].includes(record.kind);
}

/** How far a history has come: what its records add up to, those of earlier parts of it included. */
export class HistoryLog {
  /** By the number of the race. */
  readonly proofs: Map<number, Pick<HistoryRow, 'before' | 'after'>> = new Map();
  readonly played: Map<number, HistoryHardware> = new Map();
  elapsedMs = 0;
  readonly #cells = new Map<string, NonNullable<MatrixCell>>();
  readonly #asked: HistoryAsked;

  constructor(asked: HistoryAsked) {
    this.#asked = asked;
  }

  /**
   * Takes up what was put down.
   * @throws {RangeError} If it is of another history.
   */
  add(record: HistoryRecord): void {
    const { race } = record;
    if (race >= this.#asked.races.length) throw new RangeError(`there is no race ${race}`);
    this.elapsedMs = record.elapsedMs;
    if (record.kind === 'race') this.proofs.set(race, { before: record.before, after: record.after });
    else if (record.kind === 'played') this.played.set(race, record.hardware);
    else this.#cells.set(`${record.strategy} ${race}`, record.cell);
  }

  /** What is known of a strategy in a race of the matrix. */
  cell(strategy: string, race: number): NonNullable<MatrixCell> | undefined {
    return this.#cells.get(`${strategy} ${race}`);
  }
}

/** What there is; what was not come to is `bounded`. */
export function historyOf(
  { config, races, matrix }: HistoryAsked,
  log: HistoryLog,
  { isInterrupted }: { readonly isInterrupted: boolean },
): HistoryResult {
  const rows = races.map(({ strategies, ...race }, index): HistoryRow => {
    const { before, after } = log.proofs.get(index) ?? {
      before: unfinished(strategies.before),
      after: unfinished(strategies.after),
    };
    const row = {
      ...race,
      before,
      after,
      ...(config.hardwareMs !== null && { hardware: log.played.get(index) ?? null }),
    };
    return { verdict: rowVerdict(row), ...row };
  });
  return {
    schema: 'ebtorture.history/1',
    verdict: verdictOf(rows),
    isInterrupted,
    config,
    rows,
    ...(matrix !== null && { matrix: matrix.map((planned) => matrixRow(planned, races.length, log)) }),
    elapsedMs: log.elapsedMs,
  };
}

/** In the place of a search that was not come to its end. */
export function unfinished(strategy: string): HistoryProof {
  const reason = 'interrupted';
  return { strategy, verdict: 'bounded', invariants: [], witness: null, states: 0, complete: false, reason };
}

function matrixRow(
  { strategy, races }: NonNullable<HistoryAsked['matrix']>[number],
  count: number,
  log: HistoryLog,
): MatrixRow {
  const tried = new Set(races);
  const cells = Array.from({ length: count }, (_, race): MatrixCell => {
    if (!tried.has(race)) return null;
    return log.cell(strategy, race) ?? cellOf(unfinished(strategy));
  });
  return { strategy, cells };
}

/** Of a proof what a matrix shows. */
export function cellOf({ verdict, invariants, states, complete }: HistoryProof): NonNullable<MatrixCell> {
  return { verdict, invariants, states, complete };
}

function verdictOf(rows: readonly HistoryRow[]): HistoryVerdict {
  const verdicts = new Set(rows.map(({ verdict }) => verdict));
  return (
    (['not-as-declared', 'undecided'] as const).find((verdict) => verdicts.has(verdict)) ?? 'as-declared'
  );
}

/** What one race shows. */
export function rowVerdict({ before, after, breaks, hardware }: Omit<HistoryRow, 'verdict'>): HistoryVerdict {
  if (hardware?.verdict === 'broken' || hardware?.verdict === 'disagrees') return 'not-as-declared';
  if (after.verdict === 'violated' || (before.verdict === 'holds' && before.complete))
    return 'not-as-declared';
  if (before.verdict !== 'violated' || after.verdict !== 'holds' || !after.complete) return 'undecided';
  return before.invariants.some((id) => breaks.includes(id)) ? 'as-declared' : 'not-as-declared';
}
