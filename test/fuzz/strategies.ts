import { parseArgs } from 'node:util';
import { findingText, fuzzStrategies, summaryText } from './fuzzer.ts';
import { type Tag, TAGS } from './snippets.ts';

/**
 * `npm run fuzz -- strategies [--count N] [--seed S] [--first N] [--without catch,array] [--threads-every N]`: 0 if no engine
 * contradicts another, 1 otherwise. `--first` begins with that program of the seed.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      first: { type: 'string', default: '0' },
      without: { type: 'string', default: '' },
      'threads-every': { type: 'string', default: '5' },
    },
  });
  const summary = await fuzzStrategies({
    seed: Number(values.seed),
    count: Number(values.count),
    first: Number(values.first),
    without: tagsOf(values.without),
    threadsEvery: Number(values['threads-every']),
    searchThreadsEvery: 50,
    playedEvery: 1,
    onFinding: (finding) => process.stdout.write(`${findingText(finding)}\n`),
  });
  process.stdout.write(`${summaryText(summary)}\n`);
  return summary.findings.length > 0 ? 1 : 0;
}

function tagsOf(text: string): ReadonlySet<Tag> {
  const asked = text.split(',').filter((tag) => tag !== '');
  const unknown = asked.find((tag) => !TAGS.some((known) => known === tag));
  if (unknown !== undefined) throw new RangeError(`--without: expected ${TAGS.join(', ')}, got '${unknown}'`);
  return new Set(TAGS.filter((tag) => asked.includes(tag)));
}
