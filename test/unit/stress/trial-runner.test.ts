import { describe, expect, it } from 'vitest';
import { modelOf } from '../../../src/fix/plug-in/load.ts';
import { none } from '../../../src/fix/none.ts';
import type { ModelClass } from '../../../src/fix/strategy.ts';
import { soundWorlds, soundWorldsModule } from '../../../src/invariant/sound-worlds.ts';
import { type Arena, layOut } from '../../../src/memory/arena.ts';
import { atomicsMemoryClass } from '../../../src/memory/atomics-memory.ts';
import { checkedMemoryClass } from '../../../src/memory/checked-memory.ts';
import { type ExtentBuffer, FS_OOPS, FS_PRIVATE_LOCK } from '../../../src/memory/layout.ts';
import { wasmMemory } from '../../../src/memory/wasm-instructions.ts';
import { Check } from '../../../src/model/check.ts';
import { ExtentBufferModel } from '../../../src/model/extent-buffer-model.ts';
import type { BioStatus } from '../../../src/model/extent-buffer-io.ts';
import { Note } from '../../../src/model/note.ts';
import { readaheadVsReleasepage } from '../../../src/scenario/readahead-vs-releasepage.ts';
import { resetWorlds, resetWorldsModule } from '../../../src/scenario/reset-worlds.ts';
import { resolveSetting, type Setting, type SettingOptions } from '../../../src/scenario/setting.ts';
import {
  CHECK_COUNTERS,
  COUNTER_COUNT,
  NOTE_COUNTERS,
  OUTCOME_COUNTERS,
} from '../../../src/stress/plan/counters.ts';
import { type TrialRunner, trialRunner } from '../../../src/stress/actor/trial-runner.ts';
import { deviceOf } from '../../helpers/scripted-actor.ts';

interface Options extends Omit<SettingOptions, 'scenario'> {
  readonly worlds: number;
  readonly Model?: ModelClass;
  readonly status?: BioStatus;
}

/** All actors of a setting on this one thread, one after the other. */
class OneThread {
  readonly words: Int32Array;
  readonly arena: Arena;
  readonly runners: readonly TrialRunner[];
  readonly #setting: Setting;
  readonly #worlds: number;

