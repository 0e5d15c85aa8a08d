import { describe, expect, it } from 'vitest';
import { layOut, worldAt } from '../../../src/memory/arena.ts';
import { ACTOR_STRIDE, ACTOR_WAITING, actorLine } from '../../../src/memory/control.ts';
import {
  bufferAt,
  EB_OWN,
  EB_REFS_LOCK,
  FS_BUFFER_LOCK,
  FS_PRIVATE_LOCK,
} from '../../../src/subject/extent-buffer/v5.7/layout.ts';
import {
  FS_IO,
  FS_OWN,
  type FsInfo,
  PAGE_FLAGS,
  PAGE_OWN,
  PAGE_OWNER,
  pageAt,
} from '../../../src/memory/layout.ts';
import { readaheadVsReleasepage } from '../../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { resolveSetting } from '../../../src/scenario/setting.ts';
import { Watchdog } from '../../../src/stress/session/watchdog.ts';

const setting = resolveSetting({ scenario: readaheadVsReleasepage, start: 'primed', pages: 4 });
const { geometry } = setting;
const arena = layOut({ actors: setting.actors.length, worlds: 4, geometry, counters: 1 });
const fs = worldAt(arena, 2);
/** The tag of the second actor, reclaim. */
const RECLAIM = 2;

/** What is said of the finder that waits for a word of world 2, where `held` is held by reclaim. */
function said(waitsFor: number, held?: number): string {
  const words = new Int32Array(arena.bytes / Int32Array.BYTES_PER_ELEMENT);
  words[actorLine(arena.actorBase, 0) + ACTOR_WAITING] = waitsFor;
  if (held !== undefined) words[held] = RECLAIM;
  return new Watchdog(words, arena, setting).describe().split('\n')[0]?.trim() ?? '';
}

const page: (world: FsInfo) => number = (world) => pageAt(world, 3);
const eb: (world: FsInfo) => number = (world) => bufferAt(world, geometry, 0);

describe('Watchdog.describe', () => {
  it.each([
    ['buffer_lock of world 2', fs + FS_BUFFER_LOCK, fs + FS_BUFFER_LOCK],
    ['private_lock of world 2', fs + FS_PRIVATE_LOCK, fs + FS_PRIVATE_LOCK],
    ['the lock of page 3 of world 2', page(fs) + PAGE_FLAGS, page(fs) + PAGE_OWNER],
    ['refs_lock of extent_buffer 0 of world 2', eb(fs) + EB_REFS_LOCK, eb(fs) + EB_REFS_LOCK],
  ])('names %s and who holds it', (name, waitsFor, held) => {
    expect(said(waitsFor, held)).toBe(
      `finder: in find_extent_buffer, waiting for ${name}, which reclaim holds`,
    );
    expect(said(waitsFor)).toBe(`finder: in find_extent_buffer, waiting for ${name}, which is free now`);
  });

  it.each([
    ['a read or its end of world 2', fs + FS_IO],
    ['a free extent_buffer of world 2', fs],
    ['fs.own1 of world 2', fs + FS_OWN + 1],
    ['own0 of page 3 of world 2', page(fs) + PAGE_OWN],
    ['own1 of extent_buffer 0 of world 2', eb(fs) + EB_OWN + 1],
  ])('says of what nobody holds that it is %s', (name, waitsFor) => {
    expect(said(waitsFor)).toBe(`finder: in find_extent_buffer, waiting for ${name}`);
  });

  it.each([
    [0, 'which is free now'],
    [-RECLAIM, 'which reclaim holds'],
    [1, 'which one actor reads under'],
    [2, 'which 2 actors read under'],
  ])('says of a read-write lock that holds %i that it is one %s', (held, text) => {
    const structures = geometry.structures.map((structure) =>
      structure.count === 'one'
        ? Object.assign({}, structure, {
            fields: [{ kind: 'rwsem', name: 'commit_root_sem', word: FS_OWN }] as const,
          })
        : structure,
    );
    const words = new Int32Array(arena.bytes / Int32Array.BYTES_PER_ELEMENT);
    words[actorLine(arena.actorBase, 0) + ACTOR_WAITING] = fs + FS_OWN;
    words[fs + FS_OWN] = held;

    const other = { ...setting, geometry: { ...geometry, structures } };
    expect(new Watchdog(words, arena, other).describe()).toContain(
      `waiting for commit_root_sem of world 2, ${text}\n`,
    );
  });

  it('tells the rendezvous from what is in a world', () => {
    expect(said(actorLine(arena.actorBase, 1) + ACTOR_STRIDE)).toBe(
      'finder: at the rendezvous, waiting for reclaim',
    );
  });
});
