/** Work that runs a strategy outside of a hardware run: here for the project's own, in a thread for plug-ins. */
import { explore, type ExploreOptions, type ExploreResult } from '../explore/explore.ts';
import type { Move } from '../explore/move.ts';
import { type Replay, replaySchedule } from '../explore/replay.ts';
import type { Chances } from '../explore/session.ts';
import { loadStrategy } from '../fix/load.ts';
import { scenarios } from '../scenario/registry.ts';
import type { RoleCount } from '../scenario/scenario.ts';
import { resolveSetting, type Setting } from '../scenario/setting.ts';

/** A strategy and where it is to run, as plain data. */
export interface Subject {
  /** A name, or the path of a plug-in. */
  readonly strategy: string;
  readonly scenario: string;
  readonly start: string;
  readonly actors: readonly RoleCount[];
  readonly pages: number;
}

/** A search. */
export interface ExploreTask extends Subject, Pick<ExploreOptions, 'reductions' | 'chances' | 'limits'> {
  readonly kind: 'explore';
}

/** A replay. */
export interface ReplayTask extends Subject {
  readonly kind: 'replay';
  readonly moves: readonly Move[];
  readonly chances: Chances;
}

/** What can be done. */
export type Task = ExploreTask | ReplayTask;

/** What comes of it. */
export type ResultOf<Wanted extends Task> = Wanted extends ExploreTask ? ExploreResult : Replay;

/** Does it here. `beat` is called now and then while it goes on. */
export async function perform(task: Task, beat: () => void): Promise<ExploreResult | Replay> {
  const strategy = await loadStrategy(task.strategy);
  const setting = settingOf(task);
  beat();
  switch (task.kind) {
    case 'explore': {
      const { reductions, chances, limits } = task;
      const clock = (): number => {
        beat();
        return performance.now();
      };
      return explore({
        setting,
        strategy,
        strategySource: task.strategy,
        reductions,
        chances,
        limits,
        clock,
      });
    }
    case 'replay':
      return replaySchedule({ setting, strategy, moves: task.moves, chances: task.chances });
  }
}

/** The setting of a subject. */
function settingOf({ scenario: name, start, actors, pages }: Subject): Setting {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new RangeError(`unknown scenario '${name}'`);
  return resolveSetting({ scenario, start, actors, pages });
}
