import { ACTORS_MAX } from '../../memory/layout.ts';
import type { RoleCount } from '../../scenario/scenario.ts';
import { labelsOf } from '../../scenario/setting.ts';

/** Labels of the actors of a result: whoever renders it need not have its scenario. */
export function actorLabels(actors: readonly RoleCount[]): string[] {
  const total = actors.reduce((sum, { count }) => sum + count, 0);
  if (!(total <= ACTORS_MAX)) throw new RangeError(`${total} actors`);
  return labelsOf(actors.flatMap(({ role, count }) => Array.from({ length: count }, () => role)));
}
