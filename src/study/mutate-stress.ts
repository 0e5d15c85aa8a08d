import { checksOf } from '../scenario/checks.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import { scenarioNamed } from '../catalog/registry.ts';
import { cpuCount } from '../stress/host/environment.ts';
import type { ArmCount } from '../stress/plan/arm-count.ts';
import { HarnessError } from '../stress/plan/harness-error.ts';
import { planParts } from '../stress/plan/plan.ts';
import type { PlacesAsked } from '../stress/plan/options.ts';
import { placesOf } from '../stress/session/places.ts';
import { sessionParts } from '../stress/session/session-parts.ts';
import { type BlockOrder, Session } from '../stress/session/session.ts';
import { instancesOf } from '../stress/topology/placement-plan.ts';
import { Prng } from '../stats/prng.ts';
import type { Rung } from './mutate-ladder.ts';
import type { MutantStress } from './mutate-result.ts';

/** A block of strides: a kill ends the attempt after the block that showed it. */
const STRIDES_MS = 30;
/** A block of launched trials at one offset. */
const LAUNCH_MS = 12;
/** Launched blocks for each block of strides. */
const LAUNCHES = 5;
/** Offsets are drawn from plus and minus each of these in turn, in ns: operations on few pages, on many, and beyond. */
const OFFSETS_NS: readonly number[] = [300, 1_000, 3_000];
/** An actor of a mutant that finishes no stride for so long is hung. */
const HANG_MS = 400;
/** Half of all reads fail where they may. */
const READ_FAIL = 0.5;
const WORLDS = 256;

/** How an attempt differs from the setting that explore has found. */
interface Attempt {
  /** Pages per buffer at least: a longer way through the pages keeps the actors together for longer. */
  readonly pagesMin: number;
  /** Trials between two rendezvous, where they do not meet in each of them. */
  readonly stride: number;
  /** Holds an actor in the windows that the race needs: labeled, no natural rate. */
  readonly delays: Readonly<Record<string, number>>;
}

const NATURAL: readonly Attempt[] = [
  { pagesMin: 1, stride: 64, delays: {} },
  { pagesMin: 4, stride: 64, delays: {} },
];
/** Of attempts with delays. */
const STRIDE_DELAYED = 8;

/** A mutant on real threads. */
export interface StressTask {
  /** Its name. */
  readonly mutant: string;
  readonly rung: Rung;
  /** Of `rung`, for the result. */
  readonly index: number;
  /** Length of one attempt. */
  readonly durationMs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** One instance, unless it says otherwise: an attempt is over before many have started. */
  readonly places: PlacesAsked;
  /** Whether every stride is tried, and not the first alone. */
  readonly isThorough: boolean;
}

/** Runs a mutant, one attempt after the other, until one kills it. */
export async function stressMutant(task: StressTask): Promise<MutantStress> {
  let trials = 0;
  let changes = 0;
  let last: MutantStress | undefined;
  const { delays = [] } = scenarioNamed(task.rung.scenario).ladder ?? {};
  const delayed = delays.map((each): Attempt => ({ pagesMin: 1, stride: STRIDE_DELAYED, delays: each }));
  for (const each of task.isThorough ? [...NATURAL, ...delayed] : NATURAL.slice(0, 1)) {
    if (last !== undefined && task.signal.aborted) break;
    // Where the setting has as many pages, the second attempt would be the first once more.
    if (
      last !== undefined &&
      each.pagesMin > 1 &&
      (task.rung.pages >= each.pagesMin || task.rung.pagesAre === 'none')
    )
      continue;
    last = await attempt(task, each);
    trials += last.trials;
    changes += last.changes;
    if (last.killed) break;
  }
  if (last === undefined) throw new Error('there is no attempt to make');
  return { ...last, trials, changes };
}

/** What an attempt is played by. */
interface AttemptSession {
  readonly session: Session;
  readonly arm: ArmCount;
  readonly pages: number;
  /** Whether trials are launched between strides. */
  readonly isLaunched: boolean;
}

