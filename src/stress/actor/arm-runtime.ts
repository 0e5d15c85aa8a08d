import { openFunctions } from '../../fix/mutation/step-recorder.ts';
import { isPlugIn } from '../../fix/plug-in/load.ts';
import type { ModelClass } from '../../fix/strategy.ts';
import {
  ACTOR_CHANGES,
  ACTOR_OPERATION,
  ACTOR_STAGES,
  actorLine,
  BLOCK_MICROSECONDS,
  GATE_LAUNCH,
  LAUNCH_SHIFTED,
  LAUNCH_STRIDES,
  RUN_FIRST_TRIAL,
} from '../../memory/control.ts';
import type { SharedMemory } from '../../memory/shared-memory.ts';
import type { Model } from '../../model/model.ts';
import { deviceOf } from '../../scenario/device.ts';
import { loadScenario } from '../../catalog/load-scenario.ts';
import { isScenarioPlugIn } from '../../catalog/registry.ts';
import type { ActorContext } from '../../scenario/scenario.ts';
import { type CompiledTrials, compiledTrials, type Learnt } from '../compiled/compiled-trials.ts';
import type { TakenSteps } from '../plan/protocol.ts';
import { STAGES } from '../plan/stages.ts';
import { hrtime, wallClock } from './arm-clock.ts';
import { armContext } from './arm-context.ts';
import { type ArmMemory, armMemory } from './arm-memory.ts';
import { type ArmModel, armModel, isDelayed } from './arm-model.ts';
import { type ArmParts, type ArmActor, armActorOf } from './arm-actor.ts';
import { BlockChance } from './block-chance.ts';
import { LaunchedTrials } from './launched-trials.ts';
import { ShiftedStrides } from './shifted-strides.ts';
import { Spin } from './spin.ts';
import { StageClock } from './stage-clock.ts';
import { StrategyWatch } from './strategy-watch.ts';
import { strides } from './strides.ts';
import { TrialRecorder } from './trial-recorder.ts';
import { type TrialRunner, trialRunner } from './trial-runner.ts';
import { jittered } from './waits.ts';

/**
 * Everything of an actor that depends on the strategy of an arm.
 *
 * A thread loads this module anew for each arm (see actor-loop.ts), and the build bundles it with the model, memory,
 * strategies and scenarios, so that each arm has code of its own: what V8 learns of one strategy's classes would
 * otherwise slow down all others.
 */

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

/** Prepares an actor for an arm. */
export async function prepareArm(parts: ArmParts): Promise<ActorOfArm> {
  // Each arm has a copy of this module, and of the registry.
  await loadScenario(parts.plan.scenario);
  const place = armActorOf(parts);
  const chance = new BlockChance();
  const memory = armMemory(place, chance);
  const model = await armModel(place, memory.memory, chance);
  const context = armContext(place, memory, model.Model, chance);
  const compiled = codeOf({ place, memory, model, context });
  const watch = watchOf({ place, memory, model, context });
  const runner = runnerOf({ place, memory, model, context }, compiled);
  const { log } = model;
  if (memory.locks !== undefined) memory.locks.openFunctions = functionsOf(place, context);
  return {
    learnt: () => compiled?.learnt(),
    taken: () => ({
      steps: log?.steps ?? [],
      checks: [...(log?.checks ?? [])],
      nestings: memory.locks?.nestings ?? [],
    }),
    resetAll: () => runner.reset(0, parts.plan.worlds),
    runBlock: blockRunner({ place, model, chance, runner, watch }),
  };
}

/** What an actor of an arm plays its trials with. */
interface Player {
  readonly place: ArmActor;
  readonly memory: ArmMemory;
  readonly model: ArmModel;
  readonly context: ActorContext;
}

/** The actor's trials as code, where its steps decide everything and nobody else is to see them. */
function codeOf({ place, memory, model, context }: Player): CompiledTrials | undefined {
  const { plan, setting, arena, actor, self } = place;
  const mayCompile =
    plan.trylockFail === 0 &&
    plan.readFail === 0 &&
    (plan.setupFail ?? 0) === 0 &&
    memory.recording === undefined &&
    model.log === undefined &&
    !isDelayed(plan) &&
    plan.waits === undefined &&
    model.strategy.wrapping === undefined;
  if (!mayCompile) return undefined;
  return compiledTrials({
    memory: plan.memory,
    below: new memory.Plain(),
    geometry: setting.geometry,
    place: self,
    line: actorLine(arena.actorBase, actor),
    tag: actor + 1,
    ordering: setting.ordering,
    learnt: place.learnt,
    modelOn: modelsOf(place, model.Model),
    contextOf: (own, on) => ({ ...context, model: own, memory: on }),
  });
}

