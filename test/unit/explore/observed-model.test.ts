import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/explore/explore.ts';
import { observedModel } from '../../../src/explore/program/observed-model.ts';
import type {
  ExtentBufferClass as ModelClass,
  ExtentBufferStrategy as Strategy,
} from '../../../src/subject/extent-buffer/v5.7/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../../helpers/explore-setting.ts';

/** A method of a plug-in, as it is written there. */
function withMethod(body: string): Strategy {
  // oxlint-disable-next-line typescript/no-implied-eval -- a plug-in's text
  const extend = new Function(
    'Base',
    `return class extends Base {
       setIoPages(eb, n) { super.setIoPages(eb, n); this._loop(eb); }
       _loop(eb) { ${body} }
     }`,
  ) as (Base: ModelClass) => ModelClass;
  return { ...upstream, extend: (Base) => extend(upstream.extend(Base)) };
}

function isMemoryless(body: string): boolean | undefined {
  let seen: boolean | undefined;
  const Model = observedModel(withMethod(body), (method) => {
    if (method.name === '_loop') seen = method.isMemoryless;
  });
  const loop: unknown = Reflect.get(Model.prototype, '_loop');
  if (typeof loop === 'function') Reflect.apply(loop, {}, []);
  return seen;
}

/** Rounds that end when something that they keep in an object says so. */
const REMEMBERING = {
  'in an array': 'const seen = []; while (seen.push(0) <= 3) { this.mem.atomicRead(eb); }',
  'in a set':
    'const seen = new Set(); while (seen.size < 3) { seen.add(this.mem.atomicRead(eb) + seen.size); }',
  'through an optional call':
    'const seen = []; for (;;) { if (seen.length > 3) return; seen?.push(this.mem.atomicRead(eb)); }',
  'by a computed name':
    'const push = 0; const seen = []; for (;;) { if (seen.length > 3) return; seen[`push`](this.mem.atomicRead(eb)); }',
  'by a function': 'const seen = []; for (;;) { if (count(seen) > 3) return; this.mem.atomicRead(eb); }',
  'by taking something away':
    'const left = [1, 2]; while (left.length > 0) { this.mem.atomicRead(eb); left.pop(); }',
};

describe('a round of a loop', () => {
  it.each(Object.entries(REMEMBERING))('remembers those before it %s', (_how, body) => {
    expect(isMemoryless(body)).toBe(false);
  });

  it.each([
    'for (;;) { const refs = this.mem.atomicRead(eb); if (refs === 3 && (refs > 2)) return; }',
    'const mem = this.mem; while (mem.testBit(3, eb)) { mem.cpuRelax(); }',
    'for (;;) { if (Math.abs(this.mem.atomicRead(eb)) > 2) this.note(1); this.mem.cpuRelax(); }',
  ])('remembers nothing: %s', (body) => {
    expect(isMemoryless(body)).toBe(true);
  });

  it.each([REMEMBERING['in an array'], REMEMBERING['in a set'], REMEMBERING['by taking something away']])(
    'is not taken for the one before it: %s',
    (body) => {
      const { verdict, complete } = explore({
        setting: settingFor('primed', 'finder=1,reclaim=1'),
        strategy: withMethod(body),
      });

      expect({ verdict, complete }).toEqual({ verdict: 'holds', complete: true });
    },
  );
});
