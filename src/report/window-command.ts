import { wordsIn } from '../catalog/words.ts';
import type { WindowResult } from '../stress/window/window-result.ts';
import {
  commandLines,
  durationOption,
  optionText,
  placesOptions,
  quoted,
  trialsOption,
} from './rerun-command.ts';
import { isFirstScenario, pagesDefault } from '../catalog/run-defaults.ts';
import { actorsText } from '../scenario/role-count.ts';
import { WINDOW_DEFAULTS } from '../scenario/window-defaults.ts';

/** The command that runs a profile again: what differs from the defaults, and the seed. */
export function windowCommand({ config, words }: Pick<WindowResult, 'config' | 'words'>): string[] {
  const { starts, control, pagesAre } = wordsIn({ config, words });
  const start = starts.find(({ name }) => name === config.start);
  const given: (string | false)[] = [
    !isFirstScenario(config.scenario) && `--scenario ${quoted(config.scenario)}`,
    (start === undefined || start !== starts[0]) && `--start ${quoted(config.start)}`,
    config.actors !== actorsText(start?.actors ?? []) && `--actors ${quoted(config.actors)}`,
    config.strategy !== control && optionText('--strategy', config.strategy),
    config.pages !== pagesDefault(config.scenario, pagesAre) && `--pages ${config.pages}`,
    config.points !== WINDOW_DEFAULTS.points && `--points ${config.points}`,
    rangeOption(config.rangeNs) !== rangeOption(WINDOW_DEFAULTS.rangeNs) &&
      `--range=${rangeOption(config.rangeNs)}`,
    config.trialsPerPoint === null
      ? `--duration ${durationOption(config.durationMs ?? WINDOW_DEFAULTS.durationMs)}`
      : `--trials-per-point ${trialsOption(config.trialsPerPoint)}`,
    ...placesOptions(config).map((option) => option !== false && optionText(...option)),
    `--seed ${config.seed}`,
  ];
  return commandLines(
    'ebtorture window',
    given.filter((option) => option !== false),
  );
}

/** A range as `--range` takes it: `1000` for both sides, or `-200..600`. */
export function rangeOption([from, to]: readonly [number, number]): string {
  return from === -to ? String(to) : `${from}..${to}`;
}
