import { worldsDefault } from '../../catalog/run-defaults.ts';
import {
  calibrationScenario,
  CROSSED,
  UNEXPLAINED,
} from '../../scenario/calibration/calibration-scenario.ts';
import { gradedOf } from '../../scenario/graded.ts';
import { resolveSetting } from '../../scenario/setting.ts';
import { cpuCount } from '../host/environment.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import type { ArmShare } from '../plan/arm-share.ts';
import { planParts } from '../plan/plan.ts';
import { startTimesOf } from '../plan/starts.ts';
import { type Calibrated, calibrationOf, type CalibrationTest } from '../result/calibration-result.ts';
import { placesOf } from '../session/places.ts';
import { sessionParts } from '../session/session-parts.ts';
import { runBlocks } from './engine.ts';
import { RunLog } from './run-log.ts';

/** How long one attempt takes without the start of its threads, and how many there are where the actors hardly met. */
const ATTEMPT_MS = 600;
const ATTEMPTS_MAX = 4;
const SHARE: ArmShare = { blocks: 1, weight: 0.5 };

/**
 * Measures whether stores of threads wait in buffers here as those of an x86-64 do, by the code that the run will have: plain stores,
 * atomic loads and `smp_mb()`, by the model and compiled.
 * @throws {HarnessError} If an actor crashes or hangs.
 */
export async function calibrate(seed: number, signal: AbortSignal | undefined): Promise<Calibrated> {
  let calibration = calibrationOf([]);
  let before: readonly CalibrationTest[] = [];
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const counted = await attemptOf((seed + attempt) >>> 0, signal);
    const tests = counted.map((count, index) => added(count, before[index]));
    calibration = calibrationOf(tests);
    before = tests;
    if (calibration.shows !== 'no-buffers' || signal?.aborted === true) break;
  }
  return calibration;
}

async function attemptOf(seed: number, signal: AbortSignal | undefined): Promise<readonly ArmCount[]> {
  const setting = resolveSetting({ scenario: calibrationScenario, ordering: 'x86' });
  const { stride } = setting.start;
  const { strategies } = setting.scenario.subject;
  const actors = setting.actors.length;
  const placement = await placesOf({ instances: 1 }, actors);
  const parts = planParts(setting, {
    arms: strategies.map(({ name }) => ({ strategy: name })),
    worlds: worldsDefault(stride),
    stride,
    seed,
    isRecorded: false,
  });
  const log = new RunLog({
    config: { strategies: strategies.map(({ name }) => name) },
    graded: gradedOf(setting.scenario),
    actors: setting.actors.map(({ label }) => label),
    instances: 1,
    tellsInstances: false,
  });
  await runBlocks({
    log,
    ...sessionParts(parts, setting, { signal, placement }),
    shares: strategies.map(() => SHARE),
    budget: { kind: 'duration', ms: ATTEMPT_MS },
    startLengths: [ATTEMPT_MS],
    times: startTimesOf({ actors, instances: 1 }, cpuCount()),
    signal,
  });
  return log.tally.arms;
}

function added(
  { strategy, trials, outcomes }: ArmCount,
  before: CalibrationTest | undefined,
): CalibrationTest {
  return {
    name: strategy,
    wants: strategy === calibrationScenario.subject.strategies[0]?.name ? 'some' : 'none',
    trials: trials + (before?.trials ?? 0),
    unexplained: (outcomes[UNEXPLAINED] ?? 0) + (before?.unexplained ?? 0),
    crossed: (outcomes[CROSSED] ?? 0) + (before?.crossed ?? 0),
  };
}
