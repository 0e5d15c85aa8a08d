import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const plugIn = fileURLToPath(new URL('../stress/strategies/changes-nothing.mjs', import.meta.url));

function ebtorture(...args: string[]): { readonly status: number | null; readonly stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  return { status, stdout };
}

it.each([
  ['of the project', 'none'],
  ['that is a plug-in', plugIn],
])('explains a violation of a strategy %s, and ends with the command that replays it', (_what, strategy) => {
  // Some violations in ten thousand trials, and half a minute of a million trials a second to meet the first.
  const explained = ebtorture('explain', '--strategy', strategy, '--duration', '30s', '--quiet');
  const command = explained.stdout.trimEnd().split('\n').at(-1)?.trim().split(' ') ?? [];

  const replayed = ebtorture(...command.slice(1));

  expect(explained.status).toBe(1);
  expect(command.slice(0, 2)).toEqual(['ebtorture', 'replay']);
  expect(replayed.status).toBe(1);
  expect(replayed.stdout).toMatch(/^BUG: .*\(B1\)$/m);
});
