import { describe, expect, it } from 'vitest';
import { HUNT_DEFAULTS, type HuntResult } from '../../../../src/study/hunt/hunt-result.ts';
import { configIn, Journal } from '../../../../src/study/hunt/journal.ts';
import type { ProgramSearch } from '../../../../src/study/hunt/search-program.ts';

const config: HuntResult['config'] = {
  ...HUNT_DEFAULTS,
  strategy: 'none',
  against: null,
  only: null,
  seed: null,
};
const search: ProgramSearch = { invariants: ['B1'], states: 7, isComplete: true, isVacuous: false };
const key = { size: 2, from: 3, first: 'hunt@a' };

async function written(): Promise<string> {
  let text = '';
  const journal = new Journal(config, '', async (line) => {
    text += line;
    return Promise.resolve();
  });
  await journal.begin(config);
  await journal.addChunk(key, [search]);
  await journal.addChunk({ ...key, from: 4 }, []);
  return text;
}

const never = async (): Promise<void> => Promise.reject(new Error('nothing is to be written'));

describe('Journal', () => {
  it('knows what was kept, and nothing else', async () => {
    const journal = new Journal(config, await written(), never);

    expect(journal.chunkOf(key)).toEqual([search]);
    expect(journal.chunkOf({ ...key, from: 4 })).toEqual([]);
    expect(journal.chunkOf({ ...key, from: 5 })).toBeUndefined();
    expect(journal.chunkOf({ ...key, size: 3 })).toBeUndefined();
    // Of a version with other programs at that place.
    expect(journal.chunkOf({ ...key, first: 'hunt@b' })).toBeUndefined();
    expect(journal.findingOf('hunt@a', 'B1')).toBeUndefined();
  });

  it('leaves out the line that a kill has cut, wherever it was cut', async () => {
    const text = await written();
    const last = text.lastIndexOf('\n', text.length - 2) + 1;
    for (let end = last; end < text.length; end++) {
      const journal = new Journal(config, text.slice(0, end), never);

      expect(journal.chunkOf(key)).toEqual([search]);
      expect(journal.chunkOf({ ...key, from: 4 })).toBeUndefined();
    }
  });

  it('goes on with a larger size, and with nothing else that is changed', async () => {
    const text = await written();

    expect(configIn(text)).toEqual(config);
    expect(() => new Journal({ ...config, size: 4 }, text, never)).not.toThrow();
    for (const changed of [{ strategy: 'upstream' }, { seed: 1 }, { only: ['find'] }, { statesMax: 1 }])
      expect(() => new Journal({ ...config, ...changed }, text, never)).toThrow(/^it is of a hunt with /);
  });

  it.each([
    ['', 'it has no whole line of a hunt'],
    ['{"kind":"hunt"', 'it has no whole line of a hunt'],
    ['{"kind":"hunt","config":{}}\n', 'a line of it is no record of a hunt'],
    ['{"kind":"chunk","found":[]}\n', 'it is no journal of a hunt'],
    ['{"kind":"other"}\n', 'a line of it is no record of a hunt'],
    ['no json\n', 'a line of it is no record of a hunt'],
  ])('refuses %j', (text, message) => {
    expect(() => configIn(text)).toThrow(message);
  });
});
