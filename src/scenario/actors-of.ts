import type { RoleCount } from './scenario.ts';
import type { Setting } from './setting.ts';

/** The actors of a setting as counts of neighbors, as `--actors` takes them. */
export function actorsOf({ actors }: Setting): RoleCount[] {
  const counts: { role: string; count: number }[] = [];
  for (const { role } of actors) {
    const last = counts.at(-1);
    if (last?.role === role.name) last.count++;
    else counts.push({ role: role.name, count: 1 });
  }
  return counts;
}
