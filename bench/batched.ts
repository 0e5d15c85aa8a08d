import type { Bench, FnReturnedObject } from 'tinybench';

/** Calls of one sample: a timer costs 20 to 30 ns, and an access a few. */
const BATCH = 10_000;

/**
 * Adds a task whose samples time `BATCH` calls of `call` at once and report one; `prepare` runs before each batch and is
 * not timed.
 */
export function addBatched(
  bench: Bench,
  name: string,
  call: () => void,
  prepare: () => void = () => {},
): void {
  const sample = (): FnReturnedObject => {
    prepare();
    const startedAt = process.hrtime.bigint();
    for (let turn = 0; turn < BATCH; turn++) call();
    const ms = Number(process.hrtime.bigint() - startedAt) / 1e6;
    return { overriddenDuration: ms / BATCH, overriddenIterationCost: ms };
  };
  bench.add(name, sample, { async: false });
}

/** What a suite prints and saves of one task, in ns per call. */
export interface Row {
  readonly name: string;
  readonly medianNs: number;
  readonly p25Ns: number;
  readonly p75Ns: number;
  readonly samples: number;
}

/** Runs a bench and gives quartiles: means say nothing on a shared machine. */
export async function rowsOf(bench: Bench): Promise<Row[]> {
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
    const sorted = result.latency.samples ?? [];
    const at = (share: number): number => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN) * 1e6;
    return { name, medianNs: at(0.5), p25Ns: at(0.25), p75Ns: at(0.75), samples: sorted.length };
  });
}

/** A table of rows. */
export function formatRows(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, medianNs, p25Ns, p75Ns, samples }) => {
    const numbers = [medianNs, p25Ns, p75Ns].map((ns) => ns.toFixed(1).padStart(9)).join('');
    return `  ${name.padEnd(width)}${numbers}${String(samples).padStart(9)}`;
  });
  const head = `  ${''.padEnd(width)}${['median ns', 'p25', 'p75', 'samples'].map((word) => word.padStart(9)).join('')}`;
  return [title, head, ...lines].join('\n');
}
