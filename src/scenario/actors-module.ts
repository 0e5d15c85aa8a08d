/** Actors as a user's module names them. */
import { ACTORS_MAX } from '../memory/layout.ts';
import type { Reader } from './reader.ts';
import type { Role, RoleCount } from './scenario.ts';

/** Two at least, each of a role that there is. */
export function actorsFrom(
  reader: Reader,
  where: string,
  value: unknown,
  roles: readonly Role[],
): readonly RoleCount[] {
  const known = roles.map(({ name }) => name);
  const counts = reader.list(where, value, (at, entry) => {
    const members = reader.members(at, entry, ['role', 'count?']);
    const role = reader.name(`${at}.role`, members['role']);
    if (!known.includes(role)) reader.wrong(`${at}.role`, `one of ${known.join(', ')}`, role);
    return {
      name: role,
      count: reader.integer(`${at}.count`, members['count'], { min: 0, max: ACTORS_MAX, fallback: 1 }),
    };
  });
  const actors = counts.reduce((sum, { count }) => sum + count, 0);
  if (actors < 2 || actors > ACTORS_MAX) reader.wrong(where, `2 to ${ACTORS_MAX} actors`, actors);
  return counts.map(({ name: role, count }) => ({ role, count }));
}
