/** Plays what the page of a report shows step by step: schedules of strategies of the project, and no code that a file names. */
import { isPlugIn } from '../fix/plug-in/load.ts';
import { parseSchedule } from '../explore/schedule/schedule.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import { findScenario } from '../catalog/registry.ts';
import { performSafely } from '../study/in-thread.ts';
import { subjectOf } from '../study/subject.ts';
import { replayKey, type Replays, type WantedReplay } from '../report/page/replays.ts';

/** Of a page, so that a file with a million schedules ends. */
const REPLAYS_MAX = 1_000;
/** Far beyond any witness. */
const MOVES_MAX = 5_000;

/** All that can be played; what cannot is left out, and the page does without. */
export async function playedFor(wanted: readonly WantedReplay[]): Promise<Replays> {
  const played = new Map<string, Awaited<ReturnType<typeof play>> & object>();
  for (const each of wanted.slice(0, REPLAYS_MAX)) {
    const replay = await play(each);
    if (replay !== undefined) played.set(replayKey(each), replay);
  }
  return played;
}

async function play({ schedule: text, strategy }: WantedReplay) {
  try {
    const {
      scenario,
      strategy: own,
      moves,
      readsFail,
      trylocksFail,
      setupsFail,
      ...rest
    } = parseSchedule(text);
    const source = strategy ?? own;
    if (isPlugIn(source) || findScenario(scenario) === undefined || moves.length > MOVES_MAX)
      return undefined;
    const setting = settingNamed({ scenario, ...rest });
    const chances = { readsFail, trylocksFail, setupsFail };
    const replay = await performSafely({ kind: 'replay', ...subjectOf(setting, source), moves, chances });
    return { strategy: source, actors: setting.actors.map(({ label }) => label), ...replay };
  } catch (error) {
    // What a file says need not be a schedule, nor one of this version.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
