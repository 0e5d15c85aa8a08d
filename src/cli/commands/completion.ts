import type { Command } from '../command.ts';
import { completionScript } from '../completion.ts';
import { ExitStatus } from '../exit-status.ts';

/** `ebtorture completion`: the script that makes a shell complete. */
export const completion: Command = {
  name: 'completion',
  summary: 'Print the completion script of your shell',
  positionals: [],
  options: [],
  examples: [['ebtorture completion >> ~/.bashrc', 'complete in bash from now on']],
  epilogue: `Exit status:
  0 printed, 64 usage`,
  run: async (_args, { io }) => {
    await io.stdout.write(completionScript());
    return ExitStatus.Ok;
  },
};
