import { describe, expect, it } from 'vitest';
import { silenceNotice, silenceOf, silentControls } from '../../../src/study/silent-controls.ts';
import { runOptions } from '../../helpers/run-options.ts';

const options = runOptions({
  start: 'primed',
  strategies: [],
  budget: { kind: 'trials', count: 1 },
});
const alone = {
  ...options,
  actors: [
    { role: 'finder', count: 1 },
    { role: 'end-io', count: 1 },
  ],
};

describe('silentControls', () => {
  it('finds those that cannot violate with the actors given, and says so in a sentence', async () => {
    const silent = await silentControls(alone, ['none', 'locked-io-pages', 'upstream']);

    expect([...silent.keys()]).toEqual(['none', 'locked-io-pages']);
    expect(silenceNotice(alone, silent)).toContain('none, locked-io-pages cannot violate from primed');
  });

  it('finds none where they can, and says nothing', async () => {
    const actors = [
      { role: 'finder', count: 2 },
      { role: 'reclaim', count: 1 },
    ];
    const silent = await silentControls({ ...options, actors }, ['none', 'upstream']);

    expect(silent.size).toBe(0);
    expect(silenceNotice(options, silent)).toBeUndefined();
  });

  it('does not ask with the usual actors, with which the controls of the project violate', async () => {
    expect((await silentControls(options, ['none'])).size).toBe(0);
    expect(await silenceOf(options, 'none')).toBeUndefined();
    expect(await silenceOf(alone, 'none')).toMatchObject({ complete: true, invariants: [] });
  });
});
