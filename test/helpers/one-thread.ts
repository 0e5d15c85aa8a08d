/** All actors of a setting on one thread, one after the other: trials that always end alike. */
import { modelOf } from '../../src/fix/plug-in/load.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { ModelClass } from '../../src/fix/strategy.ts';
import { soundWorlds } from '../../src/memory/sound-worlds.ts';
import { type Arena, layOut } from '../../src/memory/arena.ts';
import { atomicsMemoryClass } from '../../src/memory/atomics-memory.ts';
import { checkedMemoryClass } from '../../src/memory/checked-memory.ts';
import { wasmMemory } from '../../src/memory/wasm-instructions.ts';
import { Check } from '../../src/subject/extent-buffer/v5.7/check.ts';
import type { BioStatus } from '../../src/model/block-layer.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resetWorlds, resetWorldsModule } from '../../src/scenario/reset-worlds.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { resolveSetting, type Setting, type SettingOptions } from '../../src/scenario/setting.ts';
import { type ArmCount, armCount } from '../../src/stress/plan/arm-count.ts';
import {
  CHECK_COUNTERS,
  counterCount,
  NOTE_COUNTERS,
  OUTCOME_COUNTERS,
} from '../../src/stress/plan/counters.ts';
import { type TrialRunner, trialRunner } from '../../src/stress/actor/trial-runner.ts';
import { deviceOf } from './scripted-actor.ts';

/** What they play. */
export interface OneThreadOptions extends Omit<SettingOptions, 'scenario'> {
  /** @default that of June 2020 */
  readonly scenario?: Scenario;
  readonly worlds: number;
  readonly Model?: ModelClass;
  readonly status?: BioStatus;
}

/** The thread. */
export class OneThread {
  readonly words: Int32Array;
  readonly arena: Arena;
  readonly runners: readonly TrialRunner[];
  readonly #setting: Setting;
  readonly #worlds: number;

  constructor({ worlds, Model = modelOf(none), status = 'ok', ...options }: OneThreadOptions) {
    const setting = resolveSetting({ scenario: readaheadVsReleasepage, ...options });
    const { geometry, actors, submitters, completion } = setting;
    const arena = layOut({
      actors: actors.length,
      worlds,
      geometry,
      counters: counterCount(setting.scenario),
    });
    const shared = wasmMemory(arena.bytes);
    const words = new Int32Array(shared.buffer);
    const countSound = soundWorlds(shared, setting.scenario.subject.soundWorlds?.(shared, geometry));
    const reset = resetWorlds(shared, resetWorldsModule(shared, geometry, setting.start));
    this.#setting = setting;
    this.#worlds = worlds;
    this.words = words;
    this.arena = arena;
    this.runners = actors.map((place, actor) => {
      const { actorBase } = arena;
      const on = { words, geometry, actorBase, actorCount: actors.length, actor, spinsMax: 10 };
      const memory = new (checkedMemoryClass(atomicsMemoryClass(on), geometry))();
      const model = new Model({ memory, geometry, blockLayer: deviceOf(completion, memory, actor) });
      const context = {
        model,
        memory,
        geometry,
        actor,
        ordinal: place.ordinal,
        submitters,
        bioStatus: () => status,
      };
      return trialRunner({
        words,
        arena,
        countSound,
        reset,
        setting,
        actor,
        place,
        context,
        memory,
        startedAtMs: 0,
      });
    });
    for (const runner of this.runners) runner.reset(0, this.arena.shape.worlds);
  }

  run(first: number = 0, count: number = this.#worlds): this {
    for (const runner of this.runners) runner.run(first, count);
    return this;
  }

  collect(first: number = 0, count: number = this.#worlds): this {
    for (const runner of this.runners) runner.collect(first, count);
    for (const runner of this.runners) runner.reset(first, count);
    return this;
  }

  /** The sum over all actors of one counter. */
  count(counter: number): number {
    const { counterBase, counterWords } = this.arena;
    return this.runners.reduce(
      (sum, _, actor) => sum + (this.words[counterBase + actor * counterWords + counter] ?? 0),
      0,
    );
  }

  get outcomes(): Record<string, number> {
    const counts = this.#setting.scenario.outcomes.map(
      ({ name }, index) => [name, this.count(OUTCOME_COUNTERS + index)] as const,
    );
    return Object.fromEntries(counts.filter(([, count]) => count !== 0));
  }

  get checks(): Record<string, number> {
    const counts = Object.entries(Check).map(
      ([name, check]) => [name, this.count(CHECK_COUNTERS + check)] as const,
    );
    return Object.fromEntries(counts.filter(([, count]) => count !== 0));
  }

  /** How often one note is counted, over all actors. */
  counted(note: number): number {
    return this.count(NOTE_COUNTERS + 31 - Math.clz32(note));
  }

  /** In how many trials an actor left a note, over all actors. */
  noted(note: number): number {
    const { noteBase, noteWords } = this.arena;
    const words = this.words.subarray(noteBase, noteBase + this.runners.length * noteWords);
    return words.filter((notes) => (notes & note) !== 0).length;
  }

  /** A copy of all worlds. */
  get worldWords(): Int32Array {
    return this.words.slice(this.arena.worldBase);
  }

  set(world: number, word: number, value: number): void {
    this.words[this.arena.worldBase + world * this.arena.worldWords + word] = value;
  }

  get labels(): readonly string[] {
    return this.#setting.actors.map(({ label }) => label);
  }

  /** What it has counted, as an arm without blocks. */
  armCount(strategy: string): ArmCount {
    const arm = armCount(strategy, this.#setting, { instances: 1, blocks: () => [] });
    for (const index of arm.outcomes.keys()) arm.outcomes[index] = this.count(OUTCOME_COUNTERS + index);
    for (const index of arm.notes.keys()) arm.notes[index] = this.count(NOTE_COUNTERS + index);
    for (const index of arm.checks.keys()) arm.checks[index] = this.count(CHECK_COUNTERS + index);
    arm.trials = arm.outcomes.reduce((sum, count) => sum + count, 0);
    arm.violations = arm.checks.reduce((sum, count) => sum + count, 0);
    return arm;
  }
}
