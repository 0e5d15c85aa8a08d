import { type AtomicsMemory, atomicsMemoryClass } from '../../memory/atomics-memory.ts';
import { type CheckedMemory, checkedMemoryClass } from '../../memory/checked-memory.ts';
import { type RecordingMemory, recordingMemoryClass } from '../../memory/recording-memory.ts';
import { LockRules } from '../../memory/lock-rules.ts';
import type { ArmActor } from './arm-actor.ts';
import { type BlockChance, threshold } from './block-chance.ts';
import { LockWatch, watchedMemoryClass } from './lock-watch.ts';
import { unreliableMemoryClass } from './unreliable-memory.ts';

/** What an actor of an arm makes its steps on. */
export interface ArmMemory {
  /** The class below it. */
  readonly Plain: new () => AtomicsMemory;
  readonly memory: CheckedMemory;
  /** The same, if it logs what the steps return. */
  readonly recording: RecordingMemory | undefined;
  /** Sees which locks are taken while others are held, if the plan records steps. */
  readonly locks: LockWatch | undefined;
}

/** The memory of an actor of an arm, of classes that no other arm shares. */
export function armMemory(place: ArmActor, chance: BlockChance): ArmMemory {
  const { plan, arm, words, instructions, setting, arena, actor, self } = place;
  const on = {
    words,
    instructions,
    geometry: setting.geometry,
    ordering: setting.ordering,
    actorBase: arena.actorBase,
    actorCount: setting.actors.length,
    actor,
    spinsMax: plan.spinsMax,
    worlds: { base: arena.worldBase, words: arena.worldWords },
  };
  const trylockBelow = threshold(plan.trylockFail);
  const Plain =
    plan.trylockFail > 0
      ? unreliableMemoryClass(on, () => chance.faults.nextUint32() < trylockBelow)
      : atomicsMemoryClass(on);
  const Checked = checkedMemoryClass(Plain, setting.geometry);
  const locks =
    plan.recordsSteps === true
      ? new LockWatch({ words, rules: new LockRules(setting.geometry), actor: self.label })
      : undefined;
  const Memory = locks === undefined ? Checked : watchedMemoryClass(Checked, locks);
  // Only the arm that is to be explained: the control beside it runs as it always does.
  const recording =
    plan.isRecorded === true && arm === 0
      ? new (recordingMemoryClass(Memory, { words, logWords: arena.logWords }))()
      : undefined;
  return { Plain, memory: recording ?? new Memory(), recording, locks };
}
