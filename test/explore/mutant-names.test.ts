import { extentBuffer } from '../../src/subject/extent-buffer/v5.7/subject.ts';
import { describe, expect, it } from 'vitest';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { kernelMethods } from '../../src/fix/mutation/method-hooks.ts';
import { kernelName } from '../../src/fix/mutation/mutation.ts';
import { ExtentBufferModel } from '../../src/subject/extent-buffer/v5.7/extent-buffer-model.ts';
import { readaheadVsReleasepage } from '../../src/subject/extent-buffer/v5.7/scenarios/readahead-vs-releasepage.ts';
import { objectionTo } from '../../src/study/mutant-objection.ts';
import { LADDER, ladderOf } from '../../src/study/mutate-ladder.ts';
import { recordedIn } from '../../src/study/survey.ts';

const ladder = ladderOf(readaheadVsReleasepage);

const objection = async (strategy: string, mutation: string): Promise<string | null> =>
  objectionTo(await loadStrategy(strategy, extentBuffer), mutation, ladder, () => 0);

describe('a mutant by its name', () => {
  it.each([
    ['none', 'set_io_pages/atomic_set.eb.io_pages/drop'],
    ['upstream', 'set_io_pages/check_buffer_tree_ref/atomic_inc.eb.refs/split'],
    ['upstream', 'check_buffer_tree_ref/atomic_read.eb.refs/as-9'],
    ['none', 'free_new_buffer/atomic_dec_and_test.eb.refs/false'],
    // In the last setting of all: of a strategy of which the others are searched below, too.
    ['upstream', 'find_extent_buffer/spin_lock.eb.refs_lock/drop'],
  ])('%s~%s has its step', async (strategy, mutation) => {
    await expect(objection(strategy, mutation)).resolves.toBeNull();
  });

  it.each([
    [
      'set_io_pages/atomic_set.eb.io_pages.2/drop',
      /^upstream never takes the step set_io_pages > atomic_set\(eb\.io_pages\) #2; did you mean set_io_pages\/atomic_set\.eb\.io_pages\/drop\?$/,
    ],
    [
      'set_io_page/atomic_set.eb.io_pages/drop',
      /^upstream never takes the step set_io_page > atomic_set\(eb\.io_pages\); did you mean set_io_pages\/atomic_set\.eb\.io_pages\/drop/,
    ],
    [
      'release_extent_buffer/check_buffer_tree_ref/spin_lock.eb.refs_lock/drop',
      /^upstream never takes the step release_extent_buffer > check_buffer_tree_ref > spin_lock\(eb\.refs_lock\); did you mean check_buffer_tree_ref\/spin_lock\.eb\.refs_lock\/drop/,
    ],
    [
      'check_buffer_tree_ref/spin_unlock.eb.refs_lock/later',
      /^check_buffer_tree_ref > spin_unlock\(eb\.refs_lock\) of upstream cannot be changed by 'later': nothing follows it in its function$/,
    ],
  ])('upstream~%s has none', async (mutation, message) => {
    await expect(objection('upstream', mutation)).resolves.toMatch(message);
  });

  it('is not said to have none where a limit ended a search', async () => {
    const strategy = { ...(await loadStrategy('upstream', extentBuffer)) };
    const mutation = 'set_io_pages/atomic_set.eb.io_pages.2/drop';

    expect(objectionTo(strategy, mutation, ladder, () => 0, 100)).toMatch(
      /^upstream was not seen to take \(not every schedule was searched\) the step set_io_pages > /,
    );
  });

  it('is searched for in every function that a search comes to', async () => {
    const strategy = await loadStrategy('upstream', extentBuffer);
    const methods = kernelMethods(strategy.extend(ExtentBufferModel));
    const names = new Set([...methods.keys()].map(kernelName));
    const limits = { timeMaxMs: Infinity, clock: () => 0 };
    const met = LADDER.slice(0, 7).flatMap((rung) => recordedIn(strategy, rung, limits).recorded);

    expect(met.length).toBeGreaterThan(100);
    expect(met.flatMap(({ chain }) => chain).filter((name) => !names.has(name))).toEqual([]);
  });
});
