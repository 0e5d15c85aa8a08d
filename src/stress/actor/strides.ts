import { ACTOR_TRIALS, actorLine, BLOCK_TRIALS, GATE_STRIDE, GATE_WORLDS } from '../../memory/control.ts';
import type { ArmActor } from './arm-actor.ts';
import type { StageClock } from './stage-clock.ts';
import type { TrialRunner } from './trial-runner.ts';

/** Runs strides until one of them is the last; the worlds of one are collected while the next one runs. */
export function strides(
  { plan, words, arena, actor, rendezvous }: ArmActor,
  runner: TrialRunner,
  clock: StageClock | undefined,
): () => void {
  const line = actorLine(arena.actorBase, actor);
  return () => {
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
}
