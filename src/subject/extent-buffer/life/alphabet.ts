/**
 * The alphabet of June 2020: everything that happens to a buffer, as the kernel's functions call it. The bugs of history are
 * strategies on the same model, so that `hunt` meets them with nothing but these operations and rules.
 */
import type { Alphabet, AlphabetOperation, Closing, Origin } from '../../../scenario/alphabet.ts';
import { FLIGHT } from '../../../scenario/hunted/start.ts';
import type { FsInfo, Geometry } from '../../../memory/layout.ts';
import { NULL, PAGE_FLAGS, pageAt, SLAB_ALLOCATED } from '../../../memory/layout.ts';
import { PAGE_OWNER } from '../../../memory/layout.ts';
import { PG_ERROR, PG_REFERENCED } from '../../../memory/page-flags.ts';
import { resetWorld } from '../../../memory/structures.ts';
import { bufferAt, EB_BFLAGS, EB_READ_MIRROR, EB_REFS, EB_SLAB, FS_TREE_SLOT } from '../v5.7/layout.ts';
import { EXTENT_BUFFER_STALE } from '../v5.7/bflags.ts';
import { lifeAtRest } from './at-rest.ts';
import { alphabetOperations } from './alphabet-operations.ts';
import { lifeRules } from './alphabet-rules.ts';
import { Check } from './check.ts';
import type { ExtentBufferLife } from './extent-buffer-life.ts';
import { FS_FREE_SPACE } from './layout.ts';
import { lifeScenarios } from './scenarios/registry.ts';
import { lifeOf, lifeReplayColumns } from './subject.ts';

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
];

/** All strategies that any scenario of this generation knows. */
const strategies = [
  ...new Map(
    lifeScenarios.flatMap(({ subject }) => subject.strategies).map((each) => [each.name, each] as const),
  ).values(),
];

/** Operations behind which a STALE buffer may stay: reclaim finds it. What is under IO when its last user goes is not released. */
const LEAVE_STALE: readonly string[] = [
  'change',
  'init',
  'write',
  'write-sync',
  'write-flush',
  'read',
  'reread',
  'read-block',
  'readahead',
  FLIGHT,
];

function atRest(
  words: Int32Array,
  geometry: Geometry,
  {
    fs,
    held,
    operations,
  }: { readonly fs: FsInfo; readonly held: number; readonly operations: ReadonlySet<string> },
): number {
  const eb = words[fs + FS_TREE_SLOT] ?? NULL;
  // References that somebody holds on purpose are not judged.
  if (held > 0 && eb !== NULL) words[eb + EB_REFS] = (words[eb + EB_REFS] ?? 0) - held;
  const broken = lifeAtRest(words, geometry, fs);
  if (held > 0 && eb !== NULL) words[eb + EB_REFS] = (words[eb + EB_REFS] ?? 0) + held;
  if (broken !== 0 || held > 0 || eb === NULL || LEAVE_STALE.some((name) => operations.has(name)))
    return broken;
  return ((words[eb + EB_BFLAGS] ?? 0) & (1 << EXTENT_BUFFER_STALE)) === 0 ? 0 : Check.Q7;
}

/** read_mirror is for reports of errors, REFERENCED for the order of reclaim, and PG_ERROR is set and cleared and never asked for. */
function settle(words: Int32Array, geometry: Geometry, fs: FsInfo): void {
  for (let index = 0; index < geometry.pages; index++) {
    const page = pageAt(fs, index);
    words[page + PAGE_FLAGS] = ((words[page + PAGE_FLAGS] ?? 0) | (1 << PG_REFERENCED)) & ~(1 << PG_ERROR);
    words[page + PAGE_OWNER] = 0;
  }
  for (let index = 0; index < geometry.buffers; index++) {
    const eb = bufferAt(fs, geometry, index);
    if (words[eb + EB_SLAB] === SLAB_ALLOCATED) words[eb + EB_READ_MIRROR] = 0;
  }
}

/** As `AlphabetOf`. */
export function lifeAlphabet(without: ReadonlySet<string> = new Set()): Alphabet<ExtentBufferLife> {
  const {
    operations,
    closings,
  }: {
    readonly operations: readonly AlphabetOperation<ExtentBufferLife>[];
    readonly closings: readonly Closing<ExtentBufferLife>[];
  } = alphabetOperations(without);
  return {
    kernel: '5.7',
    summary: 'the whole life of an extent_buffer, June 2020',
    subject: { ...lifeOf({ kernels: [], violating: [] }).subject, strategies },
    operations,
    closings,
    rules: lifeRules.filter(({ id }) => !without.has(id)),
    origins,
    held: (model, geometry) => bufferAt(model.fsInfo, geometry, 0),
    heldMax: 2,
    setupsFail: true,
    judgesTrials: true,
    atRest,
    settle,
    isBlockFree: (words, fs) => words[fs + FS_FREE_SPACE] === 1,
    replayColumns: lifeReplayColumns,
  };
}
