import { describe, expect, it } from 'vitest';
import { explore } from '../../src/explore/explore.ts';
import { replayExactly, type Replay, replaySchedule } from '../../src/explore/witness/replay.ts';
import { parseSchedule } from '../../src/explore/schedule/schedule.ts';
import { NO_CHANCES } from '../../src/explore/search/session.ts';
import { none } from '../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { Strategy } from '../../src/fix/strategy.ts';
import { upstream } from '../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import { settingFor } from '../helpers/explore-setting.ts';

/** The story of kernel.md 2.1: CPU1 is actor a, CPU0 actor b, CPU2 actor c. */
const STORY = 'eb1:readahead-vs-releasepage:cold:none:readahead=2,reclaim=1:p1:a31c6a10c6b9c5b20';

function play(text: string, strategy: Strategy): Replay {
  const { start, actors, pages, moves } = parseSchedule(text);
  const setting = settingFor(start, actors.map(({ role, count }) => `${role}=${count}`).join(','), pages);
  return replaySchedule({ setting, strategy, moves, chances: NO_CHANCES });
}

/** The steps at which something is decided, a line each. */
function decisions(replay: Replay): readonly string[] {
  return replay.steps
    .filter(({ result, changes }) => result !== '' && changes.length + Number(result === 'false') > 0)
    .map(({ label, operation, field, result }) => `${label} ${operation} ${field} ${result}`);
}

describe('the three processors of the commit', () => {
  it('are what the search comes up with from cold', () => {
    const setting = settingFor('cold', 'readahead=2,reclaim=1');

    const { violations } = explore({ setting, strategy: none, limits: { countStatesMax: 0 } });

    expect(violations[0]?.witness?.schedule).toBe(STORY);
  });

  it('end in the BUG_ON before the fix', () => {
    const replay = play(STORY, none);

    expect(replay.end).toMatchObject({ kind: 'violated', invariant: 'B1' });
    expect(replay.unused).toBe(0);
    expect(decisions(replay)).toEqual(
      expect.arrayContaining([
        'readahead#0 kmem_cache_zalloc  eb0',
        'reclaim trylock_page page0.flags:LOCKED true',
        'readahead#0 trylock_page page0.flags:LOCKED false',
        'readahead#1 atomic_inc_not_zero eb0.refs true',
        'reclaim test_and_clear_bit eb0.bflags:TREE_REF true',
        'readahead#1 atomic_dec_and_test eb0.refs true',
      ]),
    );
    const last = replay.steps.at(-1);
    expect(last?.functions.map((call) => call.replace(/\(.*/, ''))).toEqual([
      'readahead_tree_block',
      'readahead_tree_block',
      'free_extent_buffer',
      'release_extent_buffer',
      'btrfs_release_extent_buffer_pages',
      'extent_buffer_under_io',
    ]);
    // One spelling of a function, and words as a reader knows them.
    const { steps } = replay;
    for (const name of steps.flatMap(({ functions }) => functions))
      expect(name).toMatch(/^[a-z_]+(?:\(.*\))?$/);
    expect(steps.flatMap(({ changes }) => changes)).toContainEqual({
      word: 'eb0.bflags',
      before: expect.stringMatching(/TREE_REF/),
      after: expect.not.stringMatching(/TREE_REF/),
    });
    expect(last).toMatchObject({
      field: 'eb0.io_pages',
      result: '1',
      after: { buffers: [{ refs: 0, ioPages: 1 }] },
    });
  });

  it('end well after the fix', () => {
    const replay = play(STORY, upstream);

    expect(replay.end).toEqual({ kind: 'harmless', outcome: 'rescued', grade: 'INTERESTING' });
    expect(replay.steps.some(({ isBeyond }) => isBeyond)).toBe(true);
  });
});

describe('a schedule that cannot be played', () => {
  const setting = settingFor('primed', 'finder=1,reclaim=1');
  const text = 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:';

  it.each([
    ['c', 'step 1 is impossible: there are 2 actors, it asks for number 3'],
    ['a~1', 'step 1 is impossible: finder has 1 way(s) to take rcu_read_lock, it asks for way 1'],
    ['b4b3a40b', 'step 20 is impossible: finder waits at spin_lock eb0.refs_lock, which reclaim holds'],
    ['a60b', 'step 25 is impossible: finder has finished'],
  ])('%s says at which step and why', (moves, message) => {
    const parsed = parseSchedule(text + moves);

    expect(() =>
      replayExactly({ setting, strategy: none, moves: parsed.moves, chances: NO_CHANCES }),
    ).toThrow(message);
  });

  it('under another strategy ends where it became impossible', () => {
    const { violations } = explore({ setting, strategy: none });
    const moves = violations[0]?.witness?.moves ?? [];

    const replay = replaySchedule({ setting, strategy: upstream, moves, chances: NO_CHANCES });

    expect(['harmless', 'impossible']).toContain(replay.end.kind);
  });
});
