/**
 * What does a journal cost? Reading: `report`, built, of a journal of 24 hours, from the start of its process to its end. Writing: the
 * processor time of the main process per line, each on the disk before the next one; a block that a line stands for is some 200 ms long.
 * And what a run loses by it: trials per second with `--out` over those without, in pairs of runs of the built program.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OutJournal } from '../src/cli/out-journal.ts';
import { type Pair, type PairedRatio, pairedRatio } from '../src/stats/paired-ratio.ts';
import { Prng } from '../src/stats/prng.ts';
import type { CompareResult } from '../src/stress/result/result.ts';
import { journalText, sampleRecords } from '../test/helpers/sample-journal.ts';

const HOURS = 24;
const MS_PER_HOUR = 3_600_000;
const LINES_WRITTEN = 2_000;
/** Pairs of runs of each command, unless told otherwise: fewer than 6 have no interval at 95 %. */
export const JOURNAL_PAIRS = 10;
const CONFIDENCE = 0.95;
/** Commands of which pairs are run. */
const RUNS = [
  'compare --strategies upstream,none --no-prove --no-cost --duration 3s',
  'stress --strategy upstream --duration 3s',
];
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** Tells at the end of a process how much memory it ever had, in kB, and its processor time in us. */
const TELL =
  'process.on("exit",()=>{const u=process.resourceUsage();' +
  'console.error(`maxrss ${u.maxRSS} cpu ${u.userCPUTime+u.systemCPUTime}`)})';

/** What was measured. */
export interface JournalCosts {
  readonly hours: number;
  readonly lines: number;
  readonly megabytes: number;
  readonly readSeconds: number;
  /** Of all threads of that process: what the seconds would be on an idle host, at most. */
  readonly readCpuSeconds: number;
  readonly readMegabytes: number;
  readonly writeMicrosecondsPerLine: number;
  readonly throughput: readonly JournaledThroughput[];
}

/** Trials per second of a command with its journal over those without. */
export interface JournaledThroughput extends PairedRatio {
  readonly command: string;
}

/** Writes and reads, and runs so many pairs of each command. The program must have been built. */
export async function journalSuite(pairs: number): Promise<JournalCosts> {
  const folder = mkdtempSync(join(tmpdir(), 'ebtorture-bench-'));
  try {
    const { header, records } = await sampleRecords(HOURS * MS_PER_HOUR);
    const path = join(folder, 'day.jsonl');
    writeFileSync(path, journalText([header, ...records]));
    const began = performance.now();
    const tell = `data:text/javascript,${encodeURIComponent(TELL)}`;
    const { status, stderr } = spawnSync(process.execPath, ['--import', tell, MAIN, 'report', path], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const readSeconds = (performance.now() - began) / 1000;
    if (status !== 0) throw new Error(`report exited with ${status}: ${stderr}`);
    const [, maxRss, cpu] = /maxrss (\d+) cpu (\d+)/.exec(stderr) ?? [];
    return {
      hours: HOURS,
      lines: records.length + 1,
      megabytes: statSync(path).size / 1e6,
      readSeconds,
      readCpuSeconds: Number(cpu) / 1e6,
      readMegabytes: (Number(maxRss) * 1024) / 1e6,
      writeMicrosecondsPerLine: await writing(join(folder, 'written.jsonl'), { header, records }),
      throughput: RUNS.map((command) => journaledThroughput(command, { folder, pairs })),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Two runs with the same seed, one after the other, in random order. */
function journaledThroughput(
  command: string,
  { folder, pairs: count }: { readonly folder: string; readonly pairs: number },
): JournaledThroughput {
  const prng = new Prng(1);
  const pairs = Array.from({ length: count }, (_, seed): Pair => {
    const words = [...command.split(' '), '--seed', String(seed), '--json', '--quiet'];
    const run = (out: readonly string[]): number => trialsPerSecond([...words, ...out]);
    const out = ['--out', join(folder, 'paired.jsonl')];
    if (prng.nextBelow(2) === 0) return { a: run(out), b: run([]) };
    const b = run([]);
    return { a: run(out), b };
  });
  return { command, ...pairedRatio({ pairs, confidence: CONFIDENCE }) };
}

/** Of all arms, from the start of the threads to the last block: what is put down between two blocks counts. */
function trialsPerSecond(words: readonly string[]): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status === null || status > 2) throw new Error(`${words.join(' ')} exited with ${status}: ${stderr}`);
  const { arms, elapsedMs } = JSON.parse(stdout) as Pick<CompareResult, 'arms' | 'elapsedMs'>;
  return (1000 * arms.reduce((sum, { trials }) => sum + trials, 0)) / elapsedMs;
}

async function writing(
  path: string,
  { header, records }: Awaited<ReturnType<typeof sampleRecords>>,
): Promise<number> {
  const { journal: _, kind: __, commandLine, options, seed, ...own } = header;
  const journal = new OutJournal({ path, called: { command: 'compare', commandLine, options, seed } });
  await journal.begin(own);
  const before = process.cpuUsage();
  const written = records.slice(0, LINES_WRITTEN);
  for (const record of written) {
    journal.add(record);
    // As in a run: the next block ends when this line is there.
    await journal.written();
  }
  const { user, system } = process.cpuUsage(before);
  await journal.close();
  return (user + system) / written.length;
}

/** As a table. */
export function formatJournal(costs: JournalCosts): string {
  const { hours, lines, megabytes, readSeconds, readCpuSeconds, readMegabytes } = costs;
  return [
    `Journal of ${hours} hours: ${lines} lines, ${megabytes.toFixed(1)} MB`,
    `  report reads it in ${readSeconds.toFixed(2)} s (processor time ${readCpuSeconds.toFixed(2)} s) and ${readMegabytes.toFixed(0)} MB`,
    `  writing takes ${costs.writeMicrosecondsPerLine.toFixed(0)} us of processor time per line`,
    ...costs.throughput.map(
      ({ command, median, low, high, confidence, pairs }) =>
        `  ${command}: trials/s with --out over without ${median.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}], ` +
        `${pairs} pairs, ${(100 * confidence).toFixed(0)} %`,
    ),
  ].join('\n');
}