  constructor({ worlds, Model = modelOf(none), status = 'ok', ...options }: Options) {
    const setting = resolveSetting({ scenario: readaheadVsReleasepage, ...options });
    const { geometry, actors, submitters, completion } = setting;
    const arena = layOut({ actors: actors.length, worlds, geometry, counters: COUNTER_COUNT });
    const shared = wasmMemory(arena.bytes);
    const words = new Int32Array(shared.buffer);
    const countSound = soundWorlds(shared, soundWorldsModule(shared, geometry));
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

  run(first = 0, count = this.#worlds): this {
    for (const runner of this.runners) runner.run(first, count);
    return this;
  }

  collect(first = 0, count = this.#worlds): this {
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
    const counts = readaheadVsReleasepage.outcomes.map(
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
}

describe('trialRunner', () => {
  it('counts every trial as one outcome and leaves the notes of every actor', () => {
    const thread = new OneThread({ worlds: 101 }).run().collect();

    expect(thread.labels).toEqual(['finder', 'reclaim']);
    expect(thread.outcomes).toEqual({ read: 101 });
    expect(thread.checks).toEqual({});
    expect(
      [Note.Found, Note.ReadStarted, Note.PageBusy, Note.Missed].map((note) => thread.noted(note)),
    ).toEqual([101, 101, 101, 0]);
  });

  it('adds up the notes of several actors of one role', () => {
    const thread = new OneThread({ worlds: 10, start: 'cold' }).run().collect();

    expect(thread.labels).toEqual(['readahead#0', 'readahead#1', 'reclaim']);
    expect(thread.outcomes).toEqual({ reread: 10 });
    expect(
      [Note.Missed, Note.Found, Note.ReadCompleted, Note.Released].map((note) => thread.noted(note)),
    ).toEqual([10, 10, 10, 10]);
  });

  it.each<{ outcome: string; options: Omit<Options, 'worlds'> }>([
    {
      outcome: 'released',
      options: {
        actors: [
          { role: 'reclaim', count: 1 },
          { role: 'finder', count: 1 },
        ],
      },
    },
    {
      outcome: 'reread',
      options: {
        actors: [
          { role: 'reclaim', count: 1 },
          { role: 'readahead', count: 1 },
        ],
      },
    },
    {
      outcome: 'read-failed',
      options: {
        actors: [
          { role: 'readahead', count: 1 },
          { role: 'end-io', count: 1 },
        ],
        status: 'io-error',
      },
    },
    {
      outcome: 'idle',
      options: {
        start: 'cold',
        actors: [
          { role: 'finder', count: 1 },
          { role: 'reclaim', count: 1 },
        ],
      },
    },
  ])('counts the outcome $outcome', ({ outcome, options }) => {
    const thread = new OneThread({ worlds: 7, ...options }).run().collect();

    expect(thread.outcomes).toEqual({ [outcome]: 7 });
  });

  it('counts a violation by its check and as the first outcome, whatever was noted', () => {
    class PutsTwice extends ExtentBufferModel {
      override freeExtentBuffer(eb: ExtentBuffer): void {
        super.freeExtentBuffer(eb);
        super.freeExtentBuffer(eb);
      }
    }
    const thread = new OneThread({ worlds: 9, Model: PutsTwice }).run().collect();

    expect(thread.outcomes).toEqual({ bug: 9 });
    expect(thread.checks).toEqual({ B1: 9 });
  });

  it('counts what a world shows only at rest, and a recorded violation rather than that', () => {
    const thread = new OneThread({ worlds: 3 }).run();
    thread.set(0, FS_PRIVATE_LOCK, 1);
    thread.set(1, FS_PRIVATE_LOCK, 1);
    thread.set(1, FS_OOPS, Check.DoubleFree);

    thread.collect();

    expect(thread.checks).toEqual({ LockHeld: 1, DoubleFree: 1 });
    expect(thread.outcomes).toEqual({ bug: 2, read: 1 });
  });

  it('counts near misses, and not what only decides the outcome', () => {
    /** Notes a dying buffer in every trial: with one thread there is none to meet. */
    class MeetsReclaim extends ExtentBufferModel {
      override freeExtentBuffer(eb: ExtentBuffer): void {
        this.note(Note.DyingFound);
        super.freeExtentBuffer(eb);
      }
    }
    const thread = new OneThread({ worlds: 5, Model: MeetsReclaim }).run().collect();

    expect(thread.counted(Note.DyingFound)).toBe(5);
    expect(thread.counted(Note.Found)).toBe(0);
    expect(thread.outcomes).toEqual({ read: 5 });
  });

  it('brings every world back into its start state, so that the next run counts the same again', () => {
    const thread = new OneThread({ worlds: 20 });
    const before = thread.worldWords;
    thread.run();
    const after = thread.worldWords;
    thread.collect();

    expect(after).not.toEqual(before);
    expect(thread.worldWords).toEqual(before);
    expect(thread.run().collect().outcomes).toEqual({ read: 40 });
  });

  it('collects each world of a stride exactly once, however the actors share it', () => {
    for (const count of [1, 2, 3, 16, 17]) {
      const actors = [
        { role: 'finder', count: 4 },
        { role: 'reclaim', count: 1 },
      ];
      const thread = new OneThread({ worlds: 20, actors }).run(3, count).collect(3, count);

      expect(thread.outcomes).toEqual({ read: count });
    }
  });

  it('forgets the notes of the trial before', () => {
    const thread = new OneThread({ worlds: 2 }).run().collect();
    expect(thread.noted(Note.PageBusy)).toBe(2);
    const [finder, reclaim] = thread.runners;
    reclaim?.run(0, 2);
    finder?.run(0, 2);
    thread.collect();

    expect(thread.outcomes).toEqual({ read: 2, released: 2 });
    expect(thread.noted(Note.PageBusy)).toBe(0);
  });

  it('refuses a role without a program', () => {
    const setting = resolveSetting({ scenario: readaheadVsReleasepage });
    const [place] = setting.actors;
    if (place === undefined) throw new Error('the scenario has no actors');
    const thread = new OneThread({ worlds: 1 });

    expect(() =>
      trialRunner({
        words: thread.words,
        arena: thread.arena,
        countSound: () => 0,
        reset: () => {},
        setting,
        actor: 0,
        place: { ...place, role: { ...place.role, program: [] } },
        context: {} as never,
        memory: {} as never,
        startedAtMs: 0,
      }),
    ).toThrow(new RangeError("the program of role 'finder' is empty"));
  });
});
