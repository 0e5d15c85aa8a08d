/**
 * The lines of a journal: a header, then what a command puts down while it works, and the verdict last. Each kind of line has a schema
 * that is made of its type here: see scripts/schemas.ts.
 */
import type { Machine } from '../../stress/host/machine-facts.ts';
import type {
  BlockRecord,
  CalibrationRecord,
  LookRecord,
  StartRecord,
  TuningRecord,
} from '../../stress/plan/run-record.ts';
import type { Calibrated } from '../../stress/result/calibration-result.ts';
import type { ArmCost, ArmOrdering, ArmProof, ArmResult } from '../../stress/result/result.ts';
import type { Tuning } from '../../stress/result/tuning-result.ts';
import type { RunHead } from '../../stress/run/run-head.ts';
import type { WindowHead } from '../../stress/window/window-head.ts';
import type { OffsetsRecord, VisitsRecord } from '../../stress/window/window-record.ts';
import type { Expectation } from '../../fix/strategy.ts';
import type { ExplanationFound } from '../explain-result.ts';
import type {
  HistoryHardware,
  HistoryRace,
  HistoryResult,
  HistoryRow,
  MatrixCell,
} from '../history-result.ts';
import type { Finding, HuntResult } from '../hunt/hunt-result.ts';
import type { SearchAnswer } from '../hunt/hunt-task.ts';
import type { MutantResult, MutateConfig, MutateResult } from '../mutate-result.ts';

/** What this version writes, and all that it reads. */
export const JOURNAL_FORMAT = 'ebtorture.journal/1';

/** What every header has. */
interface Header {
  readonly kind: 'header';
  readonly journal: 'ebtorture.journal/1';
  /** The words of the command line, as they were typed. */
  readonly commandLine: readonly string[];
  /** The options that `--resume` takes up again, as text; the seed among them, whoever has chosen it. */
  readonly options: Readonly<Record<string, string | readonly string[] | true>>;
  readonly seed: number | null;
  readonly machine: Machine;
}

/** What a comparison is asked beside the run. */
export interface CompareAsks {
  /** As in `RunConfig`. */
  readonly proves: boolean;
  readonly measuresCost: boolean;
  /** Whether the engines are compared with each other. */
  readonly agrees: boolean;
  /** Whether all orderings are asked. */
  readonly orderings?: true;
}

export interface CompareHeader extends Header {
  readonly command: 'compare';
  readonly head: RunHead;
  readonly asks: CompareAsks;
}

export interface StressHeader extends Header {
  readonly command: 'stress';
  readonly head: RunHead;
}

export interface ExplainHeader extends Header {
  readonly command: 'explain';
  readonly head: RunHead;
}

export interface WindowHeader extends Header {
  readonly command: 'window';
  readonly head: WindowHead;
}

/** Of commands whose result is found at once, or comes whole in the end. */
export interface SearchHeader extends Header {
  readonly command: 'explore' | 'replay' | 'cpus' | 'diff';
  /** What was asked for, where the command says it in one place. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface HuntHeader extends Header {
  readonly command: 'hunt';
  /** As it was begun: a longer hunt goes on where a shorter one has ended. */
  readonly config: HuntResult['config'];
}

export interface MutateHeader extends Header {
  readonly command: 'mutate';
  readonly config: MutateConfig;
}

export interface HistoryHeader extends Header {
  readonly command: 'history';
  readonly config: HistoryResult['config'];
  /** The races of this version, oldest first. */
  readonly races: readonly HistoryRace[];
  /** What is tried in which races, by their numbers in that order; null without a matrix. */
  readonly matrix: readonly { readonly strategy: string; readonly races: readonly number[] }[] | null;
}

export type HeaderRecord =
  | CompareHeader
  | StressHeader
  | ExplainHeader
  | WindowHeader
  | HuntHeader
  | MutateHeader
  | HistoryHeader
  | SearchHeader;

/** What one arm of a run rests on, found out behind the blocks. */
export interface ArmRecord {
  readonly kind: 'arm';
  readonly arm: number;
  readonly found: ArmFound;
}

/** Each of it absent where it was not asked, or not found out. */
export interface ArmFound {
  readonly coverage?: NonNullable<ArmResult['coverage']>;
  readonly lockOrder?: NonNullable<ArmResult['lockOrder']>;
  readonly proof?: ArmProof;
  readonly cost?: ArmCost;
  readonly orderings?: readonly ArmOrdering[];
  /** Of a comparison of the engines, and of a litmus test: what the search of the arm has reached. */
  readonly reached?: ReachedRecord;
}

