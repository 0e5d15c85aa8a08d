import type { RunOptions } from '../../src/stress/plan/options.ts';

/** A run on blocks of one page, natural: nothing is delayed, nothing fails. */
const NATURAL = {
  scenario: 'readahead-vs-releasepage',
  pages: 1,
  worlds: 256,
  stride: 64,
  seed: 1,
  fold: 1000,
  trylockFail: 0,
  readFail: 0,
  delays: {},
} satisfies Partial<RunOptions>;

/** The options of a run: what is given, and else those of `NATURAL`. */
export function runOptions<Given extends Partial<RunOptions> & Pick<RunOptions, 'budget'>>(
  given: Given,
): Omit<RunOptions, 'strategies'> & Given {
  return { ...NATURAL, ...given };
}
