import { namesOfSetting } from '../../catalog/named-setting.ts';
import { durationOption } from '../../report/rerun-command.ts';
import { rangeOption, windowCommand } from '../../report/window-command.ts';
import { WINDOW_DEFAULTS } from '../../scenario/window-defaults.ts';
import { windowReport } from '../../report/window-report.ts';
import type { PlacesAsked } from '../../stress/plan/options.ts';
import { placesConfig } from '../../stress/plan/places-config.ts';
import type { WindowOptions } from '../../stress/window/window-options.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { windowStatus } from '../exit-status.ts';
import { parseDuration, parseInteger, parseOffsets, parseTrials, POINTS_COUNT } from '../parse.ts';
import { PLACES, placesArguments } from '../places-options.ts';
import { calledAs } from '../called.ts';
import { printRun } from '../print-run.ts';
import { RESUME, RUN_OPTIONS, WHAT } from '../run-options.ts';
import { outputSettings, parsed, seedArgument, settingArgument } from '../run-settings.ts';
import { filesOf, givenStrategy, STRATEGY } from '../strategy-argument.ts';
import { actorsText } from '../../scenario/role-count.ts';
import { UsageError } from '../usage-error.ts';

const HOW_CLOSE = 'How closely:';
const SHARED = new Set([
  'brief',
  'scenario',
  'kernel',
  'start',
  'actors',
  'pages',
  'seed',
  'json',
  'out',
  'quiet',
  ...PLACES,
]);

/** `ebtorture window`: the profile of a race window. */
export const window: Command = {
  name: 'window',
  summary: 'Profile the race window: rates over the offset at which the actors start',
  positionals: [],
  options: [
    {
      ...STRATEGY,
      summary: 'Name, or path of a module such as ./my-fix.mjs; beside a fix the control is visited too',
    },
    ...RUN_OPTIONS.filter(({ name, group }) => SHARED.has(name) && group === WHAT),
    {
      name: 'range',
      kind: 'text',
      group: HOW_CLOSE,
      summary: 'Offsets in ns: 500 for both sides, or --range=-200..600',
      defaultText: rangeOption(WINDOW_DEFAULTS.rangeNs),
    },
    {
      name: 'points',
      kind: 'text',
      group: HOW_CLOSE,
      summary: 'Offsets of a profile, 8 to 256, close together where the window is',
      defaultText: String(WINDOW_DEFAULTS.points),
    },
    {
      name: 'duration',
      kind: 'text',
      group: HOW_CLOSE,
      summary: 'Time over all profiles: 10s, 2m, 1h',
      defaultText: durationOption(WINDOW_DEFAULTS.durationMs),
    },
    {
      name: 'trials-per-point',
      kind: 'text',
      group: HOW_CLOSE,
      summary: 'Trials per offset, last toucher and strategy instead: 20k, 1M',
    },
    ...RUN_OPTIONS.filter(({ name, group }) => SHARED.has(name) && group !== WHAT),
    RESUME,
  ],
  examples: [
    ['ebtorture window', 'the race as it was'],
    ['ebtorture window --strategy upstream', 'the window that the fix covers'],
    ['ebtorture window --range=0..200 --points 100', 'closer'],
    ['ebtorture window --resume w.jsonl', 'go on where it stopped'],
  ],
  epilogue: `Exit status:
    0  a window was measured, and a fix did not violate
    1  a strategy that should hold violated
    2  inconclusive: no offset stands out from the others
   64  bad input, nothing was run
   70  the harness or a strategy broke, or the result could not be saved
  130  interrupted; what was measured is printed and saved`,
  isResumable: true,
  run: async (args, context) => {
    const { io, engine } = context;
    const strategy = await givenStrategy(args, io.cwd);
    const setting = settingArgument(args);
    const names = namesOfSetting(setting);
    const options: Omit<WindowOptions, keyof PlacesAsked> = {
      strategy,
      ...names,
      points:
        parsed(args, 'points', (option, text) => parseInteger(option, text, POINTS_COUNT)) ??
        WINDOW_DEFAULTS.points,
      rangeNs: rangeArgument(args),
      budget: budgetArgument(args),
      seed: seedArgument(args),
    };
    const places = placesArguments(args);
    const { budget } = options;
    const rerun = windowCommand({
      config: {
        ...options,
        start: names.start,
        actors: actorsText(names.actors),
        durationMs: budget.kind === 'duration' ? budget.ms : null,
        trialsPerPoint: budget.kind === 'trials' ? budget.count : null,
        ...placesConfig(places),
      },
    });
    return printRun(
      {
        settings: await outputSettings(args, context, filesOf([strategy])),
        called: calledAs(args, 'window', { options: window.options, seed: options.seed }),
        rerun,
        start: (hooks) => engine.window({ ...options, ...places, ...hooks }),
        report: (result, paint) => windowReport(result, paint, args.flag('brief')),
        statusOf: windowStatus,
      },
      io,
    );
  },
};

function rangeArgument(args: Arguments): readonly [number, number] {
  const text = args.text('range');
  return text === undefined ? WINDOW_DEFAULTS.rangeNs : parseOffsets('--range', text);
}

function budgetArgument(args: Arguments): WindowOptions['budget'] {
  const duration = parsed(args, 'duration', parseDuration);
  const trials = parsed(args, 'trials-per-point', parseTrials);
  if (trials === undefined) return { kind: 'duration', ms: duration ?? WINDOW_DEFAULTS.durationMs };
  if (duration !== undefined)
    throw new UsageError('--duration and --trials-per-point: give only one of the two');
  return { kind: 'trials', count: trials };
}
