import { explainReport } from '../../report/explain-report.ts';
import { rerunCommand } from '../../report/rerun-command.ts';
import type { Command } from '../command.ts';
import { statusOfExplanation } from '../exit-status.ts';
import { calledAs } from '../called.ts';
import { printRun } from '../print-run.ts';
import { orderingOption, RESUME, RUN_OPTIONS, WHAT } from '../run-options.ts';
import { runSettings } from '../run-settings.ts';
import { givenStrategy, STRATEGY } from '../strategy-argument.ts';

/** Options of runs that are after a rate. */
const OF_RATES = new Set(['until', 'fold', 'profile', 'starts', 'brief']);

/** `ebtorture explain`: stress until a violation, then the interleaving that explains what the hardware did. */
export const explain: Command = {
  name: 'explain',
  summary: 'Stress until a violation, and show the interleaving behind it',
  positionals: [],
  options: [
    STRATEGY,
    ...RUN_OPTIONS.filter(({ name }) => !OF_RATES.has(name)),
    orderingOption(['sc', 'x86']),
    RESUME,
    {
      name: 'no-control',
      kind: 'flag',
      group: WHAT,
      summary: 'No short control blocks beside a fix; a zero then says nothing',
    },
  ],
  examples: [
    ['ebtorture explain --strategy none', 'the race, as it was'],
    ['ebtorture explain --strategy ./my-fix.mjs --pages 1', 'a fix of your own'],
    ['ebtorture explain --strategy ./my-fix.mjs --ordering x86', 'where stores wait'],
  ],
  epilogue: `Exit status:
    0  no violation, and the control beside it violated
    1  violated, and explained
    2  no violation, and no control that violated; or no explanation in time
   64  bad input, nothing was run
   70  NO interleaving explains what the hardware did: the model or an engine
       is wrong; or the harness or a strategy broke
  130  interrupted before any violation`,
  isResumable: true,
  run: async (args, context) => {
    const { io, engine } = context;
    const strategy = await givenStrategy(args, io.cwd);
    const settings = await runSettings(args, context, [strategy]);
    const hasControl = !args.flag('no-control');
    return printRun(
      {
        settings,
        called: calledAs(args, 'explain', { options: explain.options, seed: settings.engine.seed }),
        rerun: rerunCommand({
          command: 'explain',
          strategies: [strategy],
          hasControl,
          config: settings.config,
        }),
        start: (hooks) => engine.explain({ ...settings.engine, ...hooks, strategy, hasControl }),
        report: explainReport,
        statusOf: statusOfExplanation,
      },
      io,
    );
  },
};
