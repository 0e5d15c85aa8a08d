/** Compiled trials of actors that take read-write locks, wait for bits and count down, beside those of their model. */
import { expect, it } from 'vitest';
import { none } from '../../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { FS_OWN, type FsInfo, POISON } from '../../../../src/memory/layout.ts';
import {
  bufferAt,
  EB_BFLAGS,
  EB_IO_PAGES,
  EB_REFS_LOCK,
} from '../../../../src/subject/extent-buffer/v5.7/layout.ts';
import { loadScenario } from '../../../../src/catalog/load-scenario.ts';
import { scenarioNamed } from '../../../../src/catalog/registry.ts';
import { resolveSetting, type Setting } from '../../../../src/scenario/setting.ts';
import type { Prng } from '../../../../src/stats/prng.ts';
import { alike, OneActor } from '../../../helpers/one-actor.ts';

const SOURCE = './test/stress/scenarios/tree-lock.mjs';
await loadScenario(SOURCE);
const scenario = scenarioNamed(SOURCE);
const TRIALS = 2_500;

/** What the lock may hold when an actor of the start comes to it that is not to wait for it. */
const HELD: Readonly<Record<string, readonly number[]>> = {
  locked: [0],
  tried: [0, 1],
  buffer: [0],
  'read-locked': [0, 1, 3],
  freed: [-2, 0, 1],
  'giver-of-a-failure': [0, 2],
};

function disturb(words: Int32Array, fs: FsInfo, { geometry, start }: Setting, prng: Prng): void {
  const eb = bufferAt(fs, geometry, 0);
  const held = HELD[start.name] ?? [0];
  const drawn = held[prng.nextBelow(held.length)] ?? 0;
  words[fs + FS_OWN] = drawn;
  if (words[eb + EB_REFS_LOCK] !== 0) return;
  words[eb + EB_REFS_LOCK] = prng.nextBelow(8) === 0 ? POISON : drawn;
  words[eb + EB_IO_PAGES] = prng.nextBelow(8) === 0 ? POISON : 2 * prng.nextBelow(3);
  words[eb + EB_BFLAGS] = prng.nextBelow(8) === 0 ? POISON : prng.nextBelow(4);
}

const cases = scenario.starts
  .filter(({ name }) => !['retried', 'upgrade'].includes(name))
  .flatMap(({ name }) => {
    const setting = resolveSetting({ scenario, start: name, pages: 1 });
    return setting.actors.flatMap(({ label, ordinal }, actor) =>
      ordinal === 0 ? [[name, label, { setting, actor }] as const] : [],
    );
  });

it.each(cases)('do what the model does: %s, %s', (_start, _label, { setting, actor }) => {
  const model = new OneActor({ setting, actor, strategy: none, isCompiled: false });
  const code = new OneActor({ setting, actor, strategy: none, isCompiled: true });

  expect(alike(model, code, { setting, by: disturb, trials: TRIALS })).toBe(TRIALS);
  expect(code.compiled?.takesOver()).toBe(true);
  expect(code.compiled?.learnt()).toBeDefined();
});
