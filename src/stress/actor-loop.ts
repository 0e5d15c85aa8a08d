import { loadStrategy, modelOf } from '../fix/load.ts';
import { AtomicsMemory } from '../memory/atomics-memory.ts';
import {
  ACTOR_STAGES,
  ACTOR_TRIALS,
  actorLine,
  BLOCK_MICROSECONDS,
  BLOCK_ROUND_TRIP,
  BLOCK_TRIALS,
  GATE_QUIT,
} from '../memory/control.ts';
import { Gate } from '../memory/gate.ts';
import { Rendezvous } from '../memory/rendezvous.ts';
import { wasmInstructions } from '../memory/wasm-instructions.ts';
import type { SharedMemory } from '../memory/shared-memory.ts';
import { type BlockLayer, OwnMailbox, ServedMailbox, SlowDevice } from '../model/block-layer.ts';
import type { Completion } from '../scenario/setting.ts';
import type { BioStatus } from '../model/extent-buffer-io.ts';
import type { PointName } from '../model/point.ts';
import { Prng } from '../stats/prng.ts';
import { arenaOf, blockSeed, settingOf } from './plan.ts';
import { calibrateDelays, withDelays } from './delayed-model.ts';
import type { ActorTask, RunPlan } from './protocol.ts';
import { StageClock, STAGES } from './stage-clock.ts';
import { TrialRunner } from './trial-runner.ts';
import { UnreliableMemory } from './unreliable-memory.ts';

const hrtime = (): bigint => process.hrtime.bigint();

/** Draws below this many of 2^32 for an event of the given probability. */
function threshold(probability: number): number {
  return Math.round(probability * 0x1_0000_0000);
}

function deviceOf(completion: Completion, memory: SharedMemory, actor: number): BlockLayer {
  switch (completion) {
    case 'none':
      return new SlowDevice();
    case 'own-interrupt':
      return new OwnMailbox(memory, actor);
    case 'end-io':
      return new ServedMailbox(memory, actor);
  }
}

/**
 * One actor of one arm: sleeps at its arm's gate, runs a block, sleeps again, until the gate sends it home. Between the
 * gate and the end of a block nothing is allocated, awaited or sent.
 */
export async function runActor(plan: RunPlan, { arm, actor }: ActorTask): Promise<void> {
  const words = new Int32Array(plan.memory.buffer);
  const setting = settingOf(plan);
  const arena = arenaOf(plan, setting);
  const actorCount = setting.actors.length;
  const instructions = wasmInstructions(plan.memory);
  const place = {
    words,
    instructions,
    geometry: setting.geometry,
    actorBase: arena.actorBase,
    actorCount,
    actor,
    spinsMax: plan.spinsMax,
  };
  let chance = new Prng(0);
  const trylockBelow = threshold(plan.trylockFail);
  const memory =
    plan.trylockFail > 0
      ? new UnreliableMemory(place, () => chance.nextUint32() < trylockBelow)
      : new AtomicsMemory(place);
  const self = setting.actors[actor];
  const strategy = plan.arms[arm]?.strategy;
  if (self === undefined || strategy === undefined) throw new RangeError(`no actor ${actor} in arm ${arm}`);

  let Model = modelOf(await loadStrategy(strategy));
  if (Object.keys(plan.delays).length > 0) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- names of points, validated with the options
    const rounds = calibrateDelays(memory, plan.delays, hrtime) as ReadonlyMap<PointName, number>;
    Model = withDelays(Model, memory, rounds);
  }
  const blockLayer = deviceOf(setting.completion, memory, actor);
  const model = new Model({ memory, geometry: setting.geometry, blockLayer });
  const failBelow = threshold(plan.readFail);
  const context = {
    model,
    memory,
    geometry: setting.geometry,
    actor,
    ordinal: self.ordinal,
    submitters: setting.submitters,
    bioStatus: (): BioStatus => {
      if (failBelow === 0 || chance.nextUint32() >= failBelow) return 'ok';
      return (chance.nextUint32() & 1) === 0 ? 'io-error' : 'bad-content';
    },
  };
  const runner = new TrialRunner({ words, arena, setting, actor, place: self, context });
  const gate = new Gate(words, plan.arms.length);
  const rendezvous = new Rendezvous({
    words,
    instructions,
    actorBase: arena.actorBase,
    actorCount,
    actor,
    spinsMax: plan.spinsMax,
  });
  const line = actorLine(arena.actorBase, actor);
  const counters = arena.counterBase + actor * arena.counterWords;
  const clock = plan.isProfiled ? new StageClock() : undefined;
  const banks = Math.floor(plan.worlds / plan.stride);

  /** Runs blocks of strides; the worlds of one stride are collected while the next one runs. */
  const runBlock = (): void => {
    const trialsMax = words[BLOCK_TRIALS] ?? 0;
    words.fill(0, counters, counters + arena.counterWords);
    const roundTrip = rendezvous.measureRoundTrip(hrtime);
    if (actor === 0) words[BLOCK_ROUND_TRIP] = roundTrip;
    rendezvous.meet(1, false);
    const startedAt = hrtime();
    let trials = 0;
    let previous = 0;
    let previousCount = 0;
    clock?.start();
    for (let stride = 2; ; stride++) {
      const first = (stride % banks) * plan.stride;
      const count = trialsMax === 0 ? plan.stride : Math.min(plan.stride, trialsMax - trials);
      runner.run(first, count);
      clock?.lap(0);
      runner.collect(previous, previousCount);
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
    if (actor === 0) words[BLOCK_MICROSECONDS] = Math.max(1, Math.round(Number(hrtime() - startedAt) / 1000));
    runner.collect(previous, previousCount);
    runner.reset(previous, previousCount);
    for (const stage of STAGES.keys()) words[line + ACTOR_STAGES + stage] = clock?.microseconds(stage) ?? 0;
  };

  gate.arrive();
  let block = 0;
  for (let isFirst = true; ; isFirst = false) {
    block = gate.pass(arm, block);
    if (block === GATE_QUIT) return;
    chance = new Prng(blockSeed(plan.seed, block)).fork(actor);
    if (isFirst && block === 1) runner.reset(0, plan.worlds);
    runBlock();
    gate.finish();
  }
}
