import type { Expectation } from '../../../fix/strategy.ts';
import type { Subject } from '../../../fix/subject.ts';
import type { FsInfo } from '../../../memory/layout.ts';
import { lifeAtRest } from './at-rest.ts';
import { ExtentBufferLife } from './extent-buffer-life.ts';
import { lifeInvariants } from './invariants.ts';
import { BIO_WRITE } from './layout.ts';
import { LifeNote } from './note.ts';
import { lifePlantedBugs } from './planted-bugs.ts';
import { LIFE_POINTS } from './point.ts';
import { fixesOf2020 } from './strategies/fixes-of-2020.ts';
import type { LifeStrategy } from './strategy.ts';

/** The kernels that a race is played with. */
interface Kernels {
  /** The one that had it, the one that mended it, and others of its time. */
  readonly kernels: readonly LifeStrategy[];
  /** Names of those, and of the fixes of 2020, that violate; all others hold. */
  readonly violating: readonly string[];
  /** Names of fixes of 2020 that its start states do not serve. @default none */
  readonly without?: readonly string[];
}

/** The whole life of a buffer as the subject of one race: the kernels that it is played with, and the fixes of 2020. */
export function lifeOf({ kernels, violating, without = [] }: Kernels): {
  readonly subject: Subject;
  readonly promises: Readonly<Record<string, Expectation>>;
} {
  const strategies = [...kernels, ...fixesOf2020.filter(({ name }) => !without.includes(name))];
  return {
    subject: {
      name: 'extent_buffer, its whole life',
      Model: ExtentBufferLife,
      strategies,
      compared:
        kernels.length > 1 ? kernels.map(({ name }) => name) : [...kernels.map(({ name }) => name), 'none'],
      notes: LifeNote,
      points: LIFE_POINTS,
      invariants: lifeInvariants,
      plantedBugs: lifePlantedBugs,
      atRest:
        ({ words, geometry }) =>
        (fs: FsInfo) =>
          lifeAtRest(words, geometry, fs),
      interrupt: {
        name: 'end_bio',
        complete: (model: ExtentBufferLife, bio, status) => {
          if ((bio & BIO_WRITE) === 0) model.endBioExtentReadpage(bio, status);
          else model.endBioExtentBufferWritepage(bio, true);
        },
      },
    },
    promises: Object.fromEntries(
      strategies.map(({ name }) => [name, violating.includes(name) ? 'violates' : 'holds'] as const),
    ),
  };
}
