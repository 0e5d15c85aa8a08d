/** Alarms of hunted programs that were the checks' own fault, and that the checks still see what they are for. */
import { describe, expect, it } from 'vitest';
import { alphabetOf } from '../../src/catalog/alphabets.ts';
import { loadStrategy } from '../../src/fix/plug-in/load.ts';
import { parseHunted } from '../../src/scenario/hunted/hunted-names.ts';
import { huntedParts } from '../../src/scenario/hunted/hunted-scenario.ts';
import { type ProgramSearch, searchProgram } from '../../src/study/hunt/search-program.ts';

async function searched(text: string, strategy: string): Promise<ProgramSearch> {
  const names = parseHunted(text);
  const alphabet = names === undefined ? undefined : alphabetOf(names.kernel);
  if (names === undefined || alphabet === undefined) throw new Error(`'${text}' is no program`);
  const parts = huntedParts(alphabet, names);
  if (typeof parts === 'string') throw new Error(parts);
  const loaded = await loadStrategy(strategy, alphabet.subject);
  return searchProgram(parts, loaded, { statesMax: 200_000, localStatesMax: 50_000 });
}

describe('a buffer that could not be read', () => {
  const UNMARKED = 'none~free_extent_buffer_stale/set_bit.eb.bflags.STALE/drop';

  it('may be found again once a new block was made of it', async () => {
    const made = 'hunt@7.3@foreign~alloc.keep~hold.delete.lenient-readahead@read-block@init@end-io';

    expect(await searched(made, 'none')).toMatchObject({ invariants: [], isComplete: true });
  });

  it('is not to be found by anybody else', async () => {
    const read = 'hunt@7.3@cold@find@read-block@end-io@reads-fail';

    expect((await searched(read, UNMARKED)).invariants).toContain('P2');
    expect(await searched(read, 'none')).toMatchObject({ invariants: [], isComplete: true });
  });
});
