/**
 * How does throughput depend on the number of actors, of instances and on the stride, and memory on the number of worlds and instances?
 *
 * instances: of `none` on `primed`, each where the plan for this machine has it; behind what the processors hold they take turns. What
 * the main thread takes of a core is measured with 64 of them that are idle but for a stride in each block.
 * actors: 2 to 8 on `primed`, finders and reclaims in turn, stride 64; more actors than processors take turns.
 * stride: 1 to 1024 with two actors and four strides of worlds. worlds: resident memory of `ebtorture stress` itself.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../src/stats/quantile.ts';
import { procText } from '../src/stress/host/proc.ts';
import type { BlockResult } from '../src/stress/plan/block-result.ts';
import { type EngineSetting, runEngineBlock, startEngine } from './engine-session.ts';

const BLOCK_MS = 150;
const BLOCKS = 7;
const IDLE_INSTANCES = 64;
const IDLE_BLOCK_MS = 200;
const IDLE_BLOCKS = 25;
const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** Prints the peak resident set of the command that it runs, in kB, on stderr. */
const PEAK_MEMORY = `
  process.argv.splice(1, 1);
  process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'));
  await import(process.argv[1]);
`;

/** One measurement. */
export interface ScalingRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** Throughput and memory as the settings grow. */
export async function scalingSuite(): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = [];
  for (let actors = 2; actors <= 8; actors++) {
    const counts = [
      { role: 'finder', count: Math.ceil(actors / 2) },
      { role: 'reclaim', count: Math.floor(actors / 2) },
    ];
    rows.push({ what: `${actors} actors`, ...(await throughput({ strategy: 'upstream', actors: counts })) });
  }
  for (const stride of [1, 4, 16, 64, 256, 1024]) {
    const setting = { strategy: 'upstream', stride, worlds: 4 * stride };
    rows.push({ what: `stride ${stride}`, ...(await throughput(setting)) });
  }
  for (const worlds of [256, 10_000, 100_000, 1_000_000]) {
    rows.push({ what: `${worlds} worlds`, ...residentOf(['--worlds', String(worlds)]) });
  }
  for (const instances of instanceCounts()) {
    const what = counted(instances);
    const { trials, violations } = await instancesPerSecond(instances);
    rows.push({ what, value: trials / 1e6, unit: 'M trials/s' });
    rows.push({ what, value: violations, unit: 'violations/s' });
    rows.push({ what, ...residentOf(['--instances', String(instances)]) });
  }
  rows.push({ what: `main thread, ${IDLE_INSTANCES} idle instances`, ...(await mainThreadShare()) });
  return rows;
}

const counted = (instances: number): string => (instances === 1 ? '1 instance' : `${instances} instances`);

/** 1, 2, 4 and so on, to the first that is more than the processors hold, and to four at least. */
function instanceCounts(): number[] {
  const counts = [1];
  const holds = Math.floor(availableParallelism() / 2);
  for (let count = 2; count <= Math.max(4, 2 * holds); count *= 2) counts.push(count);
  return counts;
}

/** Peak memory of `ebtorture stress` with these arguments. */
function residentOf(args: readonly string[]): Pick<ScalingRow, 'value' | 'unit'> {
  const { stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', PEAK_MEMORY, '-', MAIN, 'stress', ...args, '--duration', '1s'],
    { encoding: 'utf8' },
  );
  const kilobytes = Number(/peak (\d+)/.exec(stderr)?.[1] ?? NaN);
  return { value: kilobytes / 1024, unit: 'MiB resident' };
}

/** Medians over blocks, of all instances together. */
async function instancesPerSecond(instances: number): Promise<{ trials: number; violations: number }> {
  const session = await startEngine({ strategy: 'none', instances }, availableParallelism());
  try {
    const blocks: BlockResult[] = [];
    for (let block = 0; block < BLOCKS; block++) {
      const ran = await runEngineBlock(session, BLOCK_MS);
      if (block > 1) blocks.push(ran);
    }
    await session.end();
    return {
      trials: median(blocks.map(({ trials, seconds }) => trials / seconds)),
      violations: median(blocks.map(({ violations, seconds }) => violations / seconds)),
    };
  } finally {
    await session.destroy();
  }
}

/**
 * Processor time of the main thread for a block, over the usual length of one. The actors mostly sleep: one stride each is all that they
 * do. Where 64 instances take turns on a few processors, that takes longer than a block, so that it is not the time they took that counts.
 */
async function mainThreadShare(): Promise<Pick<ScalingRow, 'value' | 'unit'>> {
  const setting = { strategy: 'upstream', instances: IDLE_INSTANCES };
  const session = await startEngine(setting, availableParallelism());
  try {
    const stride = { arm: 0, round: 0, ms: 60_000, trialsMax: 64 * IDLE_INSTANCES };
    for (let block = 0; block < BLOCKS; block++) await session.runBlock(stride);
    const before = mainThreadMs();
    for (let block = 0; block < IDLE_BLOCKS; block++) {
      await session.runBlock(stride);
      await setTimeout(IDLE_BLOCK_MS);
    }
    const blockMs = (mainThreadMs() - before) / IDLE_BLOCKS;
    await session.end();
    return { value: (100 * blockMs) / IDLE_BLOCK_MS, unit: '% of a core' };
  } finally {
    await session.destroy();
  }
}

/** What Linux has given to the main thread so far; NaN elsewhere. */
function mainThreadMs(): number {
  const text = procText(`/proc/self/task/${process.pid}/schedstat`);
  return text === undefined ? NaN : Number(text.split(' ')[0]) / 1e6;
}

async function throughput(
  setting: EngineSetting,
): Promise<{ readonly value: number; readonly unit: string }> {
  const session = await startEngine(setting, availableParallelism());
  try {
    const rates: number[] = [];
    for (let block = 0; block < BLOCKS; block++) {
      const { trials, seconds } = await runEngineBlock(session, BLOCK_MS);
      if (block > 1) rates.push(trials / seconds);
    }
    await session.end();
    return { value: median(rates) / 1e6, unit: 'M trials/s' };
  } finally {
    await session.destroy();
  }
}
