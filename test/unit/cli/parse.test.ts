import { extentBuffer } from '../../../src/subject/extent-buffer/v5.7/subject.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DURATION_MS,
  echoed,
  PAGES,
  parseActors,
  parseDelays,
  parseDuration,
  parseInteger,
  parseList,
  parseName,
  parseProbability,
  parseTrials,
  TRIALS,
} from '../../../src/cli/parse.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { durationOption, trialsOption } from '../../../src/report/rerun-command.ts';

const printable = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[-+0-9.eExkMms%, ]*$/),
);

describe('parseInteger', () => {
  it('takes every integer of the range and gives it back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        expect(parseInteger('--seed', String(value), { min: 0, max: 2 ** 32 - 1 })).toBe(value);
      }),
    );
  });

  it.each(['0', '17', '-1', '1.5', '1e1', '0x4', ' 4', '4 ', '', 'banana', '٤', '9'.repeat(400)])(
    'refuses %j',
    (text) => {
      expect(() => parseInteger('--pages', text, PAGES)).toThrow(
        /^--pages: expected an integer from 1 to 16, got ('.*'|-?[\d.]+)$/,
      );
    },
  );

  it('takes nothing but digits, whatever comes', () => {
    fc.assert(
      fc.property(printable, (text) => {
        const isTaken = /^[0-9]+$/.test(text) && Number(text) >= 1 && Number(text) <= 16;

        expect(takes(() => parseInteger('--pages', text, PAGES))).toBe(isTaken);
      }),
    );
  });
});

describe('parseProbability', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['0.1', 0.1],
    ['.5', 0.5],
    ['1.', 1],
    ['1e-3', 0.001],
    ['1E-3', 0.001],
  ])('takes %s', (text, value) => {
    expect(parseProbability('--trylock-fail', text)).toBe(value);
  });

  it.each(['2', '1.0001', '-0.1', '-0', '', '.', '10%', 'NaN', 'Infinity', '0x1', '1e', '1e400'])(
    'refuses %j',
    (text) => {
      expect(() => parseProbability('--trylock-fail', text)).toThrow(
        `--trylock-fail: expected a probability from 0 to 1, got ${echoed(text)}`,
      );
    },
  );
});

describe('parseDuration', () => {
  it.each([
    ['100ms', 100],
    ['1500ms', 1500],
    ['10s', 10_000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['30d', 2_592_000_000],
  ])('takes %s', (text, ms) => {
    expect(parseDuration('--duration', text)).toBe(ms);
  });

  it.each(['banana', '10', '', '99ms', '0s', '31d', '-5s', '1e3s', '5 s', '5S', 's', '1h30m'])(
    'refuses %j',
    (text) => {
      expect(() => parseDuration('--duration', text)).toThrow(
        `--duration: expected a time from 100ms to 30d, such as 10s, 1500ms, 2m or 1h, got ${echoed(text)}`,
      );
    },
  );

  it('reads back what reports print', () => {
    fc.assert(
      fc.property(fc.integer(DURATION_MS), (ms) => {
        expect(parseDuration('--duration', durationOption(ms))).toBe(ms);
      }),
    );
  });
});

describe('parseTrials', () => {
  it.each([
    ['10', 10],
    ['1e6', 1e6],
    ['10M', 1e7],
    ['2k', 2000],
    ['1.5k', 1500],
    ['1G', 1e9],
    ['1e15', 1e15],
  ])('takes %s', (text, count) => {
    expect(parseTrials('--trials', text)).toBe(count);
  });

  it.each(['0', '', '-1', '1.5', '1e16', 'k', '10m', '10 M', '1e-3', 'many', '1e999'])(
    'refuses %j',
    (text) => {
      expect(() => parseTrials('--trials', text)).toThrow(
        `--trials: expected a whole number of trials from 1 to 1e15, such as 10, 1e6, 10M or 2k, got ${echoed(text)}`,
      );
    },
  );

  it('reads back what reports print', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (count) => {
        fc.pre(count >= TRIALS.min && count <= TRIALS.max);

        expect(parseTrials('--trials', trialsOption(count))).toBe(count);
      }),
    );
  });
});

describe('parseName', () => {
  const names = { kind: 'strategy', known: ['none', 'upstream'] };

  it('suggests what is close, and lists what there is', () => {
    expect(() => parseName('--strategy', 'upsteam', names)).toThrow(
      "--strategy: unknown strategy 'upsteam'; did you mean upstream? (known: none, upstream)",
    );
    expect(() => parseName('--strategy', 'xyz', names)).toThrow(
      "--strategy: unknown strategy 'xyz' (known: none, upstream)",
    );
  });
});

describe('parseList', () => {
  it('splits at commas, over several options', () => {
    expect(parseList('--delay', ['a, b', 'c'], 'x')).toEqual(['a', 'b', 'c']);
  });

  it.each(['', ',', 'a,', ',a', 'a,,b'])('refuses %j', (text) => {
    expect(() => parseList('--strategies', [text], 'none,upstream')).toThrow(
      `--strategies: expected a list such as none,upstream, got '${text}'`,
    );
  });
});

describe('parseActors', () => {
  const roles = ['finder', 'reclaim', 'end-io'];

  it('takes roles with their counts', () => {
    expect(parseActors('--actors', 'finder=2,reclaim=1,end-io=16', roles)).toEqual([
      { role: 'finder', count: 2 },
      { role: 'reclaim', count: 1 },
      { role: 'end-io', count: 16 },
    ]);
  });

  it.each([
    ['finder', "--actors: expected name=number such as finder=2,reclaim=1, got 'finder'"],
    ['=2', "--actors: expected name=number such as finder=2,reclaim=1, got '=2'"],
    ['finder=0', '--actors finder: expected an integer from 1 to 16, got 0'],
    ['finder=', "--actors finder: expected an integer from 1 to 16, got ''"],
    ['finder=1,finder=2', "--actors: 'finder' is given twice"],
    ['finders=1', "--actors: unknown actor 'finders'; did you mean finder? (known: finder, reclaim, end-io)"],
  ])('refuses %s', (text, message) => {
    expect(() => parseActors('--actors', text, roles)).toThrow(message);
  });
});

describe('parseDelays', () => {
  it('takes points with colons in their names', () => {
    expect(
      parseDelays('--delay', ['find:ref=200,read:entry=0', 'free:entry=1000000'], extentBuffer.points),
    ).toEqual({
      'find:ref': 200,
      'read:entry': 0,
      'free:entry': 1_000_000,
    });
    expect(parseDelays('--delay', [], extentBuffer.points)).toEqual({});
  });

  it.each([
    ['find:ref=1000001', '--delay find:ref: expected an integer from 0 to 1,000,000, got 1000001'],
    ['find:ref=200ns', "--delay find:ref: expected an integer from 0 to 1,000,000, got '200ns'"],
    ['find:ref=-1', '--delay find:ref: expected an integer from 0 to 1,000,000, got -1'],
    ['find:ref=1,find:ref=2', "--delay: 'find:ref' is given twice"],
    ['__proto__=1', "--delay: unknown point '__proto__'"],
  ])('refuses %s', (text, message) => {
    expect(() => parseDelays('--delay', [text], extentBuffer.points)).toThrow(message);
  });
});

describe('echoed', () => {
  it('stays on one line and within reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const shown = echoed(text);

        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(shown.length).toBeLessThanOrEqual(65);
      }),
    );
  });
});

/** Whether a parser takes its text; it may refuse with a usage error only. */
function takes(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
