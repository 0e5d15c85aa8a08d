import { expect, it } from 'vitest';
import type { AnyHeader } from '../../../src/study/journal/journal.ts';
import { mutate } from '../../../src/study/mutate.ts';
import { MUTATE_DEFAULTS } from '../../../src/study/mutate-result.ts';

it('refuses a journal of other mutations before it searches anything', async () => {
  const asked: AnyHeader[] = [];
  const done: string[] = [];
  const config = {
    ...MUTATE_DEFAULTS,
    strategy: 'upstream',
    isModel: false,
    ladder: [
      {
        scenario: 'readahead-vs-releasepage',
        start: 'primed',
        actors: [
          { role: 'finder', count: 1 },
          { role: 'reclaim', count: 1 },
        ],
        pages: 1,
        readsFail: false,
      },
    ],
    seed: 5,
  };
  const mutated = mutate({
    config,
    onProgress: ({ stage }) => done.push(stage),
    journal: {
      requireSame: (header) => {
        asked.push(header);
        throw new RangeError('of another configuration');
      },
      begin: () => Promise.reject(new Error('begun')),
      add: () => done.push('record'),
    },
  });

  await expect(mutated).rejects.toThrow('of another configuration');
  expect(asked).toMatchObject([{ command: 'mutate', config }]);
  expect(done).toEqual([]);
});
