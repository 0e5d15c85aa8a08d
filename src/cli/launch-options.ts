/** The options that say how the actors of a trial are let go; by hand, or found by tuning. */
import type { Setting } from '../scenario/setting.ts';
import type { RunOptions } from '../stress/plan/options.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import { parseName, parseOffset } from './parse.ts';
import { UsageError } from './usage-error.ts';

const TUNE = 'tune';
const OFFSET = 'offset';
const LAST_TOUCHER = 'last-toucher';
/** What `--offset` leaves without a meaning. */
const STRIDED = ['stride', 'worlds'];

/** In the order of the help; `group` is its heading. */
export function launchOptions(group: string): readonly OptionSpec[] {
  return [
    {
      name: TUNE,
      kind: 'flag',
      group,
      summary: 'First find the setting in which the control violates most often per second',
    },
    {
      name: OFFSET,
      kind: 'text',
      group,
      summary:
        'Meet in every trial; the actors of the first role start so many ns later, or earlier: --offset=-50',
    },
    {
      name: LAST_TOUCHER,
      kind: 'text',
      group,
      summary: 'With --offset: the actor whose core owns the memory of a trial at its start',
      defaultText: 'the first actor',
    },
  ];
}

/**
 * How the trials of a run are launched.
 * @throws {UsageError} If the options do not go together.
 */
export function launchArguments(
  args: Arguments,
  { actors }: Setting,
): Pick<RunOptions, 'launch' | 'isTuned'> {
  const offset = args.text(OFFSET);
  const lastToucher = args.text(LAST_TOUCHER);
  const isTuned = args.flag(TUNE);
  if (isTuned && offset !== undefined) throw new UsageError('--tune and --offset: give only one of the two');
  const launching = isTuned ? TUNE : OFFSET;
  if ((isTuned || offset !== undefined) && args.flag('profile')) {
    throw new UsageError(`--${launching} and --profile: give only one of the two`);
  }
  if (offset === undefined) {
    if (lastToucher !== undefined) throw new UsageError('--last-toucher: needs an --offset');
    return isTuned ? { isTuned } : {};
  }
  const idle = STRIDED.find((name) => args.text(name) !== undefined);
  if (idle !== undefined) {
    throw new UsageError(`--${idle}: has no meaning with --offset, where the actors meet in every trial`);
  }
  const labels = actors.map(({ label }) => label);
  const label = parseName('--last-toucher', lastToucher ?? labels[0] ?? '', { kind: 'actor', known: labels });
  return { launch: { offsetNs: parseOffset('--offset', offset), lastToucher: labels.indexOf(label) } };
}
