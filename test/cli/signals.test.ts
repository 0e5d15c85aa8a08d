/**
 * Signals at random moments: every command ends as documented, within its limit, and leaves nothing behind. `SIGNALS=200` sends
 * more, `SIGNALS_SEED` others.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sendSignals, type SignalEnd } from '../helpers/signals.ts';

const COUNT = Number(process.env['SIGNALS'] ?? 20);
const SEED = Number(process.env['SIGNALS_SEED'] ?? 1 + Math.floor(Math.random() * 1e6));
const MS_PER_SIGNAL = 20_000;
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const text = ({ command, signal, delayMs, tookMs, faults }: SignalEnd): string =>
  `ebtorture ${command}: ${signal} after ${delayMs} ms, ended ${Math.round(tookMs)} ms later ${faults.join('; ')}`;

describe('a signal', () => {
  it(
    `ends every command (${COUNT} signals, SIGNALS_SEED=${SEED})`,
    { timeout: 60_000 + COUNT * MS_PER_SIGNAL },
    async () => {
      const saved = await output('compare --trials 1k --no-prove --json --quiet');
      const search = JSON.parse(await output('explore --strategy none --pages 1 --json --quiet')) as {
        readonly violations: readonly { readonly witness: { readonly schedule: string } | null }[];
      };
      const schedule = search.violations[0]?.witness?.schedule ?? '';
      const files = { 'saved.json': saved, 'schedule.txt': schedule };

      const ends = await sendSignals({ count: COUNT, seed: SEED, files });

      const faulty = ends.filter(({ faults }) => faults.length > 0).map(text);
      expect(faulty, `SIGNALS_SEED=${SEED}`).toEqual([]);
      expect(ends).toHaveLength(COUNT);
    },
  );
});

async function output(command: string): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...command.split(' ')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  await once(child, 'close');
  return stdout;
}
