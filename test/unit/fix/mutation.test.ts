import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import { describe, expect, it } from 'vitest';
import { isPlugIn, loadStrategy, StrategyError } from '../../../src/fix/plug-in/load.ts';
import {
  formatMutation,
  functionText,
  parseMutation,
  splitMutant,
  stepText,
} from '../../../src/fix/mutation/mutation.ts';

const texts = [
  'set_io_pages/check_buffer_tree_ref/spin_unlock.eb.refs_lock/drop',
  'check_buffer_tree_ref/test_and_set_bit.eb.bflags.TREE_REF/split',
  'free_extent_buffer/atomic_read.eb.refs.2/as-1',
  'find_extent_buffer/rcu_read_unlock/later',
  'lock_extent_buffer_pages/trylock_page.page.flags.LOCKED/false',
  'release_extent_buffer/spin_lock.buffer_lock/unlocked',
  'radix_tree_insert/READ_ONCE.fs.tree_slot/as-0',
];

describe('the text of a mutation', () => {
  it.each(texts)('%s is read and written', (text) => {
    expect(formatMutation(parseMutation(text, extentBuffer.Model.structures))).toBe(text);
  });

  it('reads as the kernel does', () => {
    const { step } = parseMutation(
      'set_io_pages/check_buffer_tree_ref/atomic_read.eb.refs.2/as-1',
      extentBuffer.Model.structures,
    );

    expect(functionText(step)).toBe('set_io_pages > check_buffer_tree_ref');
    expect(stepText(step)).toBe('atomic_read(eb.refs) #2');
  });

  it.each([
    ['check_buffer_tree_ref/spin_unlock.eb.refs_lock/gone', "unknown change 'gone'"],
    ['check_buffer_tree_ref/spin_unlock.eb.refs_lokc/drop', "unknown field 'eb.refs_lokc' of spin_unlock"],
    ['check_buffer_tree_ref/test_bit.eb.bflags.FANCY/true', "unknown field 'eb.bflags.FANCY' of test_bit"],
    ['check_buffer_tree_ref/spin_down.eb.refs_lock/drop', "unknown access 'spin_down'"],
    ['check_buffer_tree_ref/test_bit.eb.bflags.TREE_REF/drop', 'cannot be changed by'],
    ['check_buffer_tree_ref/atomic_inc.eb.refs/unlocked', 'cannot be changed by'],
    ['no mutation', 'expected [caller/]function/access.field/change'],
  ])('%s is refused', (text, message) => {
    expect(() => parseMutation(text, extentBuffer.Model.structures)).toThrow(message);
  });
});

describe('the name of a mutant', () => {
  it.each(texts)('upstream~%s is split at the last ~', (mutation) => {
    expect(splitMutant(`upstream~${mutation}`)).toStrictEqual({ strategy: 'upstream', mutation });
    expect(splitMutant(`/home/a~b/fix.mjs~${mutation}`)?.strategy).toBe('/home/a~b/fix.mjs');
  });

  it.each(['upstream', '/home/a~b/fix.mjs', '~/fix.mjs', './fix~1.mjs'])('%s is none', (name) => {
    expect(splitMutant(name)).toBeUndefined();
  });

  it('is a path only if its strategy is', () => {
    expect(isPlugIn(`upstream~${texts[0]}`)).toBe(false);
    expect(isPlugIn(`./fix.mjs~${texts[0]}`)).toBe(true);
  });

  it('loads as a strategy that declares to violate', async () => {
    const strategy = await loadStrategy(`upstream~${texts[0]}`, extentBuffer);

    expect(strategy).toMatchObject({ name: `upstream~${texts[0]}`, expectation: 'violates' });
  });

  it('is refused with one sentence where the step is none', async () => {
    await expect(
      loadStrategy('upstream~set_io_pages/atomic_set.eb.io_pages/split', extentBuffer),
    ).rejects.toThrow(
      new StrategyError(
        "upstream~set_io_pages/atomic_set.eb.io_pages/split: atomic_set(eb.io_pages) cannot be changed by 'split'",
      ),
    );
  });
});
