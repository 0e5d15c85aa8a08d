/**
 * `npm run bench [-- SUITE ...] [--out FILE] [--minutes N] [--pairs N]`: all suites or some of them, one after the other; nothing else should be
 * running. Prints tables, and saves what it measured as JSON, by default in bench/results.
 *
 * Each row group of memory and operations has a process of its own, as the threads of the hardware engine have: code that
 * has seen two strategies or two kinds of instructions is slower for both.
 */
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { strategies } from '../src/subject/extent-buffer/v5.7/strategies/registry.ts';
import { describeEnvironment } from '../src/stress/host/environment.ts';
import { formatRows, type Row } from './batched.ts';
import { cpusSuite, formatCpus } from './cpus.bench.ts';
import { coverageSuite, formatCoverage } from './coverage.bench.ts';
import { exploreSuite, formatExplore } from './explore.bench.ts';
import { formatHunt, huntSuite } from './hunt.bench.ts';
import { formatHuntMutants, huntMutantsSuite, plannedText } from './hunt-mutants.bench.ts';
import { formatJournal, JOURNAL_PAIRS, journalSuite } from './journal.bench.ts';
import { judgingSuite } from './judging.bench.ts';
import { memorySuite } from './memory.bench.ts';
import { operationsSuite } from './operations.bench.ts';
import { formatOrdering, orderingSuite } from './ordering.bench.ts';
import { recordingSuite } from './recording.bench.ts';
import { scalingSuite } from './scaling.bench.ts';
import { formatSearchThreads, searchThreadsSuite } from './search-threads.bench.ts';
import { formatGrowth } from './soak/growth.ts';
import { SOAK_MINUTES, soakSuite } from './soak.bench.ts';
import { formatStartup, startupSuite } from './startup.bench.ts';
import { formatTwin, twinSuite } from './twin.bench.ts';

/** What a child process runs, by its first argument. */
const ISOLATED: Readonly<Record<string, (argument: string) => Promise<Row[]>>> = {
  memory: (kind) => memorySuite(kind === 'wasm' ? 'wasm' : 'Atomics'),
  readahead: (strategy) => operationsSuite(strategy, 'readahead'),
  releasepage: (strategy) => operationsSuite(strategy, 'releasepage'),
};

async function inProcess(suite: string, argument: string): Promise<Row[]> {
  return new Promise((resolved, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--isolated', suite, argument]);
    child.once('message', (rows) => resolved(rows as Row[]));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`${suite} ${argument}: exited with ${code}`));
    });
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

/** The suites: each prints its tables and returns what is saved. */
const SUITES: Readonly<Record<string, () => Promise<unknown>>> = {
  memory: async () => {
    const rows = [...(await inProcess('memory', 'Atomics')), ...(await inProcess('memory', 'wasm'))];
    print(formatRows('Memory operations, uncontended (a call and a loop turn, 4 to 5 ns, included)', rows));
    return rows;
  },
  operations: async () => {
    const rows: Row[] = [];
    for (const operation of ['readahead', 'releasepage']) {
      for (const { name } of strategies) rows.push(...(await inProcess(operation, name)));
    }
    print(formatRows('Kernel operations, uncontended, 4 pages', rows));
    return rows;
  },
  startup: () => {
    const result = startupSuite();
    print(formatStartup(result));
    return Promise.resolve(result);
  },
  journal: async () => {
    const result = await journalSuite(Number(values.pairs ?? JOURNAL_PAIRS));
    print(formatJournal(result));
    return result;
  },
  judging: async () => {
    const result = await judgingSuite();
    const { median, low, high } = result;
    print(
      `Throughput with all counters and invariants over none: ${median.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
    );
    return result;
  },
  recording: async () => {
    const result = await recordingSuite();
    const { median, low, high } = result;
    print(
      `Throughput with the logs of explain over stress: ${median.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
    );
    return result;
  },
  scaling: async () => {
    const rows = await scalingSuite();
    print(
      [
        'Scaling',
        ...rows.map(
          ({ what, value, unit }) => `  ${what.padEnd(34)}${value.toFixed(2).padStart(10)} ${unit}`,
        ),
      ].join('\n'),
    );
    return rows;
  },
  cpus: async () => {
    const rows = await cpusSuite();
    print(
      rows === undefined
        ? 'No C compiler, no taskset, or one processor: round trips are not compared.'
        : formatCpus(rows),
    );
    return rows;
  },
  coverage: async () => {
    const result = await coverageSuite();
    print(formatCoverage(result));
    return result;
  },
  explore: () => {
    const rows = exploreSuite();
    print(formatExplore(rows));
    return Promise.resolve(rows);
  },
  'search-threads': async () => {
    const result = await searchThreadsSuite();
    print(
      result === undefined
        ? 'A single core: searches on several threads are not measured.'
        : formatSearchThreads(result),
    );
    return result;
  },
  ordering: async () => {
    const result = await orderingSuite();
    print(formatOrdering(result));
    return result;
  },
  soak: async () => {
    const result = await soakSuite(Number(values.minutes ?? SOAK_MINUTES));
    print(formatGrowth(result.growth));
    return result;
  },
  hunt: async () => {
    const rows = await huntSuite((row) => {
      // Each as it comes: all of them take long.
      process.stderr.write(`${formatHunt([row]).split('\n').at(-1)}\n`);
    });
    print(formatHunt(rows));
    return rows;
  },
  'hunt-mutants': async () => {
    const rows = await huntMutantsSuite(({ kernel, mutation, planned, hunted }) => {
      const text = hunted === null ? '' : `; hunt: ${hunted.found?.invariant ?? 'not found'}`;
      process.stderr.write(`${kernel} ${mutation}: ${plannedText(planned)}${text}\n`);
    });
    print(formatHuntMutants(rows));
    return rows;
  },
  twin: async () => {
    const results = [];
    for (const strategy of ['none', 'upstream'] as const) {
      const result = await twinSuite(strategy);
      print(
        result === undefined
          ? 'No C compiler: the comparison with the native twin is skipped.'
          : formatTwin(result),
      );
      if (result !== undefined) results.push(result);
    }
    return results;
  },
};

/** Take minutes each: only when they are named. */
const ON_REQUEST: ReadonlySet<string> = new Set(['coverage', 'hunt', 'hunt-mutants', 'ordering', 'soak']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    isolated: { type: 'boolean' },
    out: { type: 'string' },
    minutes: { type: 'string' },
    pairs: { type: 'string' },
  },
});
if (values.isolated === true) {
  const [suite = '', argument = ''] = positionals;
  process.send?.(await ISOLATED[suite]?.(argument));
} else {
  const unknown = positionals.find((name) => SUITES[name] === undefined);
  if (unknown !== undefined) {
    process.stderr.write(`bench: unknown suite '${unknown}' (known: ${Object.keys(SUITES).join(', ')})\n`);
    process.exit(64);
  }
  const environment = await describeEnvironment();
  print(
    `ebtorture ${environment.commit ?? environment.version}, Node ${environment.node}, ${environment.cpuModel}`,
  );
  const suites: Record<string, unknown> = {};
  for (const [name, suite] of Object.entries(SUITES)) {
    const isWanted = positionals.length === 0 ? !ON_REQUEST.has(name) : positionals.includes(name);
    if (isWanted) suites[name] = await suite();
  }
  const out = resolve(
    values.out ?? `bench/results/${environment.commit ?? 'unknown'}-node${environment.node}.json`,
  );
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify({ schema: 'ebtorture.bench/1', environment, suites }, null, 2)}\n`);
  process.stderr.write(`saved ${out}\n`);
}
