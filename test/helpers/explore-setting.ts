import { type RoleCount } from '../../src/scenario/scenario.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resolveSetting, type Setting } from '../../src/scenario/setting.ts';

/** The setting of `finder=1,reclaim=1` and the like. */
export function settingFor(start: string, actors: string, pages = 1): Setting {
  const counts: RoleCount[] = actors.split(',').map((part) => {
    const [role = '', count = ''] = part.split('=');
    return { role, count: Number(count) };
  });
  return resolveSetting({ scenario: readaheadVsReleasepage, start, actors: counts, pages });
}
