import { Arguments } from './arguments.ts';
import { explore } from './commands/explore.ts';
import { guarded } from './guarded.ts';
import { leaveSoon } from './leave.ts';
import { plainOptions } from './plain-options.ts';
import { processIo } from './process-io.ts';
import { loadGivenScenario } from './scenario-argument.ts';

/** Runs `explore` in this process, without what other commands need; undefined if its options are not plain. */
export async function main(argv: readonly string[]): Promise<number | undefined> {
  const options = plainOptions(argv.slice(1), explore);
  if (options === undefined) return undefined;
  const io = processIo();
  const args = new Arguments(options, { specs: explore, raw: argv });
  const status = await guarded(io, async () => {
    return explore.run(await loadGivenScenario(args, explore, io.cwd), { io });
  });
  await leaveSoon(status);
  return status;
}
