import { recordingSteps, StepLog } from '../../fix/mutation/step-recorder.ts';
import { isPlugIn, loadStrategy, modelOf } from '../../fix/plug-in/load.ts';
import type { CountSound } from '../../invariant/sound-worlds.ts';
import { atomicsMemoryClass } from '../../memory/atomics-memory.ts';
import {
  ACTOR_CHANGES,
  ACTOR_STAGES,
  ACTOR_TRIALS,
  actorLine,
  BLOCK_MICROSECONDS,
  BLOCK_TRIALS,
  GATE_LAUNCH,
  GATE_STRIDE,
  GATE_WORLDS,
  LAUNCH_SHIFTED,
  LAUNCH_STRIDES,
  RUN_FIRST_TRIAL,
} from '../../memory/control.ts';
import type { Instructions } from '../../memory/instructions.ts';
import { checkedMemoryClass } from '../../memory/checked-memory.ts';
import { recordingMemoryClass } from '../../memory/recording-memory.ts';
import type { Rendezvous } from '../../memory/rendezvous.ts';
import { FailingSetups } from '../../model/block-layer.ts';
import { BIO_STATUSES, type BioStatus } from '../../model/extent-buffer-io.ts';
import type { PointName } from '../../model/point.ts';
import { loadScenario } from '../../scenario/load-scenario.ts';
import { isScenarioPlugIn } from '../../scenario/registry.ts';
import { deviceOf } from '../../scenario/device.ts';
import type { ResetWorlds } from '../../scenario/reset-worlds.ts';
import { Prng } from '../../stats/prng.ts';
import { compiledTrials, type Learnt } from '../compiled/compiled-trials.ts';
import { calibrateDelay, delayRounds, withDelays } from './delayed-model.ts';
import { LaunchedTrials } from './launched-trials.ts';
import { arenaOf, settingOf } from '../plan/plan.ts';
import type { ActorTask, RunPlan, TakenSteps } from '../plan/protocol.ts';
import { ShiftedStrides } from './shifted-strides.ts';
import { Spin } from './spin.ts';
import { StageClock } from './stage-clock.ts';
import { STAGES } from '../plan/stages.ts';
import { StrategyWatch } from './strategy-watch.ts';
import { TrialRecorder } from './trial-recorder.ts';
import { trialRunner } from './trial-runner.ts';
import { unreliableMemoryClass } from './unreliable-memory.ts';
import { jittered, stalled } from './waits.ts';

/**
 * Everything of an actor that depends on the strategy of an arm.
 *
 * A thread loads this module anew for each arm (see actor-loop.ts), and the build bundles it with the model, memory,
 * strategies and scenarios, so that each arm has code of its own: what V8 learns of one strategy's classes would
 * otherwise slow down all others.
 */

/** What an arm shares with the other arms of its thread. */
export interface ArmParts {
  readonly plan: RunPlan;
  readonly task: ActorTask;
  readonly arm: number;
  readonly words: Int32Array;
  readonly instructions: Instructions;
  readonly countSound: CountSound;
  readonly reset: ResetWorlds;
  readonly rendezvous: Rendezvous;
  /** What the actor has learnt in this arm before, on another thread. */
  readonly learnt: Learnt | undefined;
}

/** One actor of one arm, ready to run. */
export interface ActorOfArm {
  /** Brings the actor's share of all worlds into the start state. */
  readonly resetAll: () => void;
  /** Runs a block of trials with the randomness of `seed`. */
  readonly runBlock: (seed: number) => void;
  /** What the actor has learnt of its program so far. */
  readonly learnt: () => Learnt | undefined;
  /** What the actor has taken so far, if its plan records that. */
  readonly taken: () => TakenSteps;
}

/** The stream of a block's randomness that waits are drawn from, so that they leave the others as they were. */
const PAUSES = 1;
/** The same of the jitter of shifted strides. */
const SHIFTS = 2;

