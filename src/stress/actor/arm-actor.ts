import type { CountSound } from '../../memory/sound-worlds.ts';
import type { Arena } from '../../memory/arena.ts';
import type { Instructions } from '../../memory/instructions.ts';
import type { Rendezvous } from '../../memory/rendezvous.ts';
import { settingNamed } from '../../catalog/named-setting.ts';
import type { ResetWorlds } from '../../scenario/reset-worlds.ts';
import type { SettingActor, Setting } from '../../scenario/setting.ts';
import type { Learnt } from '../compiled/compiled-trials.ts';
import { arenaOf } from '../plan/plan.ts';
import type { ActorTask, RunPlan } from '../plan/protocol.ts';

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

/** An actor's place in an arm, with what follows from the plan. */
export interface ArmActor extends ArmParts {
  readonly setting: Setting;
  readonly arena: Arena;
  readonly actor: number;
  /** The actor as the setting has it. */
  readonly self: SettingActor;
  readonly strategy: string;
}

/**
 * The place of an actor in an arm.
 * @throws {RangeError} If the plan has no such arm or actor.
 */
export function armActorOf(parts: ArmParts): ArmActor {
  const { plan, arm } = parts;
  const { actor } = parts.task;
  const setting = settingNamed(plan);
  const arena = arenaOf(plan, setting);
  const self = setting.actors[actor];
  const strategy = plan.arms[arm]?.strategy;
  if (self === undefined || strategy === undefined) throw new RangeError(`no actor ${actor} in arm ${arm}`);
  return { ...parts, setting, arena, actor, self, strategy };
}
