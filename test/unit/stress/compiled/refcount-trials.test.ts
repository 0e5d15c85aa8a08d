/** Compiled trials of actors that count references and clear a bit for who waits for it, beside those of their model. */
import { expect, it } from 'vitest';
import { loadStrategy } from '../../../../src/fix/plug-in/load.ts';
import { type FsInfo, POISON } from '../../../../src/memory/layout.ts';
import { loadScenario } from '../../../../src/catalog/load-scenario.ts';
import { scenarioNamed } from '../../../../src/catalog/registry.ts';
import { resolveSetting, type Setting } from '../../../../src/scenario/setting.ts';
import type { Prng } from '../../../../src/stats/prng.ts';
import { alike, OneActor } from '../../../helpers/one-actor.ts';
import { WordNames } from '../../../helpers/word-names.ts';

const SOURCE = './test/stress/scenarios/refcount.mjs';
await loadScenario(SOURCE);
const scenario = scenarioNamed(SOURCE);
const TRIALS = 2_500;
const WRITEBACK = 2;

/** Whoever is alone must not wait for the end of writeback. */
const disturbing =
  (waits: boolean) =>
  (words: Int32Array, fs: FsInfo, { geometry }: Setting, prng: Prng): void => {
    const names = new WordNames(geometry, fs);
    const flags = prng.nextBelow(4) & (waits ? ~WRITEBACK : -1);
    words[names.address('folio0.refs')] = prng.nextBelow(8) === 0 ? POISON : prng.nextBelow(4) - 1;
    words[names.address('folio0.flags')] = prng.nextBelow(8) === 0 ? POISON : flags;
  };

const cases = scenario.starts.flatMap(({ name }) => {
  const setting = resolveSetting({ scenario, start: name, pages: 1 });
  return setting.actors.flatMap(({ label }, actor) =>
    ['none', 'try-get'].map((strategy) => [name, label, strategy, { setting, actor }] as const),
  );
});

it.each(cases)('do what the model does: %s, %s, %s', async (_start, label, name, { setting, actor }) => {
  const strategy = await loadStrategy(name, scenario.subject);
  const model = new OneActor({ setting, actor, strategy, isCompiled: false });
  const code = new OneActor({ setting, actor, strategy, isCompiled: true });
  const by = disturbing(label.startsWith('remover'));

  expect(alike(model, code, { setting, by, trials: TRIALS })).toBe(TRIALS);
  expect(code.compiled?.takesOver()).toBe(true);
  expect(code.compiled?.learnt()).toBeDefined();
});
