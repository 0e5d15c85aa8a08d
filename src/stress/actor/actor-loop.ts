import { systemThreadId } from '../../fix/plug-in/thread-time.ts';
import { soundWorlds } from '../../memory/sound-worlds.ts';
import {
  ACTOR_THREAD,
  actorLine,
  BLOCK_ROUND_TRIP,
  GATE_ARM,
  GATE_LAUNCH,
  GATE_QUIT,
  LAUNCH_STRIDES,
} from '../../memory/control.ts';
import { Gate } from '../../memory/gate.ts';
import { PINGS_MAX, Rendezvous } from '../../memory/rendezvous.ts';
import { wasmInstructions } from '../../memory/wasm-instructions.ts';
import { loadScenario } from '../../catalog/load-scenario.ts';
import { settingNamed } from '../../catalog/named-setting.ts';
import { resetWorlds } from '../../scenario/reset-worlds.ts';
import { type ActorOfArm, prepareArm } from './arm-runtime.ts';
import { arenaOf, blockSeed } from '../plan/plan.ts';
import { PlugInWatch } from './plug-in-watch.ts';
import type { ActorTask, Brought, ThreadData } from '../plan/protocol.ts';

/** Taken before a plug-in is loaded: see src/fix/plug-in/guards.ts. */
const hrtime = process.hrtime.bigint.bind(process.hrtime);

/** One function for all probes: code that has the clock inlined is thrown away where another one comes. */
const clock = (): bigint => hrtime();

const isSource = import.meta.url.endsWith('.ts');

/** What prepares an actor for an arm. */
type Prepare = typeof prepareArm;

/**
 * What prepares an actor for an arm. The first arm has the module that is imported here; for each further one a query makes it
 * a module of its own, with code that no other arm shares. Run from sources all arms share it: the same results, slower.
 */
async function runtimeOf(arm: number): Promise<Prepare> {
  if (isSource || arm === 0) return prepareArm;
  const url = new URL(`./arm-runtime.js?arm=${arm}`, import.meta.url);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module of that name
  const copy = (await import(url.href)) as { readonly prepareArm: Prepare };
  return copy.prepareArm;
}

/**
 * One actor in all arms: sleeps at the gate, runs a block of the arm that it shows, sleeps again, until it is sent home.
 * Between the gate and the end of a block nothing is allocated, awaited or sent. Returns what it has learnt in each arm, and
 * what it took there, if its plan records that.
 */
export async function runActor(data: ThreadData, task: ActorTask): Promise<Brought> {
  const { plan, learnt } = data;
  const runtimes: Prepare[] = [];
  for (const arm of plan.arms.keys()) runtimes.push(await runtimeOf(arm));
  const watch = new PlugInWatch(plan);
  await loadScenario(plan.scenario);
  const words = new Int32Array(plan.memory.buffer);
  const setting = settingNamed(plan);
  const { actorBase } = arenaOf(plan, setting);
  const instructions = wasmInstructions(plan.memory, data.instructions);
  const rendezvous = new Rendezvous({
    words,
    instructions,
    actorBase,
    actorCount: setting.actors.length,
    actor: task.actor,
    spinsMax: plan.spinsMax,
  });
  const countSound = soundWorlds(plan.memory, data.judge);
  const reset = resetWorlds(plan.memory, data.reset);
  const arms: ActorOfArm[] = [];
  for (const [arm, prepare] of runtimes.entries()) {
    arms.push(
      await prepare({
        plan,
        task,
        arm,
        words,
        instructions,
        countSound,
        reset,
        rendezvous,
        learnt: learnt[task.actor]?.[arm],
      }),
    );
  }
  words[actorLine(actorBase, task.actor) + ACTOR_THREAD] = systemThreadId();
  const gate = new Gate(words);
  gate.arrive();
  for (let block = gate.pass(0); block !== GATE_QUIT; block = gate.pass(block)) {
    const arm = arms[words[GATE_ARM] ?? 0];
    if (block === 1) arm?.resetAll();
    const atStart = rendezvous.measureRoundTrip(clock);
    if (task.actor === 0) words[BLOCK_ROUND_TRIP] = atStart;
    watch.begin();
    arm?.runBlock(blockSeed(plan, (plan.blocksBefore ?? 0) + block));
    watch.end();
    const atEnd = rendezvous.measureRoundTrip(clock, PINGS_MAX);
    // Threads that have just been woken may share a processor still. The offsets of other blocks rest on the trip at the start.
    if (task.actor === 0 && atStart === 0 && words[GATE_LAUNCH] === LAUNCH_STRIDES) {
      words[BLOCK_ROUND_TRIP] = atEnd;
    }
    gate.finish(setting.actors.length);
  }
  return {
    taken: plan.recordsSteps === true ? arms.map((arm) => arm.taken()) : [],
    learnt: arms.map((arm) => arm.learnt()),
  };
}
