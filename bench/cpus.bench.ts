/**
 * Does `cpus` measure what there is to measure? The round trip of two threads of Node beside that of two threads of a C program, pair
 * by pair of processors, in turns of a few milliseconds, so that whatever the host does hits both: AB, BA, AB ... Of each distance
 * the first pair; of a machine with two processors the only one.
 */
import { readTopology } from '../src/stress/host/read-topology.ts';
import type { PingPair as SourcePingPair } from '../src/stress/cpus/ping-pair.ts';
import { pairsToMeasure, type ProcessorPair } from '../src/stress/cpus/pair-plan.ts';
import { medianInterval } from '../src/stats/median-interval.ts';
import { pairedRatio } from '../src/stats/paired-ratio.ts';
import { Prng } from '../src/stats/prng.ts';
import { median } from '../src/stats/quantile.ts';
import { BlockProcess } from './block-process.ts';
import { compileNative } from './native-program.ts';

const TURNS = 60;
const CONFIDENCE = 0.95;

// The built one: what users run.
const built = (await import(new URL('../dist/stress/cpus/ping-pair.js', import.meta.url).href)) as {
  readonly PingPair: new () => SourcePingPair;
};

/** A pair, measured by both. */
export interface CpusRow extends ProcessorPair {
  readonly node: readonly number[];
  readonly native: readonly number[];
}

/** Measures; undefined without a C compiler, without two processors, and where threads cannot be kept on them. */
export async function cpusSuite(): Promise<readonly CpusRow[] | undefined> {
  const { processors } = await readTopology();
  const all = pairsToMeasure(processors, new Prng(1));
  const compiled = all.length === 0 ? undefined : compileNative('ping');
  if (compiled === undefined) return undefined;
  const native = new BlockProcess([compiled.path]);
  const node = new built.PingPair();
  try {
    await node.started();
    const rows: CpusRow[] = [];
    for (const pair of all.filter(
      (one, index) => all.findIndex((other) => other.distance === one.distance) === index,
    )) {
      if ((await node.move([pair.a, pair.b])) !== null) return undefined;
      rows.push({ ...pair, ...(await inTurns(node, native, pair)) });
    }
    return rows;
  } finally {
    await node.end();
    await native.end();
    compiled.remove();
  }
}

/** Turns in which both have answered. */
async function inTurns(
  node: SourcePingPair,
  native: BlockProcess,
  { a, b }: ProcessorPair,
): Promise<Pick<CpusRow, 'node' | 'native'>> {
  const found = { node: [] as number[], native: [] as number[] };
  for (let turn = 0; turn < TURNS; turn++) {
    const first = turn % 2 === 0 ? await node.visit() : null;
    const other = Number(await native.ask(`${a} ${b}`));
    const ns = first ?? (turn % 2 === 0 ? null : await node.visit());
    if (ns === null || !(other > 0)) continue;
    found.node.push(ns);
    found.native.push(other);
  }
  return found;
}

/** For people. */
export function formatCpus(rows: readonly CpusRow[]): string {
  return [
    'Round trip between two processors, ns: threads of Node, of C, and their ratio, turn by turn',
    ...rows.map(({ a, b, distance, node, native }) => {
      const label = `  ${a}-${b} ${distance}`.padEnd(20);
      if (node.length === 0) return `${label}never both`;
      const pairs = node.map((ns, turn) => ({ a: ns, b: native[turn] ?? Number.NaN }));
      const ratio = pairedRatio({ pairs, confidence: CONFIDENCE });
      const { low, high } = medianInterval(node, CONFIDENCE);
      return (
        `${label}${median(node).toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}]  ${median(native).toFixed(1)}  ` +
        `${ratio.median.toFixed(3)} [${ratio.low.toFixed(3)}, ${ratio.high.toFixed(3)}]  (${node.length} of ${TURNS} turns)`
      );
    }),
  ].join('\n');
}