/** Both taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const hrtimeOfNode = process.hrtime.bigint.bind(process.hrtime);
const wallClock = Date.now.bind(Date);

const hrtime = (): bigint => hrtimeOfNode();

/** Prepares an actor for an arm. */
export async function prepareArm(parts: ArmParts): Promise<ActorOfArm> {
  const { plan, arm, words, instructions, countSound, reset, rendezvous } = parts;
  const { actor } = parts.task;
  // Each arm has a copy of this module, and of the registry.
  await loadScenario(plan.scenario);
  const setting = settingOf(plan);
  const arena = arenaOf(plan, setting);
  const self = setting.actors[actor];
  const strategy = plan.arms[arm]?.strategy;
  if (self === undefined || strategy === undefined) throw new RangeError(`no actor ${actor} in arm ${arm}`);

  const place = {
    words,
    instructions,
    geometry: setting.geometry,
    actorBase: arena.actorBase,
    actorCount: setting.actors.length,
    actor,
    spinsMax: plan.spinsMax,
    worlds: { base: arena.worldBase, words: arena.worldWords },
  };
  let chance = new Prng(0);
  const trylockBelow = threshold(plan.trylockFail);
  const Plain =
    plan.trylockFail > 0
      ? unreliableMemoryClass(place, () => chance.nextUint32() < trylockBelow)
      : atomicsMemoryClass(place);
  const Memory = checkedMemoryClass(Plain, setting.geometry);
  // Only the arm that is to be explained: the control beside it runs as it always does.
  const recording =
    plan.isRecorded === true && arm === 0
      ? new (recordingMemoryClass(Memory, { words, logWords: arena.logWords }))()
      : undefined;
  const memory = recording ?? new Memory();
  const named = await loadStrategy(strategy);
  const log = plan.recordsSteps === true ? new StepLog() : undefined;
  const loaded = log === undefined ? named : recordingSteps(named, log);
  const changes = (): number => loaded.wrapping?.timesChanged?.() ?? 0;
  let Model = modelOf(loaded);
  const Bare = Model;
  const hasDelays = Object.keys(plan.delays).length > 0;
  const nsPerRound = hasDelays || plan.waits !== undefined ? calibrateDelay(memory, hrtime) : Number.NaN;
  if (hasDelays) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- names of points, validated with the options
    const rounds = delayRounds(plan.delays, nsPerRound) as ReadonlyMap<PointName, number>;
    Model = withDelays(Model, memory, rounds);
  }
  let pauses = new Prng(0);
  const waiter = {
    delay: (rounds: number): void => memory.delay(rounds),
    nsPerRound,
    chance: (): Prng => pauses,
  };
  if (plan.waits !== undefined) Model = stalled(Model, plan.waits, waiter);
  const device = deviceOf(setting.completion, memory, actor);
  const { setupFail = 0 } = plan;
  const setupBelow = threshold(setupFail);
  const setupFails = (): boolean => {
    const fails = chance.nextUint32() < setupBelow;
    recording?.record(fails ? 1 : 0);
    return fails;
  };
  const blockLayer = setupFail > 0 ? new FailingSetups(device, setupFails) : device;
  const failBelow = threshold(plan.readFail);
  const context = {
    model: new Model({ memory, geometry: setting.geometry, blockLayer }),
    memory,
    geometry: setting.geometry,
    actor,
    ordinal: self.ordinal,
    submitters: setting.submitters,
    bioStatus: (): BioStatus => {
      if (plan.readFail === 0) return 'ok';
      let status = 0;
      if (chance.nextUint32() < failBelow) status = 1 + (chance.nextUint32() & 1);
      recording?.record(status);
      return BIO_STATUSES[status] ?? 'ok';
    },
  };
  const mayCompile =
    plan.trylockFail === 0 &&
    plan.readFail === 0 &&
    setupFail === 0 &&
    recording === undefined &&
    log === undefined &&
    !hasDelays &&
    plan.waits === undefined &&
    loaded.wrapping === undefined;
  const compiled = mayCompile
    ? compiledTrials({
        memory: plan.memory,
        below: new Plain(),
        geometry: setting.geometry,
        place: self,
        line: actorLine(arena.actorBase, actor),
        tag: actor + 1,
        learnt: parts.learnt,
        modelOn: (on) =>
          new Model({
            memory: on,
            geometry: setting.geometry,
            blockLayer: deviceOf(setting.completion, on, actor),
          }),
        contextOf: (model, on) => ({ ...context, model, memory: on }),
      })
    : undefined;
  const watch =
    (isPlugIn(strategy) || isScenarioPlugIn(plan.scenario)) && log === undefined
      ? new StrategyWatch({
          memory,
          model: context.model,
          geometry: setting.geometry,
          place: self,
          modelOn: (on) =>
            new Bare({
              memory: on,
              geometry: setting.geometry,
              blockLayer: deviceOf(setting.completion, on, actor),
            }),
          contextOf: (model, on) => ({ ...context, model, memory: on, bioStatus: () => 'ok' }),
        })
      : undefined;
  const runner = trialRunner({
    words,
    compiled,
    countSound,
    reset,
    arena,
    setting,
    actor,
    place: plan.waits === undefined ? self : jittered(self, plan.waits.jitterNs, waiter),
    context,
    memory,
    startedAtMs: plan.startedAtMs,
    recorder:
      recording === undefined
        ? undefined
        : new TrialRecorder({ words, instructions, arena, actor, memory: recording }),
  });
  const spin = new Spin(hrtime);
  if (plan.isLaunched === true) spin.calibrate();
  const launched = new LaunchedTrials({ words, arena, setting, actor, runner, rendezvous, spin });
  const shifted = new ShiftedStrides({ words, arena, setting, actor, runner, rendezvous, spin });
  const line = actorLine(arena.actorBase, actor);
  const counters = arena.counterBase + actor * arena.counterWords;
  const clock = plan.isProfiled ? new StageClock() : undefined;
  /** Runs strides until one of them is the last; the worlds of one are collected while the next one runs. */
  const runStrides = (): void => {
    const trialsMax = words[BLOCK_TRIALS] ?? 0;
    const length = words[GATE_STRIDE] ?? 1;
    const banks = Math.floor((words[GATE_WORLDS] ?? 0) / length);
    let trials = 0;
    let previous = 0;
    let previousCount = 0;
    clock?.start();
    for (let stride = 2; ; stride++) {
      const first = (stride % banks) * length;
      const count = trialsMax === 0 ? length : Math.min(length, trialsMax - trials);
      runner.run(first, count);
      clock?.lap(0);
      if (plan.isJudged) runner.collect(previous, previousCount);
      clock?.lap(1);
      runner.reset(previous, previousCount);
      clock?.lap(2);
      trials += count;
      words[line + ACTOR_TRIALS] = trials;
      previous = first;
      previousCount = count;
      const goesOn = rendezvous.meet(stride, trials === trialsMax);
      clock?.lap(3);
      if (!goesOn) break;
    }
    if (plan.isJudged) runner.collect(previous, previousCount);
    runner.reset(previous, previousCount);
  };

  return {
    learnt: () => compiled?.learnt(),
    taken: () => ({ steps: log?.steps ?? [], checks: [...(log?.checks ?? [])] }),
    resetAll: () => runner.reset(0, plan.worlds),
    runBlock: (seed) => {
      watch?.begin();
      chance = new Prng(seed).fork(actor);
      pauses = chance.fork(PAUSES);
      words.fill(0, counters, counters + arena.counterWords);
      const changesBefore = changes();
      rendezvous.meet(1, false);
      const startedAt = hrtime();
      if (words[RUN_FIRST_TRIAL] === 0) words[RUN_FIRST_TRIAL] = Math.max(1, wallClock() - plan.startedAtMs);
      if (words[GATE_LAUNCH] === LAUNCH_STRIDES) runStrides();
      else if (words[GATE_LAUNCH] === LAUNCH_SHIFTED) shifted.run(chance.fork(SHIFTS).nextUint32());
      else launched.run();
      if (actor === 0)
        words[BLOCK_MICROSECONDS] = Math.max(1, Math.round(Number(hrtime() - startedAt) / 1000));
      words[line + ACTOR_CHANGES] = changes() - changesBefore;
      for (const stage of STAGES.keys()) words[line + ACTOR_STAGES + stage] = clock?.microseconds(stage) ?? 0;
      watch?.check();
    },
  };
}

/** Draws below this many of 2^32 for an event of the given probability. */
function threshold(probability: number): number {
  return Math.round(probability * 0x1_0000_0000);
}
