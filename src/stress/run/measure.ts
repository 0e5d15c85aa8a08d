import type { KeptTrials } from '../actor/trial-recorder.ts';
import { cpuCount, describeMachine } from '../host/environment.ts';
import type { Machine } from '../host/machine-facts.ts';
import type { ArmShare } from '../plan/arm-share.ts';
import type { RunOptions } from '../plan/options.ts';
import { arenaOf } from '../plan/plan.ts';
import type { TuningRecord } from '../plan/run-record.ts';
import { startTimesOf } from '../plan/starts.ts';
import type { Tuning } from '../result/tuning-result.ts';
import { placesOf } from '../session/places.ts';
import { sessionParts } from '../session/session-parts.ts';
import { naturalPace, paceOf, tunedPaces } from '../tune/pace.ts';
import { instancesOf, type PlacementPlan } from '../topology/placement-plan.ts';
import { type AskedRun, askedRun } from './asked-run.ts';
import { calibrate } from './calibrate.ts';
import { runBlocks, type RunCount } from './engine.ts';
import { type RunHead, runHead } from './run-head.ts';
import type { RunJournal } from './run-journal.ts';
import { RunLog } from './run-log.ts';
import { type Measured, measuredOf } from './run-result.ts';
import { runStarts } from './run-starts.ts';
import { StopRule } from './stop-rule.ts';

/** What a run has shown, and what its actors kept. */
export interface MeasuredRun {
  readonly measured: Measured;
  readonly kept: KeptTrials;
}

/** The options of a run, without its strategies. */
export interface MeasureOptions extends Omit<RunOptions, 'strategies'> {
  /** Where the run puts down what it does. @default nowhere */
  readonly journal?: RunJournal | undefined;
}

/** How a command runs its arms. */
export interface MeasureHow {
  readonly shareOf: (arm: number) => ArmShare;
  readonly isRecorded: boolean;
  /** Whether all arms but the first are there as its controls. */
  readonly isControlAdded: boolean;
}

/**
 * Runs the arms of these strategies, and makes a result of what they count.
 * @throws {RangeError} If the options do not fit together; nothing has been started.
 * @throws {StrategyError} If a plug-in is none.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function measure(
  options: MeasureOptions,
  names: readonly string[],
  { shareOf, isRecorded, isControlAdded }: MeasureHow,
): Promise<MeasuredRun> {
  const asked = await askedRun(options, { names, isRecorded });
  const shares = names.map((_, arm) => shareOf(arm));
  const actors = asked.setting.actors.length;
  const placement = await placesOf(options, actors);
  const times = startTimesOf({ actors, instances: instancesOf(placement) }, cpuCount());
  const { lengths } = runStarts({ ...options, starts: isRecorded ? 1 : options.starts }, shares, {
    times,
    classes: placement?.classes.length,
  });
  const natural = naturalPace(asked.parts, options.launch);
  const parts = { ...asked.parts, worlds: natural.worlds, isProfiled: options.isProfiled ?? false };
  const head = runHead(options, { asked, parts, isControlAdded, shares, times, placement });
  const log = new RunLog(head);
  const { journal } = options;
  const begun = await journal?.begin(head, await describeMachine(), (record) => log.add(record));
  const run =
    begun?.isWhole === true ? NOTHING_RUN : await runRest(options, { asked, head, log, placement, lengths });
  // Asking git takes some milliseconds: no trial waits for that where nobody needs it before.
  const machine: Machine = begun?.machine ?? (await describeMachine());
  return { measured: measuredOf(head, machine, log, run), kept: run.kept };
}

const NOTHING_RUN: RunCount = { isInterrupted: false, kept: { trial: undefined, lost: 0 } };

interface RestParts {
  readonly asked: AskedRun;
  readonly head: RunHead;
  readonly log: RunLog;
  readonly placement: PlacementPlan | undefined;
  readonly lengths: readonly number[];
}

/** What is left of a run, which may be all of it. */
async function runRest(
  options: MeasureOptions,
  { asked, head, log, placement, lengths }: RestParts,
): Promise<RunCount> {
  const { setting } = asked;
  const { signal, onMemory, journal, isProfiled = false } = options;
  if (setting.ordering === 'x86') {
    const record = { kind: 'calibration', calibration: await calibrate(asked.parts.seed, signal) } as const;
    log.add(record);
    journal?.add(record);
  }
  const natural = naturalPace(asked.parts, options.launch);
  const tuning = log.tuning ?? (await tuned(options, asked, placement));
  if (tuning !== undefined && tuning !== log.tuning) {
    log.add(tuning);
    journal?.add(tuning);
  }
  const pace = paceOf(natural, tuning);
  options.onPace?.(pace.raised);
  const { hasStartOffset: isLaunched, worlds } = pace;
  const blocksBefore = log.tally.blockCount;
  const parts = { ...asked.parts, ...pace.pace, worlds, isLaunched, isProfiled, blocksBefore };
  const { tellsInstances, shares, times } = head;
  const session = sessionParts(parts, setting, { signal, onMemory, placement, tellsInstances });
  const rule = new StopRule(head);
  return runBlocks({
    ...session,
    shares,
    times,
    startLengths: lengths,
    budget: options.budget,
    log,
    onRecord: journal === undefined ? undefined : (record) => journal.add(record),
    paceAt: pace.paceAt,
    isSettled: rule.mayDecide ? (counts, look) => rule.isSettled(counts, look) : undefined,
    endsOn: rule.endsOn,
    onProgress: options.onProgress,
  });
}

async function tuned(
  options: MeasureOptions,
  { parts, setting }: AskedRun,
  placement: PlacementPlan | undefined,
): Promise<TuningRecord<Tuning> | undefined> {
  const found = await tunedPaces(parts, options, placement);
  if (found === undefined) return undefined;
  const natural = naturalPace(parts, options.launch);
  const { worlds } = paceOf(natural, found);
  const memoryBytes = instancesOf(placement) * arenaOf({ ...parts, worlds }, setting).bytes;
  return { kind: 'tuning', ...found, memoryBytes };
}
