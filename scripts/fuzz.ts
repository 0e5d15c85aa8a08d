/**
 * `npm run fuzz -- <what> [options]`: programs made at random against everything that judges them; what there is to fuzz
 * stands in test/fuzz, one module for each word.
 */
interface Fuzzer {
  /** Takes the options, and gives the exit status. */
  readonly main: (args: readonly string[]) => Promise<number>;
}

const FUZZERS: Readonly<Record<string, () => Promise<Fuzzer>>> = {
  strategies: async () => import('../test/fuzz/strategies.ts'),
};

const [what = '', ...rest] = process.argv.slice(2);
const load = FUZZERS[what];
if (load === undefined) {
  process.stderr.write(`fuzz: expected ${Object.keys(FUZZERS).join(' or ')}, got '${what}'\n`);
  process.exitCode = 64;
} else {
  const { main } = await load();
  process.exitCode = await main(rest);
}
