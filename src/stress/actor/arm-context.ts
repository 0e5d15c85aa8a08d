import type { ModelClass } from '../../fix/strategy.ts';
import { FailingSetups } from '../../model/block-layer.ts';
import { BIO_STATUSES, type BioStatus } from '../../model/block-layer.ts';
import { deviceOf } from '../../scenario/device.ts';
import type { ActorContext } from '../../scenario/scenario.ts';
import type { ArmMemory } from './arm-memory.ts';
import type { ArmActor } from './arm-actor.ts';
import { type BlockChance, threshold } from './block-chance.ts';

/** What the program of an actor of an arm runs in: its model, on a device some of whose reads fail if the plan wants that. */
export function armContext(
  { plan, setting, actor, self }: ArmActor,
  { memory, recording }: ArmMemory,
  Model: ModelClass,
  chance: BlockChance,
): ActorContext {
  const { geometry, submitters } = setting;
  const device = deviceOf(setting.completion, memory, actor);
  const { setupFail = 0 } = plan;
  const setupBelow = threshold(setupFail);
  const setupFails = (): boolean => {
    const fails = chance.faults.nextUint32() < setupBelow;
    recording?.record(fails ? 1 : 0);
    return fails;
  };
  const blockLayer = setupFail > 0 ? new FailingSetups(device, setupFails) : device;
  const failBelow = threshold(plan.readFail);
  return {
    model: new Model({ memory, geometry, blockLayer }),
    memory,
    geometry,
    actor,
    ordinal: self.ordinal,
    submitters,
    bioStatus: (): BioStatus => {
      if (plan.readFail === 0) return 'ok';
      let status = 0;
      if (chance.faults.nextUint32() < failBelow) status = 1 + (chance.faults.nextUint32() & 1);
      recording?.record(status);
      return BIO_STATUSES[status] ?? 'ok';
    },
  };
}
