/** Journals of several commands, cut, changed, or of what is not there: see journal.test.ts for what all have in common. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import type { WindowResult } from '../../../src/stress/window/window-result.ts';
import type { HistoryResult } from '../../../src/study/history-result.ts';
import type { BodyRecord } from '../../../src/study/journal/records.ts';
import { journalText, sampleHistory, sampleRecords, sampleWindow } from '../../helpers/sample-journal.ts';
import { savedDocument } from '../../helpers/saved-document.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { fakeIo } from '../cli/fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-journals-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const { header, records } = await sampleRecords(3_000);

async function reported(
  content: string | Uint8Array,
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  rmSync(join(cwd, 'page.html'), { force: true });
  writeFileSync(join(cwd, 'file'), content);
  const io = fakeIo({ cwd });
  const status = await run(['report', 'file', '--html', 'page.html'], io, fakeEngine());
  return { status, out: io.out(), err: io.err() };
}

/** The line of that number, 1-based, replaced. */
function withLine(number: number, line: string, text: string): string {
  return text
    .split('\n')
    .map((old, index) => (index === number - 1 ? line : old))
    .join('\n');
}

/** What a sample of a command comes to. */
function verdictIn(command: string): string {
  return command === 'window' ? 'measured' : 'as-declared';
}

type Line = Readonly<Record<string, unknown>>;

/** A journal, and where in it is a count. */
interface Sample {
  readonly header: Line;
  readonly records: readonly Line[];
  /** A record, 0-based, with a count changed. */
  readonly counted: readonly [number, (record: Line, count: number) => unknown];
  readonly countAt: RegExp;
}

const ofWindow = sampleWindow();
const ofHistory = sampleHistory();
const SAMPLES: Readonly<Record<string, Sample>> = {
  compare: {
    header: { ...header },
    records: records.map((record) => ({ ...record })),
    counted: [1, (record, trials) => ({ ...record, block: { ...(record['block'] as object), trials } })],
    countAt: /block\.trials must be/,
  },
  window: {
    header: { ...ofWindow.header },
    records: ofWindow.records.map((record) => ({ ...record })),
    counted: [
      2,
      (record, trials) => {
        const [first, ...rest] = record['visits'] as readonly object[];
        return { ...record, visits: [{ ...first, trials }, ...rest] };
      },
    ],
    countAt: /visits\.0\.trials must be/,
  },
  history: {
    header: { ...ofHistory.header },
    records: ofHistory.records.map((record) => ({ ...record })),
    counted: [
      3,
      (record, trials) => {
        const hardware = record['hardware'] as { readonly before: object };
        return { ...record, hardware: { ...hardware, before: { ...hardware.before, trials } } };
      },
    ],
    countAt: /hardware\.before\.trials must be/,
  },
};

