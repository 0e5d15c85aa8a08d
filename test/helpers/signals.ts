/** Runs the built program, sends it a signal at a random moment, and looks at how it ends and what it leaves behind. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Prng } from '../../src/stats/prng.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Moments are log-uniform: in the start of the process, in that of its threads, and in its work. */
const DELAY_MS = [15, 2_500] as const;
/** How long a command may take to end: two seconds of its own time, and ten by the wall clock of a busy host; and some to be told. */
const LIMIT_MS = 15_000;
/** What a command has started may end a moment after it. */
const GONE_MS = 2_000;
/** A command that was interrupted, and what one may say that came to its end before the signal. */
const STATUSES: ReadonlySet<number> = new Set([0, 1, 2, 130]);

const SLOW = `await new Promise((resolve) => setTimeout(resolve, 4000));
export default (Base) => class extends Base {};`;
const BLOCKED = `import { execSync } from 'node:child_process';
execSync('sleep 60');
export default (Base) => class extends Base {};`;
const SPINS = `export default (Base) => class extends Base { setIoPages() { for (;;); } };`;

/** Command lines that run for long; every command is among them, most of them in several of their phases. */
export const LONG_RUNS: readonly string[] = [
  'compare --duration 60s --out run.json',
  'compare --trials 1k --quiet',
  'compare --strategies none,upstream --trials 1k --json --out run.json',
  'compare --agree --trials 1k --actors finder=2,reclaim=1',
  'stress --strategy upstream --duration 60s',
  'stress --strategy ./slow.mjs --duration 1s',
  'stress --strategy ./spins.mjs --duration 5s',
  'stress --tune --strategy none --duration 60s',
  'window --duration 60s --out window.json',
  'explain --strategy upstream --duration 60s',
  'mutate --explore-only --model --out mutants.json',
  'mutate --time-per-mutant 100ms --time-max 200ms --out mutants.json',
  'mutate --strategy ./slow.mjs',
  'explore --actors finder=5,reclaim=2',
  'explore --strategy none --pages 1',
  'explore --strategy ./slow.mjs --pages 1',
  'explore --strategy ./blocked.mjs --pages 1',
  'explore --strategy ./spins.mjs --pages 1',
  'explore --scheduler pct --schedules 100000000',
  'explore --scheduler uniform --schedules 100000000 --strategy none',
  'replay schedule.txt --strategy ./slow.mjs',
  'report saved.json --html page.html --junit page.xml',
  'diff saved.json saved.json --out diff.json',
  'hunt --kernel 5.7 --size 3 --out hunt.jsonl',
  'history --hardware --out history.jsonl',
  'explore --actors finder=5,reclaim=2 --out explore.jsonl',
  'cpus --out cpus.json',
  'cpus',
  'drift',
  'list',
  'completion',
];

/** One command, one signal. */
export interface SignalEnd {
  readonly command: string;
  readonly signal: NodeJS.Signals;
  /** After so many ms. */
  readonly delayMs: number;
  /** How long it took to end then. */
  readonly tookMs: number;
  /** What is wrong with it; empty if nothing is. */
  readonly faults: readonly string[];
}

/** How many, and which. */
export interface SignalOptions {
  readonly count: number;
  readonly seed: number;
  /** What commands read: a schedule and a saved result. */
  readonly files?: Readonly<Record<string, string>>;
  readonly onEnd?: (end: SignalEnd) => void;
}

/** Commands that run side by side. */
const AT_ONCE = 4;

/** Sends signals, each command once before any is taken twice. */
export async function sendSignals({ count, seed, files = {}, onEnd }: SignalOptions): Promise<SignalEnd[]> {
  const prng = new Prng(seed);
  const drawn: Pick<SignalEnd, 'command' | 'signal' | 'delayMs'>[] = [];
  let queue: string[] = [];
  for (let index = 0; index < count; index++) {
    if (queue.length === 0) queue = prng.shuffle([...LONG_RUNS]);
    const command = queue.pop() ?? '';
    const signal = SIGNALS[prng.nextBelow(SIGNALS.length)] ?? 'SIGINT';
    const [low, high] = DELAY_MS;
    const delayMs = Math.round(low * (high / low) ** prng.nextFloat());
    drawn.push({ command, signal, delayMs });
  }
  const ends: SignalEnd[] = [];
  const next = drawn.values();
  const send = async (): Promise<void> => {
    for (const draw of next) {
      const end = await sendSignal({ ...draw, files });
      onEnd?.(end);
      ends.push(end);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return ends;
}

async function sendSignal({
  command,
  signal,
  delayMs,
  files,
}: Pick<SignalEnd, 'command' | 'signal' | 'delayMs'> &
  Required<Pick<SignalOptions, 'files'>>): Promise<SignalEnd> {
  const cwd = mkdtempSync(join(tmpdir(), 'ebtorture-signals-'));
  const given = { 'slow.mjs': SLOW, 'blocked.mjs': BLOCKED, 'spins.mjs': SPINS, ...files };
  for (const [name, text] of Object.entries(given)) writeFileSync(join(cwd, name), text);
  // A group of its own shows what is left of it.
  const child = spawn(process.execPath, [MAIN, ...command.split(' ')], {
    cwd,
    detached: true,
    stdio: 'pipe',
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the program does not start');
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (status, by) => resolve([status, by]));
  });
  try {
    await Promise.race([closed, setTimeout(delayMs)]);
    const sentAt = performance.now();
    child.kill(signal);
    const ended = await Promise.race([closed, setTimeout(LIMIT_MS)]);
    const tookMs = performance.now() - sentAt;
    const faults: string[] = [];
    if (ended === undefined) faults.push(`has not ended ${LIMIT_MS} ms after the signal`);
    else faults.push(...faultsOf(ended, signal, stderr));
    if (!(await isGone(pid))) faults.push('leaves processes behind');
    const left = readdirSync(cwd).filter((name) => name.endsWith('.tmp'));
    if (left.length > 0) faults.push(`leaves ${left.join(', ')}`);
    return { command, signal, delayMs, tookMs, faults };
  } finally {
    killGroup(pid);
    await closed;
    rmSync(cwd, { recursive: true, force: true });
  }
}

function faultsOf(
  [status, by]: readonly [number | null, NodeJS.Signals | null],
  signal: NodeJS.Signals,
  stderr: string,
): string[] {
  const faults = /^\s+at .*:\d+/m.test(stderr) || /internal error/.test(stderr) ? [`says ${stderr}`] : [];
  // Before it listens, and while it has nothing to show yet, the signal ends it as it ends any process.
  if (by === signal || (status !== null && STATUSES.has(status))) return faults;
  return [...faults, `ends with ${status ?? by}: ${stderr}`];
}

async function isGone(group: number): Promise<boolean> {
  for (const until = performance.now() + GONE_MS; performance.now() < until; await setTimeout(20)) {
    try {
      process.kill(-group, 0);
    } catch {
      return true;
    }
  }
  return false;
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}
