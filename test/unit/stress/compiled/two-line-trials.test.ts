/** Compiled trials of a user's subject whose objects have two lines, beside those of its model. */
import { expect, it } from 'vitest';
import { loadScenario } from '../../../../src/catalog/load-scenario.ts';
import { scenarioNamed } from '../../../../src/catalog/registry.ts';
import {
  type FsInfo,
  LINE_WORDS,
  OBJECT_SLAB,
  objectAt,
  POISON,
  SLAB_ALLOCATED,
  SLAB_FREE,
} from '../../../../src/memory/layout.ts';
import { resolveSetting, type Setting } from '../../../../src/scenario/setting.ts';
import type { Prng } from '../../../../src/stats/prng.ts';
import { alike, OneActor } from '../../../helpers/one-actor.ts';

const SOURCE = './test/stress/scenarios/two-lines.mjs';
await loadScenario(SOURCE);
const scenario = scenarioNamed(SOURCE);
const [strategy] = scenario.subject.strategies;
if (strategy === undefined) throw new RangeError('the subject has no strategy');
const TRIALS = 1_500;

/** What another actor may have done to the entry: freed it. */
function disturb(words: Int32Array, fs: FsInfo, { geometry }: Setting, prng: Prng): void {
  const entry = objectAt(fs, geometry, 0);
  if (words[entry + OBJECT_SLAB] !== SLAB_ALLOCATED || prng.nextBelow(4) !== 0) return;
  for (const line of [entry, entry + LINE_WORDS]) {
    words[line + OBJECT_SLAB] = SLAB_FREE;
    words.fill(POISON, line, line + OBJECT_SLAB);
  }
}

const cases = scenario.starts.flatMap(({ name }) => {
  const setting = resolveSetting({ scenario, start: name });
  return setting.actors.flatMap(({ label, ordinal }, actor) =>
    ordinal === 0 ? [[name, label, { setting, actor }] as const] : [],
  );
});

it.each(cases)('do what the model does: %s, %s', (_start, _label, { setting, actor }) => {
  const model = new OneActor({ setting, actor, strategy, isCompiled: false });
  const code = new OneActor({ setting, actor, strategy, isCompiled: true });

  expect(alike(model, code, { setting, by: disturb, trials: TRIALS })).toBe(TRIALS);
  expect(code.compiled?.takesOver()).toBe(true);
  expect(code.compiled?.learnt()).toBeDefined();
});