async function sessionFor(task: StressTask, how: Attempt, mayLaunch: boolean): Promise<AttemptSession> {
  const { rung, mutant, seed, signal, places } = task;
  const pages = Math.max(rung.pages, how.pagesMin);
  const setting = settingNamed({ ...rung, pages });
  const actors = setting.actors.length;
  const placement = await placesOf({ ...places, instances: places.instances ?? 1 }, actors);
  const isLaunched = mayLaunch && actors * instancesOf(placement) <= cpuCount();
  const parts = planParts(setting, {
    arms: [{ strategy: mutant }],
    worlds: WORLDS,
    stride: how.stride,
    seed,
    readFail: rung.readsFail ? READ_FAIL : 0,
    delays: how.delays,
    isLaunched,
  });
  const session = new Session(sessionParts(parts, setting, { signal, placement, hangMs: HANG_MS }));
  const [arm] = session.arms;
  if (arm === undefined) throw new Error('the session has no arm');
  return { session, arm, pages, isLaunched };
}

async function attempt(task: StressTask, how: Attempt, mayLaunch = true): Promise<MutantStress> {
  const own = await sessionFor(task, how, mayLaunch);
  const { session, arm, pages, isLaunched } = own;
  const { stride, delays } = how;
  const outcome = { rung: task.index, pages, stride, delays };
  let beganAt: number | undefined;
  try {
    await session.start();
    beganAt = performance.now();
    await playUntilKilled(own, { ...task, stride, endsAt: beganAt + task.durationMs });
    await session.end();
    return { ...shownBy(own), ...outcome };
  } catch (error) {
    const isHostBusy = error instanceof HarnessError && error.code === 'ERR_HOST_BUSY';
    if (isHostBusy && isLaunched) return await attempt(task, how, false);
    const { trials, changes } = arm;
    // Others have had the processors: this attempt has shown what it has, and the rest goes on.
    if (isHostBusy) return { killed: false, by: [], trials, changes, timeToKillMs: null, ...outcome };
    // Before its first trial it is not the mutant that has failed.
    if (beganAt === undefined || !(error instanceof HarnessError) || !(error.code in ENDS)) throw error;
    const timeToKillMs = Math.round(performance.now() - beganAt);
    return { killed: true, by: [ENDS[error.code] ?? 'crash'], trials, changes, timeToKillMs, ...outcome };
  } finally {
    await session.destroy();
  }
}

/** Runs blocks until one has shown a violation, or time is up. */
async function playUntilKilled(
  { session, arm, isLaunched }: AttemptSession,
  {
    stride,
    seed,
    signal,
    endsAt,
  }: Pick<StressTask, 'seed' | 'signal'> & { readonly stride: number; readonly endsAt: number },
): Promise<void> {
  for (const block of blocks(isLaunched, stride, new Prng(seed))) {
    if (performance.now() >= endsAt || signal.aborted) return;
    await session.runBlock({ arm: 0, round: 0, trialsMax: Infinity, signal, ...block });
    if (arm.violations > 0) return;
  }
}

/** What the blocks of an attempt that came to its end have shown. */
function shownBy({
  session,
  arm,
}: AttemptSession): Pick<MutantStress, 'killed' | 'by' | 'trials' | 'changes' | 'timeToKillMs'> {
  const by = checksOf(session.setting.scenario)
    .filter(({ check }) => (arm.checks[check] ?? 0) > 0)
    .map(({ id }) => id);
  const { firstTrialMs, firstViolationMs } = session.startup();
  const killed = arm.violations > 0;
  const timeToKillMs = killed ? Math.max(0, (firstViolationMs ?? 0) - (firstTrialMs ?? 0)) : null;
  const { trials, changes } = arm;
  return { killed, by, trials, changes, timeToKillMs };
}

/** Without end: strides, and where every actor has a processor trials launched at random offsets between. */
function* blocks(
  isLaunched: boolean,
  stride: number,
  prng: Prng,
): Generator<Pick<BlockOrder, 'ms' | 'pace'>, void> {
  for (let launches = 0; ;) {
    yield { ms: STRIDES_MS };
    if (!isLaunched) continue;
    for (let launch = 0; launch < LAUNCHES; launch++, launches++) {
      const range = OFFSETS_NS[launches % OFFSETS_NS.length] ?? 0;
      const offsetNs = Math.round((2 * prng.nextFloat() - 1) * range);
      yield {
        ms: LAUNCH_MS,
        pace: { stride, worlds: WORLDS, launch: { offsetNs, lastToucher: launches % 2 } },
      };
    }
  }
}

/** Ways for a mutant to end that are its own doing. */
const ENDS: Readonly<Record<string, string>> = {
  ERR_ACTOR_HUNG: 'hang',
  ERR_ACTOR_CRASHED: 'crash',
  ERR_ACTOR_OUT_OF_MEMORY: 'crash',
};
