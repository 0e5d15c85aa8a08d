import { rerunCommand, searchCommand } from '../../report/rerun-command.ts';
import { stressReport } from '../../report/run-report.ts';
import type { Command } from '../command.ts';
import { statusOf } from '../exit-status.ts';
import { calledAs } from '../called.ts';
import { printRun } from '../print-run.ts';
import { EXIT_STATUS_HELP, orderingOption, RESUME, RUN_OPTIONS, SHARD, WHAT } from '../run-options.ts';
import { runSettings } from '../run-settings.ts';
import { givenStrategy, STRATEGY } from '../strategy-argument.ts';

/** `ebtorture stress`: one strategy at full rate. */
export const stress: Command = {
  name: 'stress',
  summary: 'Run one strategy at full rate',
  positionals: [{ name: 'test', summary: 'A litmus test in place of --scenario: NAME.litmus' }],
  options: [
    STRATEGY,
    ...RUN_OPTIONS,
    orderingOption(['sc', 'x86']),
    SHARD,
    RESUME,
    {
      name: 'no-control',
      kind: 'flag',
      group: WHAT,
      summary: 'No short control blocks between; a zero then says nothing',
    },
  ],
  examples: [
    ['ebtorture stress --strategy none --duration 2s', 'see the race'],
    ['ebtorture stress --strategy upstream --trials 100M', 'a fix, by trial count'],
    ['ebtorture stress --ordering x86', 'stores wait in store buffers'],
    ['ebtorture stress ./SB.litmus --ordering x86', 'a litmus test on threads'],
    ['ebtorture stress --start cold --trylock-fail 0.3', 'three actors, raised rate'],
  ],
  epilogue: EXIT_STATUS_HELP,
  isResumable: true,
  run: async (args, context) => {
    const { io, engine } = context;
    const strategy = await givenStrategy(args, io.cwd);
    const settings = await runSettings(args, context, [strategy]);
    const hasControl = !args.flag('no-control');
    return printRun(
      {
        settings,
        called: calledAs(args, 'stress', { options: stress.options, seed: settings.engine.seed }),
        rerun: rerunCommand({
          command: 'stress',
          strategies: [strategy],
          hasControl,
          config: settings.config,
        }),
        searchOf: (stopped) => searchCommand(settings, stopped),
        start: (hooks) => engine.stress({ ...settings.engine, ...hooks, strategy, hasControl }),
        report: (result, paint) => stressReport(result, paint, args.flag('brief')),
        statusOf,
      },
      io,
    );
  },
};