describe.each(Object.entries(SAMPLES))('a hostile journal of %s', (command, sample) => {
  const whole = journalText([
    sample.header,
    ...sample.records,
    { kind: 'verdict', verdict: verdictIn(command), isInterrupted: false },
  ]);
  const [counted, withCount] = sample.counted;
  const at = counted + 2;
  const edited = (number: number, line: string): string => withLine(number, line, whole);
  const recordAt = (number: number): Line => JSON.parse(whole.split('\n')[number - 1] ?? '') as Line;
  const withCounted = (count: number): string => edited(at, JSON.stringify(withCount(recordAt(at), count)));
  const headed = (change: object): string => edited(1, JSON.stringify({ ...sample.header, ...change }));

  it('is read where nobody has changed it', async () => {
    const { status, err } = await reported(whole);
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  it.each<readonly [string, () => string | Uint8Array, RegExp]>([
    [
      "another program's line",
      () => edited(at, '{"level":30,"msg":"started"}'),
      /: it is of no kind that there is$/,
    ],
    ['a later version', () => headed({ journal: 'ebtorture.journal/2' }), /it is ebtorture\.journal\/2, and/],
    ['its first line alone, cut', () => whole.slice(0, 300), /it has no whole line$/],
    [
      'a line cut in the middle',
      () => edited(at, whole.split('\n')[at - 1]?.slice(0, 40) ?? ''),
      /is no JSON/,
    ],
    [
      'a number that is none',
      () => withCounted(0).replace('"trials":0', '"trials":NaN'),
      /is no JSON object$/,
    ],
    ['a number beyond all', () => withCounted(0).replace('"trials":0', '"trials":1e999'), sample.countAt],
    ['a count below 0', () => withCounted(-1), sample.countAt],
    ['a count that is no whole number', () => withCounted(0.5), sample.countAt],
    ['a line of 10 MB', () => edited(at, `{"kind":"x","x":"${'x'.repeat(1e7)}"}`), /is longer than any/],
    [
      '100 MB behind its header',
      () => `${journalText([sample.header])}${' '.repeat(1e8)}`,
      /is longer than any/,
    ],
    [
      'a tag',
      () => headed({ commandLine: ['<img src=x onerror=alert(1)>'] }),
      /commandLine\.0 has characters/,
    ],
    ['text that turns its direction', () => headed({ commandLine: ['a\u202eb'] }), /commandLine\.0 has char/],
    ['private characters', () => headed({ commandLine: ['a\ue000b'] }), /commandLine\.0 has characters/],
    [
      'a prototype',
      () => edited(at, (whole.split('\n')[at - 1] ?? '').replace('{', '{"__proto__":{"arm":5},')),
      /: it has a field that is none of its own$/,
    ],
    [
      'an unknown field',
      () => edited(at, JSON.stringify({ ...recordAt(at), more: 1 })),
      /field that is none/,
    ],
  ])('gets one line, 64, and nothing is written: %s', async (_, content, message) => {
    const text = content();
    expect(text).not.toBe(whole);
    const { status, out, err } = await reported(text);

    expect(err).toMatch(/^ebtorture: report: 'file'[^\n]*\n$/);
    expect(err.trimEnd()).toMatch(message);
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(readdirSync(cwd)).not.toContain('page.html');
    expect(({} as Record<string, unknown>)['arm']).toBeUndefined();
  });
});

describe('a journal of what is not there', () => {
  type Visits = Extract<BodyRecord, { kind: 'visits' }>;
  const visits = ofWindow.records.find((record): record is Visits => record.kind === 'visits');
  const withVisit = (change: object): string => {
    const [first, ...rest] = visits?.visits ?? [];
    return journalText([ofWindow.header, { ...visits, visits: [{ ...first, ...change }, ...rest] }]);
  };
  it.each([
    ['arm', withVisit({ arm: 9 }), /line 2: there is no arm 9$/],
    ['actor', withVisit({ lastToucher: 9 }), /line 2: there is no actor 9$/],
    ['measure', withVisit({ noted: [1, 2, 3, 4] }), /line 2: a visit is of another scenario$/],
    [
      'race',
      journalText([ofHistory.header, { ...ofHistory.records[0], race: 9 }]),
      /line 2: there is no race 9$/,
    ],
    ['block', journalText([ofWindow.header, records[1]]), /line 2: a profile has no record of a block$/],
    ['visit', journalText([header, visits]), /line 2: a run has no record of a visits$/],
  ])('is refused: an %s', async (_, text, message) => {
    const { status, err } = await reported(text);
    expect(err.trimEnd()).toMatch(message);
    expect(status).toBe(64);
  });
});

describe('a journal that was cut', () => {
  it('of a profile has the counts of the visits before', async () => {
    const lines = ofWindow.records.slice(0, 9);
    writeFileSync(join(cwd, 'cut.jsonl'), journalText([ofWindow.header, ...lines]));
    const { visits, isInterrupted, profiles, starts } = await savedDocument<WindowResult>(
      join(cwd, 'cut.jsonl'),
    );
    const made = lines.flatMap((record) => (record.kind === 'visits' ? record.visits : []));

    expect({ isInterrupted, starts, visits }).toEqual({
      isInterrupted: true,
      starts: 2,
      visits: { total: made.length, notSideBySide: 0, stray: 0 },
    });
    expect(profiles.reduce((sum, { trials }) => sum + trials, 0)).toBe(
      made.reduce((sum, { trials }) => sum + trials, 0),
    );
  });

  it('of a history has the races before, and no other', async () => {
    const lines = [...ofHistory.records.slice(0, 1), ...ofHistory.records.slice(3, 4)];
    writeFileSync(join(cwd, 'cut.jsonl'), journalText([ofHistory.header, ...lines]));
    const { rows, matrix, verdict, isInterrupted } = await savedDocument<HistoryResult>(
      join(cwd, 'cut.jsonl'),
    );

    expect({ verdict, isInterrupted }).toEqual({ verdict: 'undecided', isInterrupted: true });
    expect(rows.map(({ before, hardware }) => [before.verdict, hardware?.verdict])).toEqual([
      ['bounded', 'shown'],
      ['violated', undefined],
    ]);
    expect(matrix?.[0]?.cells).toEqual([
      null,
      { verdict: 'bounded', invariants: [], states: 0, complete: false },
    ]);
  });

  it('before there was any result says in one line what to do', async () => {
    const { header: of } = ofHistory;
    const { races: _races, matrix: _matrix, ...search } = of;
    const { status, err } = await reported(journalText([{ ...search, command: 'explore' }]));

    expect(err).toBe(
      "ebtorture: report: 'file': explore was ended before it had any result, and there is nothing to go on from: run it again\n",
    );
    expect(status).toBe(64);
  });
});
