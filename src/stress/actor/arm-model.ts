import { recordingSteps, StepLog } from '../../fix/mutation/step-recorder.ts';
import { loadStrategy, modelOf } from '../../fix/plug-in/load.ts';
import type { ModelClass, Strategy } from '../../fix/strategy.ts';
import type { AtomicsMemory } from '../../memory/atomics-memory.ts';
import type { RunPlan } from '../plan/protocol.ts';
import { hrtime } from './arm-clock.ts';
import type { ArmActor } from './arm-actor.ts';
import type { BlockChance } from './block-chance.ts';
import { calibrateDelay, delayRounds, withDelays } from './delayed-model.ts';
import { stalled, type Waiter } from './waits.ts';

/** What an actor of an arm makes of the arm's strategy. */
export interface ArmModel {
  readonly strategy: Strategy;
  /** Where its steps are put down, if the plan records that. */
  readonly log: StepLog | undefined;
  /** The model that plays the trials, and the same without any delay or stall. */
  readonly Model: ModelClass;
  readonly Bare: ModelClass;
  readonly waiter: Waiter;
}

/**
 * Loads the strategy of an arm, and makes the actor's model of it.
 * @throws {StrategyError} If there is none.
 * @throws {HarnessError} If there are delays, and they cannot be trusted.
 */
export async function armModel(
  { plan, strategy: name, setting }: ArmActor,
  memory: AtomicsMemory,
  chance: BlockChance,
): Promise<ArmModel> {
  const named = await loadStrategy(name, setting.scenario.subject);
  const log = plan.recordsSteps === true ? new StepLog() : undefined;
  const strategy = log === undefined ? named : recordingSteps(named, log);
  const Bare = modelOf(strategy);
  const waiter = {
    delay: (rounds: number): void => memory.delay(rounds),
    nsPerRound: isDelayed(plan) || plan.waits !== undefined ? calibrateDelay(memory, hrtime) : Number.NaN,
    chance: () => chance.pauses,
  };
  let Model = Bare;
  if (isDelayed(plan)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- names of points, validated with the options
    const rounds = delayRounds(plan.delays, waiter.nsPerRound);
    Model = withDelays(Model, memory, rounds);
  }
  if (plan.waits !== undefined) Model = stalled(Model, plan.waits, waiter);
  return { strategy, log, Model, Bare, waiter };
}

/** Whether a plan holds actors up at named points. */
export function isDelayed({ delays }: RunPlan): boolean {
  return Object.keys(delays).length > 0;
}
