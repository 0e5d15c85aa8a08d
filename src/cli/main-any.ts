import { run } from './cli.ts';
import { leaveSoon } from './leave.ts';
import { processIo } from './process-io.ts';

/** Runs any command line in this process. */
export async function main(argv: readonly string[]): Promise<number> {
  const status = await run(argv, processIo());
  await leaveSoon(status);
  return status;
}
