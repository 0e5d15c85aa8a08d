import type { Explanation } from '../explore/explain/explanation.ts';
import type { Replay } from '../explore/witness/replay.ts';
import { formatSchedule } from '../explore/schedule/schedule.ts';
import type { Standing } from '../explore/explain/standing.ts';
import { violationName } from '../explore/machine/violation-name.ts';
import type { Setting } from '../scenario/setting.ts';
import type { StressOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { StressResult } from '../stress/result/result.ts';
import { recordStress } from '../stress/run/run.ts';
import type { RecordedTrial } from '../stress/actor/trial-recorder.ts';
import { chancesOf } from './chances.ts';
import { InterruptedError, performSafely, performUntilInterrupted } from './in-thread.ts';
import { subjectOf } from './subject.ts';
import type { ExplainTask } from './task.ts';

/** States up to which an interleaving is looked for: some seconds, and half a gigabyte. */
const STATES_MAX = 4_000_000;

/** `ebtorture explain`: what one violation on hardware was, as an interleaving of the same model. */
export interface ExplainResult extends Pick<
  StressResult,
  | 'environment'
  | 'config'
  | 'words'
  | 'arms'
  | 'tuning'
  | 'elapsedMs'
  | 'startup'
  | 'isInterrupted'
  | 'notices'
> {
  readonly schema: 'ebtorture.explain/1';
  /**
   * `explained`: a violation, and an interleaving that agrees with everything its actors logged. `contradicted`: there is
   * none, so that the model or an engine is wrong. `unexplained`: the search was ended by its limit, or no log was whole.
   * Without a violation, that of the stress run: `clean` or `inconclusive`.
   */
  readonly verdict: 'explained' | 'contradicted' | 'unexplained' | 'clean' | 'inconclusive';
  /** Labels of the actors. */
  readonly actors: readonly string[];
  /** Violations of which a log was too long to be kept. */
  readonly lost: number;
  /** The violation, or null if none was kept. */
  readonly observed: Observed | null;
  /** The interleaving, or null if none was found. */
  readonly explanation: ExplainedTrial | null;
  /** Where the actors stood when nobody could go on as the logs say; empty unless contradicted. */
  readonly furthest: readonly Standing[];
  /** States that the search looked at. */
  readonly states: number;
  /** Duration of the search in ms. */
  readonly searchMs: number;
}

/** A violation on hardware. */
export interface Observed {
  readonly invariant: string;
  readonly title: string;
  readonly origin: string;
  /** What the steps of each actor returned, in its own order; pointers are word addresses, relative to `world`. */
  readonly logs: readonly { readonly actor: string; readonly results: readonly number[] }[];
  readonly world: number;
}

/** An interleaving that agrees with all logs. */
export interface ExplainedTrial {
  /** As `replay` takes it. */
  readonly schedule: string;
  readonly preemptions: number;
  readonly switches: number;
  /** Whether none with fewer preemptions agrees. */
  readonly isShortest: boolean;
  /** Rounds of retry loops that saw nothing new, left out of the schedule. */
  readonly idleRounds: number;
  /** Another invariant of the same trial that was broken before, and in which the schedule ends; null if there is none. */
  readonly precededBy: string | null;
  /** Logged results that are not compared, behind the first access to freed memory or a wait that was cut; left out if there are none. */
  readonly uncompared?: number;
  readonly steps: Replay['steps'];
}

/**
 * Stresses a strategy until a violation, and finds the interleaving that explains what the hardware did.
 * @throws {RangeError} If the options do not fit together; nothing has been started.
 * @throws {StrategyError} If a plug-in is none.
 * @throws {HarnessError} If an actor crashes or hangs, or the strategy cannot be explored.
 */
export async function runExplain(options: StressOptions): Promise<ExplainResult> {
  const setting = settingNamed(options);
  const { result, kept } = await recordStress(options);
  const { environment, config, words, arms, tuning, elapsedMs, startup, isInterrupted, notices } = result;
  const common = {
    schema: 'ebtorture.explain/1' as const,
    environment,
    ...(words !== undefined && { words }),
    config,
    arms,
    ...(tuning !== undefined && { tuning }),
    elapsedMs,
    startup,
    isInterrupted,
    notices,
    actors: setting.actors.map(({ label }) => label),
    lost: kept.lost,
  };
  const { trial } = kept;
  if (trial === undefined) {
    const verdict = result.verdict === 'violated' ? 'unexplained' : result.verdict;
    return {
      ...common,
      verdict,
      observed: null,
      explanation: null,
      furthest: [],
      states: 0,
      searchMs: 0,
    };
  }
  const startedAt = performance.now();
  const found = await explained(options, setting, trial);
  const isOver = options.signal?.aborted === true;
  return { ...common, isInterrupted: isOver, ...found, searchMs: performance.now() - startedAt };
}

/** What the explore engine makes of a recorded trial. */
export async function explained(
  options: Pick<StressOptions, 'strategy' | 'readFail' | 'trylockFail' | 'setupFail' | 'signal'>,
  setting: Setting,
  trial: RecordedTrial,
): Promise<Pick<ExplainResult, 'verdict' | 'observed' | 'explanation' | 'furthest' | 'states'>> {
  const chances = chancesOf(options);
  const { check, fs, logs, isCut } = trial;
  const subject = subjectOf(setting, options.strategy);
  const logged = { fs, results: logs, isCut };
  const found = await explanationOf(
    { kind: 'explain', ...subject, chances, check, logs: logged, statesMax: STATES_MAX },
    options.signal,
  );
  const observed: Observed = {
    ...violationName(check, setting.scenario),
    logs: setting.actors.map(({ label }, actor) => ({ actor: label, results: logs[actor] ?? [] })),
    world: fs,
  };
  const furthest = found.kind === 'contradicted' ? found.furthest : [];
  const { states } = found;
  if (found.kind !== 'explained') {
    const verdict = found.kind === 'contradicted' ? 'contradicted' : 'unexplained';
    return { verdict, observed, explanation: null, furthest, states };
  }
  const { moves, preemptions, switches, isShortest, idleRounds, isFirst, uncompared } = found;
  const { steps, end } = await performSafely({ kind: 'replay', ...subject, moves, chances });
  const replayed = end.kind === 'violated' ? end.invariant : end.kind;
  if (isFirst && replayed !== observed.invariant) {
    throw new Error(`the schedule that explains ${observed.invariant} replays to ${replayed}`);
  }
  const explanation: ExplainedTrial = {
    schedule: formatSchedule({ ...subject, ...chances, moves }),
    preemptions,
    switches,
    isShortest,
    idleRounds,
    precededBy: isFirst ? null : replayed,
    ...(uncompared > 0 && { uncompared }),
    steps,
  };
  return { verdict: 'explained', observed, explanation, furthest, states };
}

/** In a thread, so that it can be interrupted: then there is none, unless it is found at once. */
async function explanationOf(task: ExplainTask, signal: AbortSignal | undefined): Promise<Explanation> {
  try {
    return await performUntilInterrupted(task, { signal });
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    return { kind: 'exhausted', states: 0 };
  }
}
