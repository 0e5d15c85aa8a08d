import type { Explanation } from '../explore/explain/explanation.ts';
import { formatSchedule } from '../explore/schedule/schedule.ts';
import { violationName } from '../explore/machine/violation-name.ts';
import type { Setting } from '../scenario/setting.ts';
import type { StressOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import { recordStress } from '../stress/run/run.ts';
import type { RecordedTrial } from '../stress/actor/trial-recorder.ts';
import { chancesOf } from './chances.ts';
import { InterruptedError, performSafely, performUntilInterrupted } from './in-thread.ts';
import type { Journal } from './journal/journal.ts';
import type { ExplainedTrial, ExplainResult, ExplanationFound, Observed } from './explain-result.ts';
import { explainResultOf } from './explain-result-of.ts';
import { RunKeeper } from './journal/run-keeper.ts';
import { subjectOf } from './subject.ts';
import type { ExplainTask } from './task.ts';

/** States up to which an interleaving is looked for: some seconds, and half a gigabyte. */
const STATES_MAX = 4_000_000;

/**
 * Stresses a strategy until a violation, and finds the interleaving that explains what the hardware did.
 * @throws {RangeError} If the options do not fit together; nothing has been started.
 * @throws {StrategyError} If a plug-in is none.
 * @throws {HarnessError} If an actor crashes or hangs, or the strategy cannot be explored.
 */
export async function runExplain(
  given: StressOptions & { readonly journal?: Journal | undefined },
): Promise<ExplainResult> {
  const setting = settingNamed(given);
  const keeper = new RunKeeper(given.journal, (head, machine) => ({ command: 'explain', machine, head }));
  const options = { ...given, journal: keeper.ofRun };
  const { result, kept } = await recordStress(options);
  const actors = setting.actors.map(({ label }) => label);
  if (keeper.isWhole) return explainResultOf(result, keeper.explanation, actors);
  const { trial, lost } = kept;
  const startedAt = performance.now();
  const found = trial === undefined ? null : await explained(options, setting, trial);
  const searchMs = performance.now() - startedAt;
  keeper.explained({ kind: 'explanation', lost, found: found === null ? null : { ...found, searchMs } });
  const isOver = options.signal?.aborted === true;
  return explainResultOf(
    found === null ? result : { ...result, isInterrupted: isOver },
    keeper.explanation,
    actors,
  );
}

/** What the explore engine makes of a recorded trial. */
export async function explained(
  options: Pick<StressOptions, 'strategy' | 'readFail' | 'trylockFail' | 'setupFail' | 'signal'>,
  setting: Setting,
  trial: RecordedTrial,
): Promise<Omit<ExplanationFound, 'searchMs'>> {
  const chances = chancesOf(options);
  const { check, fs, logs, isCut } = trial;
  const subject = subjectOf(setting, options.strategy);
  const logged = { fs, results: logs, isCut };
  const task: ExplainTask = {
    kind: 'explain',
    ...subject,
    chances,
    check,
    logs: logged,
    statesMax: STATES_MAX,
  };
  const found = await explanationOf(task, options.signal);
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
  const inOrder = setting.ordering === 'sc' ? undefined : await inOrderOf(task, options.signal);
  const explanation: ExplainedTrial = {
    schedule: formatSchedule({ ...subject, ...chances, moves }),
    preemptions,
    switches,
    isShortest,
    idleRounds,
    precededBy: isFirst ? null : replayed,
    ...(uncompared > 0 && { uncompared }),
    ...(inOrder !== undefined && { inOrder }),
    steps,
  };
  return { verdict: 'explained', observed, explanation, furthest, states };
}

/** Whether an interleaving agrees with the logs in which every store is visible at once. */
async function inOrderOf(
  task: ExplainTask,
  signal: AbortSignal | undefined,
): Promise<NonNullable<ExplainedTrial['inOrder']>> {
  const { kind } = await explanationOf({ ...task, ordering: 'sc' }, signal);
  return kind === 'explained' ? 'possible' : kind === 'contradicted' ? 'impossible' : 'unknown';
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