/** What a search has reached: names of outcomes and ids of invariants, and of a litmus test its final states. */
export interface ReachedRecord {
  readonly outcomes: readonly string[];
  readonly states: number;
  /** Why it was not complete; null if it was. */
  readonly incomplete: string | null;
  readonly elapsedMs: number;
  /** Where stores wait: what the search with every store visible at once has reached. */
  readonly sequential?: Pick<ReachedRecord, 'outcomes' | 'states' | 'incomplete'>;
}

/** What `explain` makes of the violation. */
export interface ExplanationRecord {
  readonly kind: 'explanation';
  /** Violations of which a log was too long to be kept. */
  readonly lost: number;
  /** Null where no violation was kept. */
  readonly found: ExplanationFound | null;
}

/** Programs of a hunt that were searched together. */
export interface ChunkRecord {
  readonly kind: 'chunk';
  readonly size: number;
  /** The number of the first in the order of its size, and its text. */
  readonly from: number;
  readonly first: string;
  readonly found: SearchAnswer;
}

/** A violation of a program, looked at. */
export interface FindingRecord {
  readonly kind: 'finding';
  readonly program: string;
  readonly invariant: string;
  readonly finding: Finding;
}

/** How far a hunt has come, which settles what it has searched in the order of the programs. */
export interface HuntedRecord extends Pick<
  HuntResult,
  'startStates' | 'sizes' | 'repeated' | 'known' | 'elapsedMs'
> {
  readonly kind: 'hunted';
  /** Each by the program that it was found in. */
  readonly findings: readonly {
    readonly program: string;
    readonly invariant: string;
    readonly programs: number;
  }[];
}

/** What there is to be mutated, before the first mutant is tried. */
export interface SurveyedRecord extends Pick<MutateResult, 'baseline' | 'mutants' | 'fixed'> {
  readonly kind: 'surveyed';
  /** What the strategy promises. */
  readonly expectation: Expectation;
}

/** More is known of a mutant. */
export interface MutantRecord {
  readonly kind: 'mutant';
  readonly mutant: MutantResult;
  /** Wall time of the whole so far, the pauses between its parts left out, in ms. */
  readonly elapsedMs: number;
}

/** A race of the history was searched, before and after its mend. */
export interface RaceRecord extends Pick<HistoryRow, 'before' | 'after'> {
  readonly kind: 'race';
  /** Its number in the header, from 0. */
  readonly race: number;
  /** Wall time of the whole so far, the pauses between its parts left out, in ms. */
  readonly elapsedMs: number;
}

/** A race of the history was played on threads. */
export interface PlayedRecord extends Pick<RaceRecord, 'race' | 'elapsedMs'> {
  readonly kind: 'played';
  readonly hardware: HistoryHardware;
}

/** A strategy of the matrix was tried in a race. */
export interface CellRecord extends Pick<RaceRecord, 'race' | 'elapsedMs'> {
  readonly kind: 'cell';
  readonly strategy: string;
  readonly cell: NonNullable<MatrixCell>;
}

/** The whole result of a command, as `--json` prints it: of all that run no blocks. Nothing but the verdict comes behind it. */
export interface DocumentRecord {
  readonly kind: 'document';
  readonly document: Readonly<Record<string, unknown>>;
}

/** The last line. */
export interface VerdictRecord {
  readonly kind: 'verdict';
  readonly verdict: string;
  /** Whether the user has ended it before its time, so that there is more to do. */
  readonly isInterrupted: boolean;
}

export type TuningLine = TuningRecord<Tuning>;
export type CalibrationLine = CalibrationRecord<Calibrated>;

/** A line behind the header. */
export type BodyRecord =
  | BlockRecord
  | StartRecord
  | LookRecord
  | TuningLine
  | OffsetsRecord
  | VisitsRecord
  | CalibrationLine
  | ArmRecord
  | ExplanationRecord
  | ChunkRecord
  | FindingRecord
  | HuntedRecord
  | SurveyedRecord
  | MutantRecord
  | RaceRecord
  | PlayedRecord
  | CellRecord
  | DocumentRecord
  | VerdictRecord;
