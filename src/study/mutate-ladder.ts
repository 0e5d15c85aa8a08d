import type { PagesAre } from '../fix/subject.ts';
import { kernelIn } from '../scenario/kernels.ts';
import type { LadderRung, SampledRung } from '../scenario/ladder.ts';
import type { NamedSetting } from '../catalog/named-setting.ts';
import { parseActorsText } from '../scenario/role-count.ts';
import { scenarioNamed, scenarios } from '../catalog/registry.ts';
import type { RoleCount, Scenario } from '../scenario/scenario.ts';

/** A setting in which mutants are searched and stressed. */
export interface Rung extends LadderRung, NamedSetting {
  /** Of a scenario that is played on several. */
  readonly kernel?: string;
  /** What its pages are, unless they are pages per buffer. */
  readonly pagesAre?: PagesAre | undefined;
}

/** Where mutants of a strategy are tried, and where their steps are looked for: see `Ladder`. */
export interface MutantLadder {
  /** Cheapest first, until one kills a mutant. */
  readonly rungs: readonly Rung[];
  /** Those that have most steps. */
  readonly few: readonly Rung[];
  /** Beyond the rungs, to be searched. */
  readonly beyond: readonly Rung[];
  /** Beyond the rungs, to be played at random. */
  readonly sampled: readonly (Rung & SampledRung)[];
}

/** Pages per buffer in the ladder of a scenario that declares none. */
const PAGES: readonly number[] = [1, 2];

/** So that a rung is the same object whenever it is asked for. */
const ladders = new WeakMap<Scenario, MutantLadder>();

/** The ladder of a scenario; of one that declares none every start state with its own actors, with one page first. */
export function ladderOf(scenario: Scenario): MutantLadder {
  const known = ladders.get(scenario);
  if (known !== undefined) return known;
  const placed = <Declared extends LadderRung>(declared: Declared): Declared & Rung =>
    Object.assign({ scenario: scenario.name, ...kernelIn(scenario), ...pagesOf(scenario) }, declared);
  const { rungs: own, few, beyond = [], sampled = [] } = scenario.ladder ?? { rungs: plainRungs(scenario) };
  const rungs = own.map(placed);
  const ladder = {
    rungs,
    few: few === undefined ? rungs : rungs.filter((_, index) => few.includes(index)),
    beyond: beyond.map(placed),
    sampled: sampled.map(placed),
  };
  ladders.set(scenario, ladder);
  return ladder;
}

function pagesOf({ subject: { pagesAre } }: Scenario): Pick<Rung, 'pagesAre'> {
  return pagesAre === undefined ? {} : { pagesAre };
}

function plainRungs({ subject, starts, roles }: Scenario): LadderRung[] {
  const completes = (actors: readonly RoleCount[]): boolean =>
    actors.some(
      ({ role, count }) => count > 0 && roles.find(({ name }) => name === role)?.completesReads === true,
    );
  // A second page would be the same setting once more where nobody comes to any.
  return (subject.pagesAre === 'none' ? PAGES.slice(0, 1) : PAGES).flatMap((pages) =>
    starts.map(({ name, actors }) => ({ start: name, actors, pages, readsFail: completes(actors) })),
  );
}

/** The rungs of the scenario that is played unless another is named. */
export const LADDER: readonly Rung[] = scenarios.slice(0, 1).flatMap((scenario) => ladderOf(scenario).rungs);

/** A setting of that scenario; `actors` as `--actors` takes them. */
export function rung(start: string, actors: string, pages: number, readsFail = false): Rung {
  return { scenario: scenarios[0]?.name ?? '', start, actors: parseActorsText(actors), pages, readsFail };
}

/** The scenario of the settings of a ladder; the first one where there are none. */
export function scenarioOfLadder([first]: readonly Rung[]): Scenario {
  return scenarioNamed(first?.scenario ?? scenarios[0]?.name ?? '');
}
