import type {
  BlockRecord,
  CalibrationRecord,
  LookRecord,
  StartRecord,
  TuningRecord,
} from '../plan/run-record.ts';
import { type Pinned, pinnedIn } from '../host/pinning.ts';
import type { Calibrated } from '../result/calibration-result.ts';
import { Tally } from '../session/tally.ts';
import type { Tuning } from '../result/tuning-result.ts';
import type { RunHead } from './run-head.ts';

/** Anything that a run puts down. */
export type RunRecord =
  BlockRecord | StartRecord | LookRecord | TuningRecord<Tuning> | CalibrationRecord<Calibrated>;

/** What of a head counting takes. */
export interface RunShape extends Pick<RunHead, 'graded' | 'actors' | 'instances' | 'tellsInstances'> {
  readonly config: Pick<RunHead['config'], 'strategies'>;
}

/** How far a run has come: what its records add up to, those of earlier parts of it included. */
export class RunLog {
  readonly tally: Tally;
  /** Of the last block that was planned, its place in the plan; -1 before it. */
  planned = -1;
  /** Starts of the plan that have begun. */
  startsPlanned = 0;
  /** Times the counts were looked at before the end, what was done at the last time, and whether that has settled the question. */
  looks = 0;
  lookedAt = 0;
  isSettled = false;
  tuning: TuningRecord<Tuning> | undefined;
  /** Of several parts, that of the last one, unless one before it has shown that nothing of the run is worth anything. */
  calibration: Calibrated | undefined;
  elapsedMs = 0;
  firstTrialMs: number | null = null;
  firstViolationMs: number | null = null;

  constructor({ config, graded, actors, instances, tellsInstances }: RunShape) {
    const { strategies } = config;
    this.tally = new Tally({ strategies, actors, scenario: graded, instances, tellsInstances });
  }

  /**
   * Takes up what was put down.
   * @throws {RangeError} If it is of another run.
   */
  add(record: RunRecord): void {
    if (record.kind === 'block') this.tally.add(record.arm, record.block, record.counts);
    if (record.kind === 'start') this.tally.start(record);
    this.counted(record);
  }

  /** The same of what the tally has already. */
  counted(record: RunRecord): void {
    switch (record.kind) {
      case 'block':
        this.planned = record.planned ?? this.planned;
        this.elapsedMs = record.elapsedMs;
        this.firstTrialMs ??= record.firstTrialMs ?? null;
        this.firstViolationMs ??= record.firstViolationMs ?? null;
        return;
      case 'start':
        this.startsPlanned = Math.max(this.startsPlanned, record.planned + 1);
        return;
      case 'look':
        this.looks++;
        this.lookedAt = record.done;
        this.isSettled = record.isSettled;
        return;
      case 'tuning':
        this.tuning = record;
        return;
      case 'calibration':
        if (this.calibration === undefined || this.calibration.shows === 'x86')
          this.calibration = record.calibration;
    }
  }

  /** How often the threads were started. */
  get starts(): number {
    return this.tally.starts.length;
  }

  /** Where the actors of the last start were, and why any could not be kept. */
  get pinned(): Pinned {
    return pinnedIn(this.tally.starts);
  }
}
