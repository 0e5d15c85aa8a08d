import { describe, expect, it } from 'vitest';
import { betaTails, type Tails } from '../../../src/stats/beta.ts';
import { gammaTails } from '../../../src/stats/gamma.ts';
import { type Evaluation, increasingRoot } from '../../../src/stats/root.ts';

type Search = Parameters<typeof increasingRoot>[0];

/** The search without its end at 13 digits: it went on until nothing of its bracket was left, or the value was 0. */
function searchedToTheEnd({ low: lowest, high: highest, start, evaluate }: Search): number {
  let low = Math.log(lowest);
  let high = Math.log(highest);
  let at = Math.min(Math.max(Math.log(start), low), high);
  let stepBefore = high - low;
  for (let step = 0; step < 200; step += 1) {
    const { value, slope } = evaluate(Math.exp(at));
    if (value === 0) break;
    if (value > 0) high = at;
    else low = at;
    const newton = at - value / slope;
    const useful = newton > low && newton < high && Math.abs(newton - at) <= 0.5 * stepBefore;
    const next = useful ? newton : low + (high - low) / 2;
    stepBefore = Math.abs(next - at);
    at = next;
    if (stepBefore <= 1e-16 * Math.max(1, Math.abs(at)) || high - low <= 1e-16) break;
  }
  return Math.exp(at);
}

/** ln of Gamma for whole numbers. */
function logGamma(n: number): number {
  return Array.from({ length: n - 1 }, (_, below) => Math.log(below + 1)).reduce((sum, log) => sum + log, 0);
}

const valueOf = (p: number, { lower, upper }: Tails): number => (p < 0.5 ? lower - p : 1 - p - upper);

function gammaSearch(p: number, shape: number): Search {
  const scale = logGamma(shape);
  return {
    low: Number.MIN_VALUE,
    high: 4 * shape + 1500,
    start: shape,
    evaluate: (x) => ({
      value: valueOf(p, gammaTails(x, shape)),
      slope: Math.exp(shape * Math.log(x) - x - scale),
    }),
  };
}

function betaSearch(p: number, a: number, b: number): Search {
  const scale = logGamma(a) + logGamma(b) - logGamma(a + b);
  return {
    low: Number.MIN_VALUE,
    high: 1 - Number.EPSILON / 2,
    start: a / (a + b),
    evaluate: (x) => ({
      value: valueOf(p, betaTails(x, a, b)),
      slope: Math.exp(a * Math.log(x) + (b - 1) * Math.log1p(-x) - scale),
    }),
  };
}

const LEVELS = [1e-6, 0.005, 0.025, 0.05, 0.3, 0.7, 0.95, 0.975, 0.995, 1 - 1e-6];
const SHAPES = [1, 2, 5, 10, 33, 1000];
const searches = [
  ...LEVELS.flatMap((p) => SHAPES.map((shape) => gammaSearch(p, shape))),
  ...LEVELS.flatMap((p) => SHAPES.flatMap((a) => [10, 300, 5000].map((b) => betaSearch(p, a, b)))),
];

function counted(search: Search, find: (search: Search) => number): { root: number; evaluations: number } {
  let evaluations = 0;
  const evaluate = (x: number): Evaluation => {
    evaluations++;
    return search.evaluate(x);
  };
  const root = find({ ...search, evaluate });
  return { root, evaluations };
}

describe('increasingRoot', () => {
  it('gives the 13 digits of a search to the end, with fewer than half of its evaluations', () => {
    const ours = searches.map((search) => counted(search, increasingRoot));
    const theirs = searches.map((search) => counted(search, searchedToTheEnd));
    const sum = (of: typeof ours): number => of.reduce((total, { evaluations }) => total + evaluations, 0);

    const apart = ours.map(({ root }, index) => Math.abs(root / (theirs[index]?.root ?? NaN) - 1));
    expect(Math.max(...apart)).toBeLessThan(1e-13);
    expect(sum(ours)).toBeLessThan(0.5 * sum(theirs));
    // Halving a bracket of doubles alone takes more.
    expect(Math.max(...ours.map(({ evaluations }) => evaluations))).toBeLessThan(40);
  });

  it('takes a root whose function is steps of its own rounding for found, wherever in the noise it is', () => {
    // A value that is good to 12 digits only, of either sign by turns.
    let turn = 1;
    const evaluate = (x: number): Evaluation => {
      turn = -turn;
      return { value: Math.log(x / 3) + turn * 1e-14, slope: 1 };
    };

    const { root, evaluations } = counted({ low: 1e-300, high: 1e300, start: 1, evaluate }, increasingRoot);

    expect(Math.abs(root / 3 - 1)).toBeLessThan(1e-13);
    expect(evaluations).toBeLessThan(5);
  });

  it('ends where a function has no slope to go by', () => {
    const root = increasingRoot({
      low: 1e-300,
      high: 1e300,
      start: 1,
      evaluate: (x) => ({ value: x < 7 ? -1 : 1, slope: 0 }),
    });

    expect(root).toBeCloseTo(7, 12);
  });
});
