import { describe, expect, it } from 'vitest';
import { ActorLog } from '../../../src/explore/program/actor-log.ts';
import { Kind, type Step } from '../../../src/explore/program/step.ts';

const STEP: Step = { kind: Kind.AtomicRead, address: 40, operand: 0, replacement: 0 };
const METHOD = { name: 'findExtentBuffer', isMemoryless: false };

describe('ActorLog', () => {
  it('is one object for equal logs, whatever order they are made in', () => {
    const empty = new ActorLog();

    const first = empty.withCall(METHOD, '').withStep(STEP, 2, '').withStep(STEP, 1, '');
    const second = empty.withCall(METHOD, '').withStep(STEP, 2, '');

    expect(second.withStep(STEP, 1, '')).toBe(first);
    expect(second.withStep(STEP, 0, '')).not.toBe(first);
    expect(new ActorLog().withCall(METHOD, '')).not.toBe(empty.withCall(METHOD, ''));
  });

  it.each([
    [1, true],
    [0, false],
    [0, null],
    [0, undefined],
    ['1', 1],
    [undefined, null],
  ])('tells calls apart that returned %o and %o', (one, other) => {
    const empty = new ActorLog();

    expect(empty.withReturn(METHOD, one, '')).not.toBe(empty.withReturn(METHOD, other, ''));
    expect(empty.withReturn(METHOD, one, '')).toBe(empty.withReturn(METHOD, one, ''));
  });

  it('tells a step, a call that goes on and one that has returned apart', () => {
    const empty = new ActorLog();
    const logs = [empty.withStep(STEP, 0, ''), empty.withCall(METHOD, ''), empty.withReturn(METHOD, 0, '')];

    expect(new Set(logs).size).toBe(3);
  });

  it('knows its beginnings, the shortest first', () => {
    const empty = new ActorLog();
    const one = empty.withStep(STEP, 5, '3:4');
    const two = one.withReturn(METHOD, true, '5:6');

    expect(empty.prefixes()).toEqual([]);
    expect(two.prefixes()).toEqual([one, two]);
    expect(two.length).toBe(2);
    expect(two.empty).toBe(empty);
    expect(two.prefixes().map(({ last }) => last)).toEqual([
      { kind: 'step', step: STEP, value: 5, site: '3:4' },
      { kind: 'return', method: METHOD, value: true, site: '5:6' },
    ]);
  });
});
