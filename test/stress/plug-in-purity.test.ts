/** Plug-ins that do not do the same twice, in the built program: refused in one line by both engines. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allOr } from '../helpers/full.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const RULE = 'a strategy must do the same whenever its steps return the same';

interface Finished {
  readonly status: number | string | null | undefined;
  readonly line: string;
}

/** Upstream's fix, where it is applied at all. */
async function run(command: 'explore' | 'stress', before: string, isApplied: string): Promise<Finished> {
  const directory = mkdtempSync(join(tmpdir(), 'ebtorture-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'fix.mjs');
  const body = `super.setIoPages(eb, reads); if (${isApplied}) this.checkBufferTreeRef(eb);`;
  writeFileSync(
    path,
    `${before}\nexport default (Base) => class extends Base { setIoPages(eb, reads) { ${body} } };`,
  );
  const length = command === 'explore' ? [] : ['--trials', '2k'];
  const args = [MAIN, command, '--strategy', path, '--pages', '1', ...length];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, _stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, line: stderr.split('\n')[0] ?? '' });
    });
  });
}

type Impure = readonly [what: string, before: string, isApplied: string];

/** One of each kind of guard. */
const calls: readonly Impure[] = [
  ['crypto.randomInt', "import { randomInt } from 'node:crypto';", 'randomInt(2)'],
  ['Math.random', 'const { random } = Math;', 'random() < 0.5'],
  ['Date without a time', '', 'new Date().getTime() % 2'],
  ['process.hrtime.bigint', '', 'process.hrtime.bigint() % 2n'],
  ['fs.readFileSync', "import { readFileSync } from 'node:fs';", "readFileSync('/proc/uptime').length"],
];

/** What differs in how it is kept, and in when it tells. */
const memories: readonly Impure[] = [
  ['a counter in the module', 'let calls = 0;', '++calls % 2'],
  ['a counter that goes off later', 'let calls = 0;', '++calls < 300'],
  ['a WeakMap', 'const seen = new WeakMap();', '!seen.has(this) && seen.set(this, 1)'],
];
/** Other places for the counter in the module. */
const likeMemories: readonly Impure[] = [
  ['a global', '', '(globalThis.calls = (globalThis.calls ?? 0) + 1) % 2'],
  ['a regular expression', 'const word = /a/g;', "word.test('aa')"],
];

describe.each(['explore', 'stress'] as const)('%s refuses', (command) => {
  // The threads of both engines have the same guards: a run of stress takes three times as long, and shows one of them.
  it.each(command === 'explore' ? calls : allOr(calls, calls.slice(0, 1)))(
    'a call of %s',
    async (member, before, isApplied) => {
      const { status, line } = await run(command, before, isApplied);

      expect(line).toMatch(/setIoPages \(fix\.mjs:2\) calls /);
      expect(line.endsWith(`calls ${member}: ${RULE}`)).toBe(true);
      expect(status).toBe(70);
    },
  );

  it('what it was told by a catch of its own', async () => {
    const coin = 'const coin = () => { try { return Math.random() < 0.5; } catch { return true; } };';
    const { status, line } = await run(command, coin, 'coin()');

    expect(line).toContain(`coin (fix.mjs:1) calls Math.random: ${RULE}`);
    expect(status).toBe(70);
  });

  it('a coin that is thrown while it is loaded', async () => {
    const { status, line } = await run(command, 'const coin = Math.random() < 0.5;', 'coin');

    expect(line).toContain('calls Math.random while it is loaded');
    expect(status).toBe(64);
  });

  it('a change to a built-in, at once or later', async () => {
    const atOnce = await run(command, 'Array.prototype.at = () => 1;', 'true');
    const later = await run(command, '', '(Array.prototype.at = () => 1)');

    expect(atOnce.line).toContain('changes Array.prototype.at: a plug-in must leave the built-ins alone');
    expect(atOnce.status).toBe(64);
    expect(later.line).toContain('changes Array.prototype.at: a plug-in must leave the built-ins alone');
    expect(later.status).not.toBe(0);
  });
});

it.each(allOr<readonly ('explore' | 'stress')[]>(['explore', 'stress'], ['explore']))(
  '%s refuses an async helper',
  async (command) => {
    const { status, line } = await run(command, 'const help = async () => 1;', 'help()');

    expect(line).toContain(`makes a promise, or calls an async function: ${RULE}`);
    expect(status).toBe(70);
  },
);

it("a clock that is read while it is loaded is nobody's step", async () => {
  expect(await run('explore', 'const loaded = Date.now();', 'loaded > 0')).toEqual({ status: 0, line: '' });
});

describe('stress refuses memory of earlier trials', () => {
  it.each(allOr([...memories, ...likeMemories], memories))('%s', async (_, before, isApplied) => {
    const { status, line } = await run('stress', before, isApplied);

    expect(line).toMatch(
      /fix\.mjs does not do the same when its steps return the same: it depends on a clock/,
    );
    expect(status).toBe(70);
  });
});
