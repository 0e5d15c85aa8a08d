import type { Chances } from '../explore/search/session.ts';
import type { RunOptions } from '../stress/plan/options.ts';

/** What may happen by chance in a run on hardware, for a search of its setting: there it may happen every time. */
export function chancesOf({
  readFail,
  trylockFail,
  setupFail = 0,
}: Pick<RunOptions, 'readFail' | 'trylockFail' | 'setupFail'>): Chances {
  return { readsFail: readFail > 0, trylocksFail: trylockFail > 0, setupsFail: setupFail > 0 };
}
