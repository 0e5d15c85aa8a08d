import { describe, expect, it } from 'vitest';
import { bioRef } from '../../../../src/subject/extent-buffer/v5.7/strategies/bio-ref.ts';
import { none } from '../../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { strategies } from '../../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import type { ExtentBufferStrategy as Strategy } from '../../../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { worldAt } from '../../../../src/memory/arena.ts';
import { bufferAt, EB_BFLAGS, type ExtentBuffer } from '../../../../src/subject/extent-buffer/v5.7/layout.ts';
import { readaheadVsReleasepage } from '../../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resolveSetting } from '../../../../src/scenario/setting.ts';
import { Prng } from '../../../../src/stats/prng.ts';
import { allOr } from '../../../helpers/full.ts';
import { WORLDS, PAGES, OneActor, disturbPages, disturb, alike } from '../../../helpers/one-actor.ts';

describe('compiled trials', () => {
  const primed = resolveSetting({ scenario: readaheadVsReleasepage, pages: PAGES });
  const cold = resolveSetting({ scenario: readaheadVsReleasepage, start: 'cold', pages: PAGES });
  /** Each strategy from one of the starts here, from both in the project `full`. */
  const half = (which: 0 | 1): typeof strategies =>
    allOr(
      strategies,
      strategies.filter((_, index) => index % 2 === which),
    );
  const cases = half(0).flatMap((strategy) =>
    ['finder', 'reclaim'].map((role, actor) => [strategy.name, role, { strategy, actor }] as const),
  );

  it.each(cases)('do what the model does: %s, %s', (_, _role, { strategy, actor }) => {
    const how = { setting: primed, actor, strategy };
    const model = new OneActor({ ...how, isCompiled: false });
    const code = new OneActor({ ...how, isCompiled: true });
    expect(alike(model, code, { setting: primed, by: disturb })).toBe(2_500);
    expect(code.compiled?.takesOver()).toBe(true);
    expect(code.compiled?.learnt()?.nodes.length).toBeGreaterThan(20);
  });

  it.each(half(1).map((strategy) => [strategy.name, strategy] as const))(
    'do what the model does where the buffer is yet to be read: %s',
    (_, strategy) => {
      for (const [actor, { ordinal }] of cold.actors.entries()) {
        // The second of a role does what the first does.
        if (ordinal > 0) continue;
        const model = new OneActor({ setting: cold, actor, strategy, isCompiled: false });
        const code = new OneActor({ setting: cold, actor, strategy, isCompiled: true });
        expect(alike(model, code, { setting: cold, by: disturbPages, trials: 1_500 })).toBe(1_500);
        expect(code.compiled?.learnt()).toBeDefined();
      }
    },
  );

  it('play the trials of a stride one after the other, each in its world, with its notes', () => {
    for (const { actor, strategy } of [
      { actor: 0, strategy: upstream },
      { actor: 1, strategy: none },
    ]) {
      const one = new OneActor({ setting: primed, actor, strategy, isCompiled: true });
      const whole = new OneActor({ setting: primed, actor, strategy, isCompiled: true });
      const worlds = Array.from({ length: WORLDS }, (_, world) => worldAt(one.arena, world));
      const notesOf = (by: OneActor, at: number, isWhole: boolean): number[] => {
        for (const [world, fs] of worlds.entries()) {
          by.reset(world);
          disturb(by.words, fs, primed, new Prng(at + world));
        }
        const notes = isWhole ? by.playAll() : worlds.map((fs) => by.play(fs));
        by.compiled?.settle();
        return notes;
      };
      let same = 0;
      // Past the trial that the model plays to see whether the code is right.
      for (let at = 0; at < 17_000; at += WORLDS) {
        const notes = notesOf(one, at, false);
        const isSame = notesOf(whole, at, true).every((note, world) => note === notes[world]);
        if (isSame && worlds.every((fs) => one.isAs(whole, fs))) same += WORLDS;
      }
      expect(same).toBe(17_000);
    }
  });

  it('go on with what another thread has learnt, without a trace of their own', () => {
    const how = { setting: primed, actor: 0, strategy: upstream };
    const first = new OneActor({ ...how, isCompiled: true });
    alike(first, first, { setting: primed, by: disturb });
    const learnt = structuredClone(first.compiled?.learnt());
    const traced = learnt?.root.count;
    const model = new OneActor({ ...how, isCompiled: false });
    const second = new OneActor({ ...how, isCompiled: true, learnt });
    expect(alike(model, second, { setting: primed, by: disturb, trials: 1_000 })).toBe(1_000);
    expect(second.compiled?.learnt()?.root.count).toBeLessThan((traced ?? 0) + 300);
  });

  it('are shown to differ where the code is not that of the model', () => {
    const first = new OneActor({ setting: primed, actor: 0, strategy: bioRef, isCompiled: true });
    alike(first, first, { setting: primed, by: disturb });
    const learnt = first.compiled?.learnt();
    const other = new OneActor({ setting: primed, actor: 0, strategy: bioRef, isCompiled: true, learnt });
    const model = new OneActor({ setting: primed, actor: 0, strategy: none, isCompiled: false });
    // Alone, they differ where a read begins: bio-ref takes a reference for it.
    expect(alike(model, other, { setting: primed, by: disturb, trials: 1_000 })).toBeLessThan(900);
  });

  it('are left to a model that goes round in a loop, which is not put down for ever', () => {
    const patient: Strategy = {
      ...none,
      extend: (Base) =>
        class extends none.extend(Base) {
          override checkBufferTreeRef(eb: ExtentBuffer): boolean {
            for (let round = 0; round < 1_500; round++) this.mem.testBit(0, eb + EB_BFLAGS);
            return super.checkBufferTreeRef(eb);
          }
        },
    };
    const how = { setting: primed, actor: 0, strategy: patient };
    const model = new OneActor({ ...how, isCompiled: false });
    const code = new OneActor({ ...how, isCompiled: true });
    expect(alike(model, code, { setting: primed, by: disturb, trials: 1_200 })).toBe(1_200);
    const { root } = code.compiled?.learnt() ?? {};
    let depth = 0;
    for (let node = root; node !== undefined; [node] = node.next.values()) depth++;
    expect(depth).toBeLessThan(1_000);
  });

  /** As none, but for a method that checks and sets TREE_REF, or does something else. */
  const odd = (isOdd: (eb: ExtentBuffer) => boolean): Strategy => ({
    ...none,
    extend: (Base) =>
      class extends none.extend(Base) {
        override checkBufferTreeRef(eb: ExtentBuffer): boolean {
          return isOdd(eb) ? false : super.checkBufferTreeRef(eb);
        }
      },
  });
  const IMPURE = 'does not do the same when its steps return the same';
  /** Plays until it is thrown, or for so many trials. */
  const plays = (actor: OneActor, trials: number) => (): void => {
    for (let trial = 0; trial < trials; trial++) {
      actor.play(actor.reset(trial % WORLDS));
      actor.compiled?.settle();
    }
  };

  it('end with a model that keeps something from one trial to the next', () => {
    let isOtherTrial = false;
    const strategy = odd(() => isOtherTrial);
    const actor = new OneActor({ setting: primed, actor: 0, strategy, isCompiled: true });
    alike(actor, actor, { setting: primed, by: disturb, trials: 1_000 });
    expect(actor.compiled?.takesOver()).toBe(true);
    expect(actor.compiled?.learnt()).toBeDefined();
    // By now it plays in code, and is asked only now and then.
    isOtherTrial = true;
    expect(plays(actor, 2 * 16_381)).toThrow(IMPURE);
  });

  it.each([
    ['every third time', (call: number) => call % 3 === 0],
    ['once', (call: number) => call === 500],
    ['by a coin', (call: number) => (Math.imul(call, 0x9e3779b1) >>> 13) % 2 === 0],
    ['hardly ever', (call: number) => call % 401 === 0],
  ])('end with a model that does something else %s', (_, isOdd) => {
    let calls = 0;
    const strategy = odd(() => isOdd(++calls));
    const actor = new OneActor({ setting: primed, actor: 0, strategy, isCompiled: true });
    expect(plays(actor, 2_000)).toThrow(IMPURE);
  });

  it('are left to a model that goes by where its world lies, which is no memory', () => {
    const last = { eb: 0 };
    const strategy = odd((eb) => eb === last.eb);
    const actor = new OneActor({ setting: primed, actor: 0, strategy, isCompiled: true });
    last.eb = bufferAt(worldAt(actor.arena, WORLDS - 1), primed.geometry, 0);
    expect(plays(actor, 500)).not.toThrow();
    expect(actor.compiled?.takesOver()).toBe(false);
    expect(actor.compiled?.learnt()).toBeUndefined();
  });
});
