import type { Command } from '../command.ts';
import { compare } from './compare.ts';
import { completion } from './completion.ts';
import { cpus } from './cpus.ts';
import { diff } from './diff.ts';
import { drift } from './drift.ts';
import { explain } from './explain.ts';
import { explore } from './explore.ts';
import { exportWitness } from './export.ts';
import { history } from './history.ts';
import { hunt } from './hunt.ts';
import { list } from './list.ts';
import { merge } from './merge.ts';
import { mutate } from './mutate.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { stress } from './stress.ts';
import { window } from './window.ts';

/** Every command, in the order of the help. A new one is a file beside this and a line here. */
export const commands: readonly Command[] = [
  compare,
  stress,
  window,
  explore,
  replay,
  exportWitness,
  explain,
  mutate,
  history,
  hunt,
  merge,
  report,
  diff,
  cpus,
  drift,
  list,
  completion,
];
