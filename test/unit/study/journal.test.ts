import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../../src/cli/cli.ts';
import type { CompareResult } from '../../../src/stress/result/result.ts';
import type { BodyRecord } from '../../../src/study/journal/records.ts';
import { journalText, sampleRecords } from '../../helpers/sample-journal.ts';
import { savedDocument } from '../../helpers/saved-document.ts';
import { fakeEngine } from '../cli/fake-engine.ts';
import { fakeIo } from '../cli/fake-io.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-journal-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const { header, records } = await sampleRecords(3_000);
const VERDICT = { kind: 'verdict', verdict: 'as-declared', isInterrupted: false } as const;
const WHOLE = journalText([header, ...records, VERDICT]);

type Block = Extract<BodyRecord, { kind: 'block' }>;
const blocks = records.filter((record): record is Block => record.kind === 'block');
const sumOf = (arm: number, of: 'trials' | 'violations', among = blocks): number =>
  among.filter((each) => each.arm === arm).reduce((sum, { block }) => sum + block[of], 0);

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
function withLine(number: number, line: string, text = WHOLE): string {
  return text
    .split('\n')
    .map((old, index) => (index === number - 1 ? line : old))
    .join('\n');
}

function changed(number: number, change: (record: Record<string, object>) => unknown): string {
  const old = WHOLE.split('\n')[number - 1] ?? '';
  return withLine(number, JSON.stringify(change(JSON.parse(old) as Record<string, object>)));
}

describe('a journal', () => {
  it('comes to a result that has the counts of its blocks', async () => {
    writeFileSync(join(cwd, 'whole.jsonl'), WHOLE);
    const { arms, verdict, isInterrupted, environment, config } = await savedDocument<CompareResult>(
      join(cwd, 'whole.jsonl'),
    );

    expect({ verdict, isInterrupted, seed: config.seed }).toEqual({
      verdict: 'as-declared',
      isInterrupted: false,
      seed: 7,
    });
    expect(environment).toMatchObject({ host: 'machine', kernelRelease: '6.12.0', pinnedTo: null });
    expect(arms.map(({ trials, violations }) => [trials, violations.total])).toEqual([
      [sumOf(0, 'trials'), sumOf(0, 'violations')],
      [sumOf(1, 'trials'), 0],
    ]);
    expect(arms[0]?.blockResults).toHaveLength(blocks.filter(({ arm }) => arm === 0).length);
  });

  it('that was cut has the counts of the blocks before, and loses no more than its last line', async () => {
    const cutAt = 12;
    const cut =
      journalText([header, ...records.slice(0, cutAt)]) + JSON.stringify(records[cutAt]).slice(0, 40);
    writeFileSync(join(cwd, 'cut.jsonl'), cut);
    const { arms, isInterrupted } = await savedDocument<CompareResult>(join(cwd, 'cut.jsonl'));
    const kept = blocks.filter((block) => records.indexOf(block) < cutAt);

    expect(isInterrupted).toBe(true);
    expect(arms.map(({ trials }) => trials)).toEqual([0, 1].map((arm) => sumOf(arm, 'trials', kept)));
    const { status, err } = await reported(cut);
    expect(status).toBe(0);
    expect(err).toBe(
      "ebtorture: 'file': its last line was cut (40 bytes), and is left out\n" +
        "ebtorture: 'file': it was cut before its end; --resume goes on from it\n",
    );
  });

  it('that contradicts its own verdict ends in 70', async () => {
    const { status, err } = await reported(
      withLine(records.length + 2, JSON.stringify({ ...VERDICT, verdict: 'inconclusive' })),
    );

    expect(status).toBe(70);
    expect(err).toBe(
      "ebtorture: report: 'file' contradicts itself: its verdict is inconclusive, and what it holds comes to as-declared\n",
    );
  });
});

