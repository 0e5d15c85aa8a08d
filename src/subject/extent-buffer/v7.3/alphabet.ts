/**
 * The alphabet of today's kernels, one for each: everything that happens to a buffer in the normal layout, as the kernel's functions call
 * it. The bugs of history are strategies on the same model, so that `hunt` meets them with nothing but these operations and rules.
 */
import { FS_BIO, NULL, PAGE_FLAGS, PAGE_OWNER, pageAt, SLAB_ALLOCATED } from '../../../memory/layout.ts';
import { ACTORS_MAX, type FsInfo, type Geometry } from '../../../memory/layout.ts';
import { PG_REFERENCED } from '../../../memory/page-flags.ts';
import { resetWorld } from '../../../memory/structures.ts';
import type { Alphabet, AlphabetOf, Origin } from '../../../scenario/alphabet.ts';
import { alphabetOperations, subpageOperations } from './alphabet-operations.ts';
import { todayRules } from './alphabet-rules.ts';
import { atRestOf } from './at-rest.ts';
import { EXTENT_BUFFER_DIRTY, EXTENT_BUFFER_UPTODATE } from './bflags.ts';
import { Check } from './check.ts';
import { type ExtentBuffer as Model, extentBufferOf } from './extent-buffer.ts';
import { type KernelName, kernels } from './kernel.ts';
import {
  BIO_BUFFER_SHIFT,
  bufferAt,
  EB_BFLAGS,
  EB_READ_MIRROR,
  EB_REFS,
  EB_SLAB,
  FOLIO_MAPPING,
  FS_DISK,
  FS_FREE_SPACE,
  FS_TREE_SLOT,
  MAPPING_CACHED,
} from './layout.ts';
import { todayScenarios } from './scenarios/registry.ts';
import { coldForeign, withBuffer } from './scenarios/starts.ts';
import { inSubpage } from './scenarios/subpage-starts.ts';
import { todayOf } from './subject.ts';
import { subpageOf } from './subpage.ts';
import type { TodayStrategy } from './strategy.ts';

const origins: readonly Origin[] = [
  { name: 'cold', summary: 'the block is in use, and nothing of it is in memory', reset: resetWorld },
  {
    name: 'free',
    summary: 'nobody uses the block, and nothing of it is in memory',
    reset: (words, geometry, fs) => {
      resetWorld(words, geometry, fs);
      words[fs + FS_FREE_SPACE] = 1;
    },
  },
  {
    name: 'foreign',
    summary: 'as cold; the first copy on the disk is sound, and not the block that its parent speaks of',
    reset: coldForeign,
  },
];

/** What can be hunted in: the layout of a kernel whose folios have one block, or several. */
interface Hunted {
  readonly kernel: KernelName;
  readonly isSubpage: boolean;
}

/** All strategies that any scenario of this kernel knows, but those of the other layout. */
function strategiesOn({ kernel, isSubpage }: Hunted): readonly TodayStrategy[] {
  const Own = isSubpage ? subpageOf(kernel) : extentBufferOf(kernel);
  const all = todayScenarios.flatMap(({ kernels: played }) =>
    played?.names.includes(kernel) === true ? played.of(kernel).subject.strategies : [],
  );
  const own = all.filter(({ Base, name }) => Base === Own && name !== 'none');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- strategies of that class
  return [...new Map(own.map((each) => [each.name, each])).values()] as unknown as readonly TodayStrategy[];
}

/** Brings to one value what no step depends on: read_mirror is for messages, and REFERENCED for the order of reclaim. */
function settle(words: Int32Array, geometry: Geometry, fs: FsInfo): void {
  for (let index = 0; index < geometry.pages; index++) {
    const folio = pageAt(fs, index);
    words[folio + PAGE_OWNER] = 0;
    // A free folio has no flags.
    if (words[folio + FOLIO_MAPPING] === MAPPING_CACHED)
      words[folio + PAGE_FLAGS] = (words[folio + PAGE_FLAGS] ?? 0) | (1 << PG_REFERENCED);
  }
  for (let index = 0; index < geometry.buffers; index++) {
    const eb = bufferAt(fs, geometry, index);
    if (words[eb + EB_SLAB] === SLAB_ALLOCATED) words[eb + EB_READ_MIRROR] = 0;
  }
  // What a free block holds on the disk is nobody's.
  if (words[fs + FS_FREE_SPACE] === 1) words[fs + FS_DISK] = 0;
  // The one buffer is the first.
  for (let actor = 0; actor < ACTORS_MAX; actor++)
    words[fs + FS_BIO + actor] = (words[fs + FS_BIO + actor] ?? 0) & ((1 << BIO_BUFFER_SHIFT) - 1);
}

/** What `--kernel` calls the subpage layout of a kernel. */
export const subpageName = (kernel: string): string => `${kernel}-subpage`;

/** In the subpage layout: what nothing leads to there is dirty already. */
const subpageOrigins = (kernel: KernelName): readonly Origin[] => [
  ...origins.filter(({ name }) => name !== 'free'),
  {
    name: 'dirty',
    summary: 'the buffer was changed, and has not been written',
    reset: inSubpage(withBuffer(kernels[kernel], { state: 'dirty' })),
  },
];

/** Makes the alphabet of a kernel: as `AlphabetOf`. */
export function todayAlphabet(
  kernel: KernelName,
  { isSubpage = false }: { readonly isSubpage?: boolean } = {},
): AlphabetOf<Model> {
  return (without = new Set()): Alphabet<Model> => {
    const parts = isSubpage ? subpageOperations(without) : alphabetOperations(without);
    const { subject, replayColumns = [] } = todayOf(kernel, {
      strategies: strategiesOn({ kernel, isSubpage }),
      violating: [],
      isSubpage,
    });
    return {
      kernel: isSubpage ? subpageName(kernel) : kernel,
      summary: `an extent_buffer of Linux ${kernel}${isSubpage ? ', several in a folio' : ''}`,
      subject,
      ...parts,
      rules: todayRules.filter(
        ({ id, operations }) =>
          !without.has(id) && operations.some((name) => parts.operations.some((each) => each.name === name)),
      ),
      origins: isSubpage ? subpageOrigins(kernel) : origins,
      held: (model, geometry) => bufferAt(model.fsInfo, geometry, 0),
      heldMax: 2,
      setupsFail: false,
      judgesTrials: false,
      atRest: (words, geometry, { fs, held }) => {
        const judge = atRestOf(
          { words, geometry, isIoDone: true, bioReferences: 1 },
          kernels[kernel],
          isSubpage,
        );
        const eb = words[fs + FS_TREE_SLOT] ?? NULL;
        if (eb === NULL) return judge(fs);
        const bflags = words[eb + EB_BFLAGS] ?? 0;
        // Whoever writes that would fail, alone: nothing is to start from there.
        const isDirty = (bflags & (1 << EXTENT_BUFFER_DIRTY)) !== 0;
        if (isDirty && (bflags & (1 << EXTENT_BUFFER_UPTODATE)) === 0) return Check.P5;
        if (held === 0) return judge(fs);
        // References that somebody holds on purpose are not judged.
        const refs = words[eb + EB_REFS] ?? 0;
        words[eb + EB_REFS] = refs - held;
        const broken = judge(fs);
        words[eb + EB_REFS] = refs;
        return broken;
      },
      settle,
      isBlockFree: (words, fs) => words[fs + FS_FREE_SPACE] === 1,
      replayColumns,
    };
  };
}
