import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalCounter } from '../../../src/explore/program/local-counter.ts';
import { LocalProgram } from '../../../src/explore/program/local-program.ts';
import type { LocalEdge } from '../../../src/explore/program/local-state.ts';
import { StepTable } from '../../../src/explore/program/step.ts';
import { FS } from '../../../src/explore/program/fs.ts';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { strategies } from '../../../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { ExtentBufferModel } from '../../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { settingFor } from '../../helpers/explore-setting.ts';
import { allOr } from '../../helpers/full.ts';

function programOf(strategy: Strategy, actor: number, cutsLogs: boolean): LocalProgram {
  const setting = settingFor('primed', 'finder=2,reclaim=1');
  const peers = actor === 2 ? [] : [1 - actor];
  const steps = new StepTable();
  const parts = {
    setting,
    strategy,
    actor,
    peers,
    fs: FS,
    steps,
    cutsLogs,
    readsFail: false,
    setupsFail: false,
  };
  return new LocalProgram(parts, new LocalCounter());
}

/** All that a way comes to, as text: only numbers of states are left out, which depend on what was tried before. */
function described({ state, effects }: LocalEdge): string {
  const { operation, carried, step, rcuDepth, held, site, stack } = state;
  const log = state.log.prefixes().map(({ last }) => last);
  return JSON.stringify({ operation, carried, log, step, rcuDepth, held, site, stack, effects });
}

/** The way along some results, a run for each; shorter where the model does not stand a result. */
function stepwise(program: LocalProgram, results: readonly number[]): string[] {
  let edge = program.begin();
  const way = [described(edge)];
  try {
    for (const result of results) {
      if (edge.state.step === 0) break;
      edge = program.next(edge.state, result);
      way.push(described(edge));
    }
  } catch {
    way.push('thrown');
  }
  return way;
}

/** The same in as few runs as there can be. */
function guided(program: LocalProgram, results: readonly number[]): { way: string[]; runs: number } {
  let edge = program.begin();
  const way = [described(edge)];
  let runs = 0;
  let index = 0;
  try {
    while (index < results.length && edge.state.step !== 0) {
      runs++;
      let last: LocalEdge | undefined;
      const next = program.next(edge.state, results[index] ?? 0, (met) => {
        way.push(described(met));
        last = met;
        index++;
        return results[index];
      });
      if (last === undefined) {
        way.push(described(next));
        index++;
      }
      edge = last ?? next;
    }
  } catch {
    way.push('thrown');
  }
  return { way, runs };
}

describe('LocalProgram', () => {
  it.each([
    ['none', none, 0],
    ['none', none, 2],
    ['upstream', upstream, 0],
    ['upstream', upstream, 2],
  ])('goes along a way of %s at once as it goes step by step: %#', (_name, strategy, actor) => {
    for (const cutsLogs of [true, false]) {
      let longest = 0;
      fc.assert(
        fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 40 }), (results) => {
          const { way, runs } = guided(programOf(strategy, actor, cutsLogs), results);
          longest = Math.max(longest, way.length - runs);

          expect(way).toEqual(stepwise(programOf(strategy, actor, cutsLogs), results));
        }),
        { numRuns: 100, seed: 11 },
      );
      expect(longest).toBeGreaterThan(5);
    }
  });
});

/** Loops of a plug-in whose rounds begin with a step, with a call, or with a step of a part of a function, which is no call. */
const LOOPS = {
  'a step, then a call':
    'for (;;) { const refs = this.mem.atomicRead(eb); const isSet = this._isSet(eb); if (refs > 2) return isSet; this.mem.cpuRelax(); }',
  'a call, then a step':
    'for (;;) { const isSet = this._isSet(eb); if (this.mem.atomicRead(eb) > 2) return isSet; this.mem.cpuRelax(); }',
  'a step of a part, which is no call, then a step':
    'for (;;) { const isSet = this.isSetPart(eb); if (this.mem.atomicRead(eb) > 2) return isSet; this.mem.cpuRelax(); }',
  'a step before, then a call and a step of each round':
    'const before = this.mem.testBit(1, eb); for (;;) { const isSet = this._isSet(eb); if (this.mem.atomicRead(eb) > 2) return isSet === before; this.mem.cpuRelax(); }',
  'rounds within rounds':
    'for (;;) { const refs = this.mem.atomicRead(eb); while (this.mem.testBit(1, eb)) { if (this._isSet(eb)) return refs > 1; } if (refs > 2) return false; }',
} as const;

/** A model with a method that is a part of its callers. */
class WithPart extends ExtentBufferModel {
  static override readonly functionParts: ReadonlyMap<string, string> = new Map([
    ...ExtentBufferModel.functionParts,
    ['isSetPart', 'findExtentBuffer'],
  ]);

  isSetPart(eb: number): boolean {
    return this.mem.testBit(2, eb);
  }
}

/** A strategy that goes on in one way or another by what the loop returns. */
function looping(body: string): Strategy {
  // oxlint-disable-next-line typescript/no-implied-eval -- a plug-in's text
  const extend = new Function(
    'Base',
    `return class extends Base {
       findExtentBuffer() {
         const found = super.findExtentBuffer();
         if (found !== 0 && this._loop(found)) this.mem.setBit(9, found);
         return found;
       }
       _isSet(eb) { return this.mem.testBit(2, eb); }
       _loop(eb) { ${body} }
     }`,
  ) as Strategy['extend'];
  return { ...none, name: './looping.mjs', Base: WithPart, extend };
}

describe('rounds that are cut from the log', () => {
  it.each(Object.entries(LOOPS))('are told apart by nothing that is done later: %s', (_rounds, body) => {
    const strategy = looping(body);
    let shorter = 0;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 20, maxLength: 80 }), (results) => {
        const cut = programOf(strategy, 0, true);
        const whole = programOf(strategy, 0, false);
        let [left, right] = [cut.begin(), whole.begin()];
        for (const result of results) {
          expect([left.state.attempt, left.effects]).toEqual([right.state.attempt, right.effects]);
          if (left.state.step === 0) return;
          left = cut.next(left.state, result);
          right = whole.next(right.state, result);
          if (left.state.log.length < right.state.log.length) shorter++;
        }
      }),
      { numRuns: allOr(300, 100), seed: 12 },
    );
    expect(shorter).toBeGreaterThan(0);
  });

  it.each(['a step, then a call', 'a call, then a step'] as const)(
    'keep the log of a loop short: %s',
    (rounds) => {
      const program = programOf(looping(LOOPS[rounds]), 0, true);
      let { state } = program.begin();
      let longest = 0;
      for (let step = 0; step < 400; step++) {
        state = program.next(state, 1).state;
        longest = Math.max(longest, state.log.length);
      }

      expect(longest).toBeLessThan(20);
    },
  );
});

/** Own functions of all classes that a model is made from. */
function methodSources(model: object): string[] {
  const sources: string[] = [];
  for (
    let prototype: object | null = model;
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    if (prototype === Object.prototype) break;
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(prototype)))
      if (typeof value === 'function') sources.push(Function.prototype.toString.call(value));
  }
  return sources;
}

describe('strategies whose calls are not watched for exceptions', () => {
  it.each(strategies)('$name catches nothing', ({ extend }) => {
    const sources = methodSources(extend(ExtentBufferModel).prototype);

    expect(sources.length).toBeGreaterThan(10);
    for (const source of sources) expect(source).not.toMatch(/\b(?:catch|finally)\b/);
  });
});
