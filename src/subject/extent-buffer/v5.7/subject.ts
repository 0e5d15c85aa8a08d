import { announceFind } from './announce-find.ts';
import { strategies } from './strategies/registry.ts';
import type { Subject } from '../../../fix/subject.ts';
import { plantedBugs } from './planted-bugs.ts';
import { quiescenceOf } from './quiescence.ts';
import { extentBufferInvariants } from './invariants.ts';
import { soundWorldsModule } from './sound-worlds.ts';
import { ExtentBufferModel } from './extent-buffer-model.ts';
import { Note } from './note.ts';
import { POINTS } from './point.ts';

/** The extent_buffer of btrfs in the kernel before the fix of June 2020 (v5.7). */
export const extentBuffer: Subject = {
  name: 'extent_buffer, v5.7',
  Model: ExtentBufferModel,
  strategies,
  weakControls: [announceFind],
  // The fix of the kernel between its controls.
  compared: ['none', 'early-check', 'locked-io-pages', 'upstream'],
  notes: Note,
  points: POINTS,
  invariants: extentBufferInvariants,
  plantedBugs,
  atRest: quiescenceOf,
  soundWorlds: soundWorldsModule,
  interrupt: {
    name: 'end_bio_extent_readpage',
    complete: (model: ExtentBufferModel, bio, status) => model.endBioExtentReadpage(bio, status),
  },
};
