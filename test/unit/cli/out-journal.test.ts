import { mkdtempSync, promises, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenJournalFile, OutJournal } from '../../../src/cli/out-journal.ts';
import type { CompareResult } from '../../../src/stress/result/result.ts';
import { journalText, sampleRecords } from '../../helpers/sample-journal.ts';
import { savedDocument } from '../../helpers/saved-document.ts';

const directory = mkdtempSync(join(tmpdir(), 'ebtorture-out-journal-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const path = join(directory, 'run.jsonl');

const { header, records } = await sampleRecords(3_000);
const { journal: _, kind: __, commandLine, options, seed, ...own } = header;
const called = { command: 'compare', commandLine, options, seed } as const;

/** A disk with room for so many bytes: of a write that does not fit it takes what does. */
function diskOf(bytes: number): OpenJournalFile {
  let left = bytes;
  return async (name, flags) => {
    const file = await promises.open(name, flags);
    return {
      appendFile: async (text) => {
        const whole = Buffer.from(String(text));
        const fits = whole.subarray(0, left);
        left -= fits.length;
        await file.appendFile(fits);
        if (fits.length < whole.length) {
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        }
      },
      datasync: () => file.datasync(),
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  };
}

describe('OutJournal on a full disk', () => {
  const headerBytes = Buffer.byteLength(journalText([header]));
  const message = `--out: cannot save ${path}: no space left on device (ENOSPC); the result is on stdout only`;

  beforeEach(() => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
  });

  it('says so once, keeps whole lines, and returns the failure in the end', async () => {
    let failures = 0;
    const room = headerBytes + Buffer.byteLength(journalText(records.slice(0, 5))) + 100;
    const journal = new OutJournal({
      path,
      called,
      onFailure: () => failures++,
      openFile: diskOf(room),
    });
    await journal.begin(own);
    for (const record of records) {
      journal.add(record);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const failure = await journal.finish({}, { verdict: 'as-declared', isInterrupted: true });
    await journal.close();

    expect(failure).toMatchObject({ code: 'ERR_OUTPUT_FAILED', message });
    expect(failures).toBe(1);
    const text = readFileSync(path, 'utf8');
    expect(text.endsWith('}\n')).toBe(true);
    const kept = text.split('\n').length - 2;
    expect(text).toBe(journalText([header, ...records.slice(0, kept)]));
    const { arms, isInterrupted } = await savedDocument<CompareResult>(path);
    const blocks = records.slice(0, kept).filter((record) => record.kind === 'block');
    expect(isInterrupted).toBe(true);
    expect(arms.reduce((sum, { trials }) => sum + trials, 0)).toBe(
      blocks.reduce((sum, { block }) => sum + block.trials, 0),
    );
  });

  it('leaves what was there alone where there is no room for a header', async () => {
    writeFileSync(path, 'old');
    const journal = new OutJournal({ path, called, openFile: diskOf(headerBytes - 1) });

    await expect(journal.begin(own)).rejects.toMatchObject({ code: 'ERR_OUTPUT_FAILED', message });
    await journal.close();
    expect(readdirSync(directory)).toEqual(['run.jsonl']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});
