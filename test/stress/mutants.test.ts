import { describe, expect, it } from 'vitest';
import { LADDER } from '../../src/study/mutate-ladder.ts';
import { runStress } from '../../src/stress/run/run.ts';
import { stressMutant } from '../../src/study/mutate-stress.ts';
import { runOptions } from '../helpers/run-options.ts';

async function stressed(mutation: string): Promise<Awaited<ReturnType<typeof stressMutant>>> {
  const [rung] = LADDER;
  if (rung === undefined) throw new Error('the ladder is empty');
  return stressMutant({
    mutant: `upstream~${mutation}`,
    rung,
    index: 0,
    durationMs: 1_000,
    seed: 1,
    signal: new AbortController().signal,
    places: {},
    isThorough: false,
  });
}

describe('mutants on real threads', () => {
  // Nearly every trial starts a read, whatever the other actor does: no race is needed.
  it('are killed by what they break', async () => {
    const { killed, by } = await stressed('set_io_pages/atomic_set.eb.io_pages/drop');

    expect(killed).toBe(true);
    expect(by.some((id) => ['Q1', 'L4'].includes(id))).toBe(true);
  });

  it('are killed by a hang, if that is what they do', async () => {
    const { killed, by } = await stressed('release_extent_buffer/spin_unlock.eb.refs_lock/drop');

    expect(killed).toBe(true);
    expect(by.every((id) => ['hang', 'Q1', 'L4'].includes(id))).toBe(true);
  });

  it('survive where nothing can be noticed', async () => {
    const { killed, trials } = await stressed('read_extent_buffer_pages/WRITE_ONCE.eb.read_mirror/drop');

    expect(killed).toBe(false);
    expect(trials).toBeGreaterThan(0);
  });
});

describe('a run of a mutant', () => {
  // Most finders start their read, whatever reclaim does; nobody allocates.
  it.each([
    ['read_extent_buffer_pages/WRITE_ONCE.eb.read_mirror/drop', true],
    ['alloc_extent_buffer/set_bit.eb.bflags.IN_TREE/drop', false],
  ])('says how often actors came to the changed step: %s', async (mutation, isReached) => {
    const { arms } = await runStress(
      runOptions({
        start: 'primed',
        strategy: `upstream~${mutation}`,
        hasControl: false,
        budget: { kind: 'trials', count: 640 },
      }),
    );

    expect((arms[0]?.changes ?? NaN) > 0).toBe(isReached);
  });
});