describe('a hostile journal', () => {
  const BLOCK = 3;
  const deep = '['.repeat(1_000_000);
  it.each<readonly [string, () => string | Uint8Array, RegExp]>([
    [
      "another program's lines",
      () => '{"level":30,"msg":"started"}\n{"level":30}\n',
      /no whole JSON document/,
    ],
    ["another program's journal", () => '{"journal":"systemd"}\n', /it is no journal of ebtorture$/],
    ['an executable', () => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe]), /no whole JSON document/],
    [
      'bytes that are no text',
      () => Buffer.concat([Buffer.from(WHOLE), Buffer.from([0xff, 0x0a])]),
      /line \d+ is no text$/,
    ],
    [
      'a later version',
      () => withLine(1, JSON.stringify({ ...header, journal: 'ebtorture.journal/2' })),
      /it is ebtorture\.journal\/2, and this version reads ebtorture\.journal\/1; /,
    ],
    ['its first line alone, cut', () => WHOLE.slice(0, 500), /it has no whole line$/],
    ['a line cut in the middle', () => withLine(BLOCK, '{"kind":"blo'), /line 3 is no JSON object$/],
    [
      'a number that is none',
      () => withLine(BLOCK, '{"kind":"look","done":NaN,"isSettled":false}'),
      /line 3 is no JSON object$/,
    ],
    [
      'a number beyond all',
      () => withLine(BLOCK, '{"kind":"look","done":1e999,"isSettled":false}'),
      /line 3: done must be/,
    ],
    [
      'a count below 0',
      () => changed(BLOCK, (record) => ({ ...record, block: { ...record['block'], trials: -1 } })),
      /line 3: block\.trials must be >= 0$/,
    ],
    [
      'a count that is no whole number',
      () => changed(BLOCK, (record) => ({ ...record, block: { ...record['block'], trials: 0.5 } })),
      /line 3: block\.trials must be integer$/,
    ],
    [
      'an arm that is not there',
      () => changed(BLOCK, (record) => ({ ...record, arm: 9 })),
      /line 3: there is no arm 9$/,
    ],
    [
      'a check that is not there',
      () =>
        changed(BLOCK, (record) => ({ ...record, counts: { ...record['counts'], checks: { 99999: 1 } } })),
      /line 3: there is no check 99999$/,
    ],
    [
      'an unknown kind of line',
      () => withLine(BLOCK, '{"kind":"toString"}'),
      /line 3: it is of no kind that there is$/,
    ],
    [
      'an unknown field',
      () => changed(BLOCK, (record) => ({ ...record, more: 1 })),
      /line 3: it has a field that is none of its own$/,
    ],
    [
      'a prototype',
      () =>
        withLine(
          BLOCK,
          (WHOLE.split('\n')[BLOCK - 1] ?? '').replace('"kind"', '"__proto__":{"arm":5},"kind"'),
        ),
      /line 3: it has a field that is none of its own$/,
    ],
    [
      'a prototype among counts',
      () =>
        withLine(BLOCK, (WHOLE.split('\n')[BLOCK - 1] ?? '').replace('"notes":{', '"notes":{"__proto__":1')),
      /line 3: counts\.notes has /,
    ],
    [
      'a tag in a name',
      () => changed(1, (record) => ({ ...record, commandLine: ['<img src=x onerror=alert(1)>'] })),
      /line 1: commandLine\.0 has characters that cannot be shown, or a tag$/,
    ],
    [
      'a tag in the name of an outcome',
      () => withLine(1, JSON.stringify(header).replace('"name":"bug"', '"name":"<img onerror=alert(1)>"')),
      /line 1: .*name has characters that cannot be shown, or a tag$/,
    ],
    [
      'text that turns its direction',
      () => changed(1, (record) => ({ ...record, commandLine: ['a\u202eb'] })),
      /line 1: commandLine\.0 has characters/,
    ],
    [
      'private characters',
      () => changed(1, (record) => ({ ...record, commandLine: ['a\ue000b'] })),
      /line 1: commandLine\.0 has characters/,
    ],
    [
      'an escape sequence',
      () => changed(1, (record) => ({ ...record, commandLine: ['\u001b[2J'] })),
      /line 1: commandLine\.0 has characters/,
    ],
    [
      'a second header',
      () => withLine(BLOCK, JSON.stringify(header)),
      /line 3: it is of no kind that there is$/,
    ],
    [
      'a line behind its verdict',
      () => `${WHOLE}${JSON.stringify(VERDICT)}\n`,
      /line \d+ is behind the verdict$/,
    ],
    [
      'a line of 10 MB',
      () => withLine(BLOCK, `{"kind":"look","x":"${'x'.repeat(1e7)}"}`),
      /line 3 is longer than any that is written \(8 MiB\)$/,
    ],
    ['a file of 100 MB without a line', () => `{"journal":${' '.repeat(1e8)}`, /line 1 is longer than any/],
    [
      'a document of 100 MB',
      () => `{"schema":"ebtorture.compare/1","arms":[${'0,'.repeat(5e7)}0]}`,
      /is larger than 64 MiB$/,
    ],
    [
      'a line nested a million deep',
      () => withLine(BLOCK, `{"kind":"look","done":${deep}`),
      /line 3 is no JSON object$/,
    ],
    [
      'a document nested a million deep',
      () => `{"schema":"ebtorture.compare/1","arms":${deep}`,
      /no whole JSON document/,
    ],
    [
      'a document with a tag',
      () => JSON.stringify({ schema: '<img onerror=alert(1)>' }),
      /a document of the schema '<img onerror=alert\(1\)>'; /,
    ],
  ])('gets one line, 64, and nothing is written: %s', async (_, content, message) => {
    const { status, out, err } = await reported(content());

    expect(err).toMatch(/^ebtorture: report: 'file'[^\n]*\n$/);
    expect(err.trimEnd()).toMatch(message);
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(readdirSync(cwd)).not.toContain('page.html');
    expect(({} as Record<string, unknown>)['arm']).toBeUndefined();
  });
});
