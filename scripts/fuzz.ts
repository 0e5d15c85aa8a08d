/** Runs a fuzzer: `npm run fuzz -- lines --count 2000 --seed 7`. Each is a module under test/fuzz. */
import process from 'node:process';

/** A fuzzer by its name: takes the words behind that, and returns the exit status. */
const fuzzers: ReadonlyMap<string, () => Promise<(words: readonly string[]) => Promise<number>>> = new Map([
  ['lines', async () => (await import('../test/fuzz/lines/main.ts')).fuzzLinesMain],
  ['strategies', async () => (await import('../test/fuzz/strategies.ts')).main],
]);

const [name = '', ...words] = process.argv.slice(2);
const load = fuzzers.get(name);
if (load === undefined) {
  process.stderr.write(`fuzz: expected one of ${[...fuzzers.keys()].join(', ')}, got '${name}'\n`);
  process.exitCode = 64;
} else {
  process.exitCode = await (await load())(words);
}
