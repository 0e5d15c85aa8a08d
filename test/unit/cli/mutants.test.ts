import { describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakeIo } from './fake-io.ts';

/** A function that there is none of: told without a search of every setting. */
const TYPO = 'upstream~set_io_pagges/atomic_set.eb.io_pages/drop';
const WITNESS = 'eb1:readahead-vs-releasepage:primed:none:finder=1,reclaim=1:p1:b12a9b5a19';

async function ebtorture(
  line: string,
): Promise<{ readonly status: number; readonly out: string; readonly err: string; readonly ran: number }> {
  const io = fakeIo();
  const engine = fakeEngine();
  const status = await run(line.split(' '), io, engine);
  const ran = [...engine.compared, ...engine.stressed, ...engine.profiled, ...engine.explained].length;
  return { status, out: io.out(), err: io.err(), ran };
}

describe('a mutant whose step is none', () => {
  it.each([
    `compare --strategies none,${TYPO}`,
    `stress --strategy ${TYPO}`,
    `window --strategy ${TYPO}`,
    `explain --strategy ${TYPO}`,
    `explore --strategy ${TYPO}`,
    `replay ${WITNESS} --strategy ${TYPO}`,
    `replay ${WITNESS.replace('none', TYPO)}`,
  ])('is refused: %s', async (line) => {
    const { status, out, err, ran } = await ebtorture(line);

    expect({ status, out, ran }).toStrictEqual({ status: 64, out: '', ran: 0 });
    expect(err).toMatch(
      /^ebtorture: --strateg(?:y|ies): upstream never takes the step .*; did you mean set_io_pages\/atomic_set\.eb\.io_pages\/drop.*\?\n$/,
    );
  });

  it('is refused where a word of it is mistyped', async () => {
    const { status, err } = await ebtorture(
      'stress --strategy upstream~set_io_pages/atomic_sett.eb.io_pages/drop',
    );

    expect(status).toBe(64);
    expect(err).toContain(
      "unknown access 'atomic_sett' in 'atomic_sett.eb.io_pages'; did you mean atomic_set?",
    );
  });
});

describe('a mutant whose step the setting never comes to', () => {
  const UNREACHED = 'upstream~alloc_extent_buffer/set_bit.eb.bflags.IN_TREE/drop';

  it.each(['', ' --scheduler uniform --schedules 10'])('says nothing: explore%s', async (options) => {
    const { status, out } = await ebtorture(`explore --strategy ${UNREACHED} --pages 1${options}`);

    expect(status).toBe(2);
    expect(out).toMatch(/^VACUOUS: no schedule .* comes to the changed step/m);
  });

  it('and one that it does come to is proved', async () => {
    const equivalent = 'upstream~set_io_pages/check_buffer_tree_ref/spin_lock.eb.refs_lock/unlocked';
    const { status, out } = await ebtorture(`explore --strategy ${equivalent} --pages 1`);

    expect(status).toBe(0);
    expect(out).toContain('HOLDS');
    expect(out).not.toContain('VACUOUS');
  });
});
