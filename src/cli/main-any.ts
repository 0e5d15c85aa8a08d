import { run } from './cli.ts';
import { processIo } from './process-io.ts';

/** Runs any command line in this process. */
export async function main(argv: readonly string[]): Promise<number> {
  return run(argv, processIo());
}
