import { describe, expect, it } from 'vitest';
import { suggestion } from '../../../src/fix/plug-in/suggest.ts';

const known = ['none', 'early-check', 'locked-io-pages', 'upstream'];

describe('suggestion', () => {
  it.each([
    ['upsteam', 'upstream'],
    ['UPSTREAM', 'upstream'],
    ['nnoe', 'none'],
    ['earlycheck', 'early-check'],
    ['locked-iopages', 'locked-io-pages'],
    ['noone', 'none'],
  ])('finds what %s was to be', (typed, meant) => {
    expect(suggestion(typed, known)).toBe(meant);
  });

  it.each(['', 'x', 'zzzzzzzz', 'banana'])('does not guess at %j', (typed) => {
    expect(suggestion(typed, known)).toBeUndefined();
  });
});
