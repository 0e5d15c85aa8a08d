import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { parseActorsText } from '../../src/scenario/role-count.ts';
import { resolveSetting, type Setting } from '../../src/scenario/setting.ts';

/** The setting of `finder=1,reclaim=1` and the like. */
export function settingFor(start: string, actors: string, pages = 1): Setting {
  return resolveSetting({ scenario: readaheadVsReleasepage, start, actors: parseActorsText(actors), pages });
}
