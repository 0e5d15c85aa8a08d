/** Runs on two machines, added up: on one of them the control stayed silent. */
import type { MergedRunResult } from '../../src/study/merge/merged-run-result.ts';
import { mergedRuns } from '../../src/study/merge/merged-run.ts';
import { blocksOf, runPart } from './run-parts.ts';

const hits = (each: number): number[][] => Array.from({ length: 6 }, () => [each, each + 1]);

export const mergedSample: MergedRunResult = mergedRuns([
  runPart({
    machine: { host: 'alpha' },
    seed: 1,
    arms: [
      blocksOf(1e5, hits(20)),
      blocksOf(
        1e5,
        hits(0).map(() => [0, 0]),
      ),
    ],
  }),
  runPart({
    machine: { host: 'beta', cpuModel: 'another processor' },
    seed: 2,
    arms: [blocksOf(1e5, [[0, 0]]), blocksOf(1e5, [[0, 0]])],
  }),
]);