/** What is open in a model whose steps are put down: kernel functions, or the operation that takes a step without any. */
function functionsOf(
  { words, arena, actor, self }: ArmActor,
  { model }: ActorContext,
): () => readonly string[] {
  const operationWord = actorLine(arena.actorBase, actor) + ACTOR_OPERATION;
  const operations = self.role.program.map(({ name }) => [name]);
  return () => {
    const open = openFunctions(model);
    return open.length > 0 ? open : (operations[words[operationWord] ?? 0] ?? open);
  };
}

/** What looks after a plug-in, if there is one in the arm. */
function watchOf({ place, memory, model, context }: Player): StrategyWatch | undefined {
  const { plan, setting, self, strategy } = place;
  const hasPlugIn = isPlugIn(strategy) || isScenarioPlugIn(plan.scenario);
  if (!hasPlugIn || model.log !== undefined) return undefined;
  return new StrategyWatch({
    memory: memory.memory,
    model: context.model,
    geometry: setting.geometry,
    place: self,
    modelOn: modelsOf(place, model.Bare),
    contextOf: (own, on) => ({ ...context, model: own, memory: on, bioStatus: () => 'ok' }),
  });
}

/** Makes models of a class on other memories than the one that the trials are played on. */
function modelsOf({ setting, actor }: ArmActor, ArmClass: ModelClass): (memory: SharedMemory) => Model {
  const { geometry, completion } = setting;
  return (memory) => new ArmClass({ memory, geometry, blockLayer: deviceOf(completion, memory, actor) });
}

function runnerOf(
  { place, memory, model, context }: Player,
  compiled: CompiledTrials | undefined,
): TrialRunner {
  const { plan, words, instructions, countSound, reset, setting, arena, actor, self } = place;
  const { recording } = memory;
  return trialRunner({
    words,
    compiled,
    countSound,
    reset,
    arena,
    setting,
    actor,
    place: plan.waits === undefined ? self : jittered(self, plan.waits.jitterNs, model.waiter),
    context,
    memory: memory.memory,
    startedAtMs: plan.startedAtMs,
    recorder:
      recording === undefined
        ? undefined
        : new TrialRecorder({ words, instructions, arena, actor, memory: recording }),
  });
}

interface BlockRunnerParts {
  readonly place: ArmActor;
  readonly model: ArmModel;
  readonly chance: BlockChance;
  readonly runner: TrialRunner;
  readonly watch: StrategyWatch | undefined;
}

/** Runs a block of the arm, as the gate says, and leaves what it took in the actor's control line. */
function blockRunner({ place, model, chance, runner, watch }: BlockRunnerParts): (seed: number) => void {
  const { plan, words, arena, setting, actor, rendezvous } = place;
  const spin = new Spin(hrtime);
  if (plan.isLaunched === true) spin.calibrate();
  const launched = new LaunchedTrials({ words, arena, setting, actor, runner, rendezvous, spin });
  const shifted = new ShiftedStrides({ words, arena, setting, actor, runner, rendezvous, spin });
  const clock = plan.isProfiled ? new StageClock() : undefined;
  const runStrides = strides(place, runner, clock);
  const line = actorLine(arena.actorBase, actor);
  const counters = arena.counterBase + actor * arena.counterWords;
  const changes = (): number => model.strategy.wrapping?.timesChanged?.() ?? 0;
  return (seed) => {
    watch?.begin();
    chance.begin(seed, actor);
    words.fill(0, counters, counters + arena.counterWords);
    const changesBefore = changes();
    rendezvous.meet(1, false);
    const startedAt = hrtime();
    if (words[RUN_FIRST_TRIAL] === 0) words[RUN_FIRST_TRIAL] = Math.max(1, wallClock() - plan.startedAtMs);
    if (words[GATE_LAUNCH] === LAUNCH_STRIDES) runStrides();
    else if (words[GATE_LAUNCH] === LAUNCH_SHIFTED) shifted.run(chance.jitterSeed());
    else launched.run();
    if (actor === 0) words[BLOCK_MICROSECONDS] = Math.max(1, Math.round(Number(hrtime() - startedAt) / 1000));
    words[line + ACTOR_CHANGES] = changes() - changesBefore;
    for (const stage of STAGES.keys()) words[line + ACTOR_STAGES + stage] = clock?.microseconds(stage) ?? 0;
    watch?.check();
  };
}
