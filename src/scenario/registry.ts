import { readaheadVsReleasepage } from './readahead-vs-releasepage.ts';
import type { Scenario } from './scenario.ts';

/** The scenarios that come with the project, the default first. A new one is a file beside this and a line here. */
export const scenarios: readonly Scenario[] = [readaheadVsReleasepage];
