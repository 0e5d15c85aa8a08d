import { expect, it } from 'vitest';
import { NO_CHANCES } from '../../../src/explore/search/session.ts';
import { chancesOf } from '../../../src/study/chances.ts';

it.each([
  [{}, {}],
  [{ readFail: 1e-12 }, { readsFail: true }],
  [{ trylockFail: 1 }, { trylocksFail: true }],
  [{ setupFail: 0 }, {}],
  [{ setupFail: 0.5 }, { setupsFail: true }],
])('what may happen in a run with %j may happen in its search', (options, expected) => {
  expect(chancesOf({ readFail: 0, trylockFail: 0, ...options })).toEqual({ ...NO_CHANCES, ...expected });
});
