import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { withAside } from '../../../src/cli/aside.ts';

function fileAside(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ebtorture-aside-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'run.json.1.tmp');
}

describe('withAside', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'takes the file with it where %s ends the process',
    async (signal) => {
      const path = fileAside();
      const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
      onTestFinished(() => kill.mockRestore());
      const before = process.listenerCount(signal);

      await withAside(path, async () => {
        writeFileSync(path, 'half');
        process.emit(signal, signal);
        await Promise.resolve();
      });

      expect(existsSync(path)).toBe(false);
      expect(kill.mock.calls).toEqual([[process.pid, signal]]);
      expect(process.listenerCount(signal)).toBe(before);
    },
  );

  it('leaves a signal to those that wait for it', async () => {
    const path = fileAside();
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const waits = vi.fn<() => void>();
    process.on('SIGTERM', waits);
    onTestFinished(() => {
      kill.mockRestore();
      process.off('SIGTERM', waits);
    });

    await withAside(path, async () => {
      writeFileSync(path, 'half');
      process.emit('SIGTERM', 'SIGTERM');
      await Promise.resolve();
    });

    expect([existsSync(path), kill.mock.calls.length, waits.mock.calls.length]).toEqual([true, 0, 1]);
  });
});
