import { describe, expect, it } from 'vitest';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import { Check } from '../../../src/subject/extent-buffer/v5.7/check.ts';
import { CHECK_COUNT } from '../../../src/model/check.ts';
import { Note, NOTE_COUNT } from '../../../src/subject/extent-buffer/v5.7/note.ts';
import { POINTS } from '../../../src/subject/extent-buffer/v5.7/point.ts';
import { Script } from '../../helpers/scripted-actor.ts';

describe('POINTS', () => {
  it('are all reached by a readahead from cold, its completion and a releasepage', () => {
    const script = new Script({ strategy: none, start: 'cold' });
    script.actor('readahead#0').finish();
    script.actor('reclaim').finish();
    const again = new Script({ strategy: none });
    again.actor('finder').finish();

    const reached = [...script.actors, ...again.actors]
      .flatMap(({ trace }) => trace)
      .filter((step) => step.startsWith('@'));

    const expected = POINTS.map(({ name }) => name);
    expect(new Set(reached)).toEqual(new Set(expected.map((name) => `@${name}`)));
  });

  it('have names and descriptions of their own', () => {
    expect(new Set(POINTS.map(({ name }) => name)).size).toBe(POINTS.length);
    expect(new Set(POINTS.map(({ where }) => where)).size).toBe(POINTS.length);
  });
});

describe('Note', () => {
  it('has one bit each, as many as NOTE_COUNT says', () => {
    expect(Object.values(Note)).toEqual(Array.from({ length: NOTE_COUNT }, (_, bit) => 1 << bit));
  });
});

describe('Check', () => {
  it('has numbers from 1 up, without a gap, which leave room for those of plug-ins', () => {
    const numbers = Object.values(Check).toSorted((one, other) => one - other);

    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(numbers.length).toBeLessThan(CHECK_COUNT / 2);
  });
});
