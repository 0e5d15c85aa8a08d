import { describe, expect, it } from 'vitest';
import { type ExtentBuffer, FS_PRIVATE_LOCK } from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import { FS_OOPS } from '../../../src/memory/layout.ts';
import { Check } from '../../../src/model/check.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { Note } from '../../../src/subject/extent-buffer/v5.7/note.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resolveSetting } from '../../../src/scenario/setting.ts';
import { trialRunner } from '../../../src/stress/actor/trial-runner.ts';
import { OneThread, type OneThreadOptions } from '../../helpers/one-thread.ts';

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

  it.each<{ outcome: string; options: Omit<OneThreadOptions, 'worlds'> }>([
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
