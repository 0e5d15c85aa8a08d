/** Runs many generated command lines and collects what is wrong with how they end. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, fuzzFolder } from './folder.ts';
import { type Ended, objections } from './judge.ts';
import { commandLine } from './line.ts';
import { runInProcess, runProcess } from './run-line.ts';

/** Which lines, and how. */
export interface FuzzOptions {
  readonly seed: number;
  /** Number of the first line. @default 0 */
  readonly from?: number;
  readonly count: number;
  /** `process`: the built program, which waits for slow plug-ins too. `here`: from its sources, with an engine that runs nothing. */
  readonly where: 'process' | 'here';
  /** How many at a time. @default 1 */
  readonly parallel?: number;
  readonly onLine?: (fuzzed: FuzzedLine) => void;
}

export interface FuzzedLine {
  readonly index: number;
  readonly argv: readonly string[];
  readonly ended: Ended;
  readonly ms: number;
  readonly objections: readonly string[];
}

export interface FuzzCounts {
  /** How many lines ended with each status. */
  readonly statuses: ReadonlyMap<number | null, number>;
  readonly failures: readonly FuzzedLine[];
  readonly longestMs: number;
}

/**
 * Runs lines `from` to before `from + count` of the seed. Some of the shortest are drawn again and again: what is equal to one before
 * ends as that did.
 */
export async function fuzzLines(options: FuzzOptions): Promise<FuzzCounts> {
  const { from = 0, count, parallel = 1, onLine } = options;
  const known = new Map<string, FuzzedLine>();
  const statuses = new Map<number | null, number>();
  const failures: FuzzedLine[] = [];
  let longestMs = 0;
  let next = from;
  const worker = async (): Promise<void> => {
    const folder = fuzzFolder();
    try {
      while (next < from + count) {
        const line = await fuzzed(next++, folder, { ...options, known });
        const { status } = line.ended;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        longestMs = Math.max(longestMs, line.ms);
        if (line.objections.length > 0) failures.push(line);
        onLine?.(line);
      }
    } finally {
      folder.remove();
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return { statuses, failures, longestMs };
}

async function fuzzed(
  index: number,
  folder: Folder,
  { seed, where, known }: FuzzOptions & { readonly known: Map<string, FuzzedLine> },
): Promise<FuzzedLine> {
  const argv = commandLine(seed, index, { folder, mayBeSlow: where === 'process' });
  const before = known.get(JSON.stringify(argv));
  if (before !== undefined) return { ...before, index };
  const startedAt = performance.now();
  const ended = await (where === 'process' ? runProcess : runInProcess)(argv, folder.path);
  const ms = performance.now() - startedAt;
  const damage = folder.damage().map((name) => `has damaged or left ${JSON.stringify(name)}`);
  for (const name of ['out.json', 'out.html']) rmSync(join(folder.path, name), { force: true });
  const line = { index, argv, ended, ms, objections: [...objections(argv, ended), ...damage] };
  known.set(JSON.stringify(argv), line);
  return line;
}

/** A line with what is wrong with it, to be pasted into a report. */
export function failureText({ index, argv, ended, objections: wrong }: FuzzedLine): string {
  const words = JSON.stringify(argv.map((word) => (word.length > 200 ? `${word.slice(0, 200)}...` : word)));
  return `line ${index}: ${wrong.join('; ')}\n  ${words}\n  status ${ended.status}: ${ended.stderr.slice(0, 600)}`;
}
