import { settingNamed } from '../catalog/named-setting.ts';
import type { StressOptions } from '../stress/plan/options.ts';
import type { StressResult } from '../stress/result/result.ts';
import { runStress } from '../stress/run/run.ts';
import { stressedOf } from './found.ts';
import { performSafely } from './in-thread.ts';
import type { ReachedRecord } from './journal/records.ts';
import type { RunKeeper } from './journal/run-keeper.ts';
import { subjectOf } from './subject.ts';

/** States and time that the search of a test may take: those of a page of text have some thousands. */
const STATES_MAX = 8_000_000;
const TIME_MAX_MS = 60_000;
/** Ends in which threads would stay for ever. */
const FOR_EVER: ReadonlySet<string> = new Set(['deadlock', 'livelock']);

/**
 * `stress` of a litmus test: a search of the same setting says first which final states there can be.
 * @throws {RangeError} If its threads can wait for ever: nothing has been started.
 * @throws As `runStress`.
 */
export async function stressedLitmus(options: StressOptions, keeper: RunKeeper): Promise<StressResult> {
  const reached = await searched(options);
  const result = await runStress({ ...options, journal: keeper.ofRun });
  if (!result.isInterrupted && !keeper.isWhole) keeper.arm(0, { reached });
  return stressedOf(result, keeper.found);
}

async function searched(options: StressOptions): Promise<ReachedRecord> {
  const startedAt = performance.now();
  const limits = { statesMax: STATES_MAX, timeMaxMs: TIME_MAX_MS, countStatesMax: 0, witnessStatesMax: 0 };
  const chances = { readsFail: false, trylocksFail: false, setupsFail: false };
  const subject = subjectOf(settingNamed(options), options.strategy);
  const task = { kind: 'explore' as const, ...subject, chances, limits, reductions: {} };
  const found = await performSafely(task, { signal: options.signal });
  const stuck = found.violations.find(({ invariant }) => FOR_EVER.has(invariant));
  if (stuck !== undefined)
    throw new RangeError(
      `${options.scenario}: its threads can come to a ${stuck.invariant}, in which they would stay: explore shows how`,
    );
  return {
    outcomes: found.litmus?.states ?? [],
    states: found.states,
    incomplete: found.complete ? null : `the limit of ${found.endedBy ?? 'the search'} ended it`,
    elapsedMs: performance.now() - startedAt,
  };
}
