/** What each kind of result was asked. */
import type { ExploreResult } from '../../explore/explore.ts';
import type { RandomExploreResult } from '../../explore/random-explore.ts';
import type { PlacesConfig } from '../../stress/plan/places-config.ts';
import type { RunConfig } from '../../stress/result/result.ts';
import type { WindowResult } from '../../stress/window/window-result.ts';
import type { HistoryResult } from '../history-result.ts';
import type { HuntResult } from '../hunt/hunt-result.ts';
import type { MutateResult } from '../mutate-result.ts';
import type { Question } from './differences.ts';

/** The race, whichever kernel it is played on: two kernels are what one wants to compare. */
interface Played {
  readonly scenario: string;
  readonly kernel?: string;
}

function raceOf({ scenario, kernel }: Played): string {
  return kernel !== undefined && scenario.endsWith(`@${kernel}`)
    ? scenario.slice(0, -kernel.length - 1)
    : scenario;
}

function placesOf({ instances, placement }: PlacesConfig): Question['named'] {
  return { instances, placement };
}

/** Natural rates and such as are raised are never compared. */
export function questionOfRun(config: RunConfig): Question {
  const { start, actors, pages, ordering = 'sc', kernel, strategies, worlds, stride, seed } = config;
  return {
    equal: {
      scenario: raceOf(config),
      start,
      actors,
      pages,
      ordering,
      '--trylock-fail': config.trylockFail,
      '--read-fail': config.readFail,
      '--setup-fail': config.setupFail ?? 0,
      'delays in ns': config.delays,
      'random waits': config.waits,
      'start offset': config.launch,
      'what raises its rates': config.amplification,
    },
    named: {
      kernel,
      strategies,
      worlds,
      stride,
      ...placesOf(config),
      'time asked for in ms': config.durationMs,
      'trials asked for': config.trials,
      '--until': config.until,
      '--starts': config.starts,
      seed,
    },
  };
}

export function questionOfWindow({ config }: WindowResult): Question {
  const { start, actors, pages, kernel, strategy, points, rangeNs, seed } = config;
  return {
    equal: { scenario: raceOf(config), start, actors, pages },
    named: {
      kernel,
      strategy,
      'offsets asked for': points,
      'range in ns': rangeNs,
      ...placesOf(config),
      'time asked for in ms': config.durationMs,
      'trials per offset': config.trialsPerPoint,
      seed,
    },
  };
}

function questionOfSetting(result: ExploreResult | RandomExploreResult): Question {
  const { start, actors, pages, chances, ordering = 'sc', kernel, strategy } = result;
  return {
    equal: {
      scenario: raceOf(result),
      start,
      actors: actors.map(({ role, count }) => `${role}=${count}`),
      pages,
      ordering,
      'what may fail': chances,
    },
    named: { kernel, strategy },
  };
}

export function questionOfExplore(result: ExploreResult): Question {
  const { equal, named } = questionOfSetting(result);
  return { equal, named: { ...named, reductions: result.reductions } };
}

export function questionOfRandom(result: RandomExploreResult): Question {
  const { equal, named } = questionOfSetting(result);
  const { scheduler, schedules, seed } = result;
  return { equal: { ...equal, scheduler }, named: { ...named, schedules, seed } };
}

export function questionOfMutate({ config }: MutateResult): Question {
  const { ladder, isModel, strategy, stressMs, exploreMs, seed, shard } = config;
  const [first] = ladder;
  return {
    equal: {
      scenario: first === undefined ? undefined : raceOf(first),
      '--model': isModel,
      ordering: first?.ordering ?? 'sc',
      // Shards have no mutant in common.
      '--shard': shard,
    },
    named: {
      kernel: first?.kernel,
      strategy,
      'settings tried': ladder.length,
      'time per mutant in ms': stressMs,
      'limit of a search in ms': exploreMs,
      ...placesOf(config),
      seed,
    },
  };
}

export function questionOfHistory({ config, rows }: HistoryResult): Question {
  const { exploreMs, hardwareMs, agrees, seed } = config;
  return {
    equal: {},
    named: {
      races: rows.length,
      'limit of a search in ms': exploreMs,
      'time on threads in ms': hardwareMs,
      '--agree': agrees,
      ...placesOf(config),
      seed,
    },
  };
}

export function questionOfHunt({ config }: HuntResult): Question {
  const { kernel, strategy, against, only, size, seed, statesMax, shard } = config;
  return {
    // Shards have no program in common.
    equal: { '--only': only, size, '--shard': shard },
    named: { kernel, strategy, against, 'states of a program at most': statesMax, seed },
  };
}
