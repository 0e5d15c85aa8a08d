/** `npm run fuzz -- lines`: any number of generated command lines, each a process of its own. */
import { parseArgs } from 'node:util';
import { failureText, fuzzLines } from './fuzz-lines.ts';

/** A line that takes longer is shown, whatever it ends with. */
const LONG_MS = 20_000;

/** Returns 1 if any line ended as it should not. */
export async function fuzzLinesMain(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      count: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      parallel: { type: 'string', default: '2' },
      here: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  const numbers = { seed: Number(values.seed), from: Number(values.from), count: Number(values.count) };
  const isVerbose = values.verbose;
  const { statuses, failures, longestMs } = await fuzzLines({
    ...numbers,
    parallel: Number(values.parallel),
    where: values.here ? 'here' : 'process',
    onLine: (line) => {
      if (line.objections.length > 0) console.log(failureText(line));
      else if (isVerbose || line.ms > LONG_MS)
        console.log(`line ${line.index}: ${line.ended.status}, ${Math.round(line.ms)} ms`, line.argv);
    },
  });
  const counts = [...statuses].toSorted(([one], [other]) => (one ?? -1) - (other ?? -1));
  console.log(
    `seed ${numbers.seed}, lines ${numbers.from} to ${numbers.from + numbers.count - 1}: ` +
      `${counts.map(([status, count]) => `${count} ended with ${status ?? 'no status'}`).join(', ')}; ` +
      `the longest took ${(longestMs / 1000).toFixed(1)} s; ${failures.length} not as they should`,
  );
  return failures.length > 0 ? 1 : 0;
}
