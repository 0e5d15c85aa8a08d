/**
 * `npm run bench:compare A B`: two results of `npm run bench`, before and after. Ends with 0 if nothing got slower, 1 if
 * something did, 2 if they cannot be compared.
 */
import { readFileSync } from 'node:fs';
import { compareTwins } from './compare-results.ts';
import type { TwinResult } from './twin.bench.ts';

function twinsOf(path: string): readonly TwinResult[] {
  const { schema, suites } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly schema?: string;
    readonly suites?: { readonly twin?: readonly TwinResult[] };
  };
  if (schema !== 'ebtorture.bench/1') throw new Error(`${path}: not a result of npm run bench`);
  return suites?.twin ?? [];
}

const [before, after] = process.argv.slice(2);
if (before === undefined || after === undefined) {
  process.stderr.write(
    'bench:compare: expected two result files, such as bench/results/a.json bench/results/b.json\n',
  );
  process.exit(64);
}
const changes = compareTwins(twinsOf(before), twinsOf(after));
for (const { strategy, placement, ratio, low, high, verdict } of changes) {
  const interval = `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  process.stdout.write(`${strategy.padEnd(10)}${placement.padEnd(18)}${interval}   ${verdict}\n`);
}
if (changes.length === 0) {
  process.stderr.write(
    'bench:compare: no placement of the cores was met by six sessions of both; run the benchmarks again\n',
  );
  process.exitCode = 2;
} else {
  process.exitCode = changes.some(({ verdict }) => verdict === 'slower') ? 1 : 0;
}
