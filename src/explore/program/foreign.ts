import type { Strategy } from '../../fix/strategy.ts';
import type { Setting } from '../../scenario/setting.ts';

/** Whether code of a user's runs: a strategy's or a scenario's, of which nothing is taken for granted. */
export function isForeign(
  { scenario }: Pick<Setting, 'scenario'>,
  { isPlugIn }: Pick<Strategy, 'isPlugIn'>,
): boolean {
  return isPlugIn === true || scenario.isPlugIn === true;
}
