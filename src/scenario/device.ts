import type { SharedMemory } from '../memory/shared-memory.ts';
import { type BlockLayer, OwnMailbox, ServedMailbox, SlowDevice } from '../model/block-layer.ts';
import type { Completion } from './setting.ts';

/** The device of an actor, by who completes the reads of its setting. */
export function deviceOf(completion: Completion, memory: SharedMemory, actor: number): BlockLayer {
  switch (completion) {
    case 'none':
      return new SlowDevice();
    case 'own-interrupt':
      return new OwnMailbox(memory, actor);
    case 'end-io':
      return new ServedMailbox(memory, actor);
  }
}
