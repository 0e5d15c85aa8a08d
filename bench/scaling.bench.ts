/**
 * How does throughput depend on the number of actors and on the stride, and memory on the number of worlds?
 *
 * actors: 2 to 8 on `primed`, finders and reclaims in turn, stride 64; more actors than processors take turns.
 * stride: 1 to 1024 with two actors and four strides of worlds. worlds: resident memory of `ebtorture stress` itself.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from '../src/stats/quantile.ts';
import { type EngineSetting, runEngineBlock, startEngine } from './engine-session.ts';

const BLOCK_MS = 150;
const BLOCKS = 7;
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
    const { stderr } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        PEAK_MEMORY,
        '-',
        MAIN,
        'stress',
        '--worlds',
        String(worlds),
        '--duration',
        '1s',
      ],
      { encoding: 'utf8' },
    );
    const kilobytes = Number(/peak (\d+)/.exec(stderr)?.[1] ?? NaN);
    rows.push({ what: `${worlds} worlds`, value: kilobytes / 1024, unit: 'MiB resident' });
  }
  return rows;
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
