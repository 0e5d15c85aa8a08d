import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { checkOutFile, type OpenFile, saveOutFile } from '../../../src/cli/out-file.ts';
import { HarnessError } from '../../../src/stress/plan/harness-error.ts';

let directory = '';
let path = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebtorture-out-'));
  path = join(directory, 'run.json');
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
});

/** A disk that is full after half of the document, or when it is synced. */
function fullDisk(when: 'writing' | 'syncing'): OpenFile {
  const failure = (call: string): Error =>
    Object.assign(new Error(`ENOSPC: no space left on device, ${call}`), { code: 'ENOSPC' });
  return async (name, flags) => {
    const file = await open(name, flags);
    return {
      writeFile: async (text) => {
        const whole = String(text);
        await file.writeFile(when === 'writing' ? whole.slice(0, whole.length / 2) : whole);
        if (when === 'writing') throw failure('write');
      },
      sync: () => (when === 'syncing' ? Promise.reject(failure('fsync')) : file.sync()),
      close: () => file.close(),
    };
  };
}

describe('saveOutFile', () => {
  it.each(['writing', 'syncing'] as const)(
    'leaves an old file alone when the disk is full while %s',
    async (when) => {
      writeFileSync(path, 'old');

      const failure = await saveOutFile(path, 'a new document', { openFile: fullDisk(when) }).catch(
        (error: unknown) => error,
      );

      expect(failure).toBeInstanceOf(HarnessError);
      expect(failure).toMatchObject({
        code: 'ERR_OUTPUT_FAILED',
        message: `--out: cannot save ${path}: no space left on device (ENOSPC); the result is on stdout only`,
      });
      expect(readdirSync(directory)).toEqual(['run.json']);
      expect(readFileSync(path, 'utf8')).toBe('old');
    },
  );

  it('shows the whole document or the old one at every moment', async () => {
    writeFileSync(path, 'old');
    const seen: string[] = [];
    const look = (): void => {
      seen.push(readFileSync(path, 'utf8'));
    };
    const openFile: OpenFile = async (name, flags) => {
      const file = await open(name, flags);
      look();
      return {
        writeFile: async (text) => {
          await file.writeFile(text);
          look();
        },
        sync: async () => {
          await file.sync();
          look();
        },
        close: async () => {
          await file.close();
          look();
        },
      };
    };
    await saveOutFile(path, 'a new document', { openFile });
    look();

    expect(seen).toEqual(['old', 'old', 'old', 'old', 'a new document']);
    expect(readdirSync(directory)).toEqual(['run.json']);
  });

  it('follows no link that lies where it writes aside', async () => {
    const victim = join(directory, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, `${path}.${process.pid}.tmp`);

    await saveOutFile(path, 'document');

    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(readFileSync(path, 'utf8')).toBe('document');
    expect(readdirSync(directory)).toEqual(['run.json', 'victim']);
  });
});

describe('checkOutFile', () => {
  it('takes a new name and makes no file', async () => {
    expect(await checkOutFile('--out', 'run.json', { cwd: directory })).toBe(path);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('follows a link to the file it stands for', async () => {
    writeFileSync(path, 'old');
    const link = join(directory, 'link.json');
    symlinkSync(path, link);

    await saveOutFile(await checkOutFile('--out', 'link.json', { cwd: directory }), 'new');

    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readFileSync(link, 'utf8')).toBe('new');
  });
});
