/**
 * The words of a scenario that reports speak: plain data. A result of a scenario of the project has its name and no words, since
 * the name says them; one of a scenario from elsewhere has them with it, so that it can be shown where that is not.
 */
import type { CostWords } from '../scenario/costed-operation.ts';
import type { MeasureWords } from '../scenario/measure.ts';
import { CONTROL_DEFAULT, controlOf } from '../scenario/promises.ts';
import { FORBIDDEN_OUTCOME, type Invariant } from '../model/invariant.ts';
import { checksOf, invariantsOf } from '../scenario/checks.ts';
import type { PagesAre } from '../fix/subject.ts';
import { strategiesAll, strategiesDefault } from './run-defaults.ts';
import { builtInSubject, findScenario, isOfProject } from './registry.ts';
import type { Scenario, ScenarioCheck, StartState, Widening } from '../scenario/scenario.ts';

/** A check with a name. */
export type NamedCheck = Pick<Invariant, 'id' | 'title' | 'origin'>;

/** Of one scenario. */
export interface ScenarioWords {
  /** What a run of it is unless told otherwise, by start state: the first one is the default. */
  readonly starts: readonly Pick<StartState, 'name' | 'actors' | 'stride'>[];
  readonly control: string;
  /** What pages are: see `Subject`. */
  readonly pagesAre?: PagesAre;
  /** Names of all strategies that its subject has, and of those that `compare` runs unless told otherwise. */
  readonly strategies?: readonly string[];
  readonly compared?: readonly string[];
  readonly measures: readonly MeasureWords[];
  readonly costs: readonly CostWords[];
  readonly widening?: Widening;
  /** Names of the checks of its own. */
  readonly checks?: readonly ScenarioCheck[];
}

/** What a result says of its scenario. */
export interface WithWords {
  readonly config: { readonly scenario: string };
  /** Absent for a scenario of the project. */
  readonly words?: ScenarioWords | undefined;
}

/** Of a result that has none, and whose scenario is not of the project. */
const NO_WORDS: ScenarioWords = { starts: [], control: CONTROL_DEFAULT, measures: [], costs: [] };

/** The words of a scenario. */
function wordsOf(scenario: Scenario): ScenarioWords {
  const { subject, starts, measures = [], costs = [], widening, checks } = scenario;
  return {
    starts: starts.map(({ name, actors, stride }) => ({ name, actors, stride })),
    control: controlOf(scenario),
    ...(subject.pagesAre !== undefined && { pagesAre: subject.pagesAre }),
    strategies: strategiesAll(scenario),
    compared: strategiesDefault(scenario),
    measures: measures.map(({ note: _note, ...words }) => words),
    costs: costs.map(({ start: _start, prepare: _prepare, run: _run, ...words }) => words),
    ...(widening !== undefined && { widening }),
    ...(checks !== undefined && { checks }),
  };
}

/** All checks with a name that a result may speak of. */
export function checksIn({ config, words }: WithWords): readonly NamedCheck[] {
  const scenario = findScenario(config.scenario);
  if (scenario !== undefined) return checksOf(scenario);
  return [...invariantsOf(builtInSubject()), FORBIDDEN_OUTCOME, ...(words?.checks ?? [])];
}

/** Ids of the invariants that the trials of a result are judged by. */
export function invariantIdsIn({ config }: WithWords): readonly string[] {
  return invariantsOf(findScenario(config.scenario)?.subject ?? builtInSubject()).map(({ id }) => id);
}

/** What a result of a scenario has with it. */
export function carriedWords(scenario: Scenario): { readonly words?: ScenarioWords } {
  return isOfProject(scenario) ? {} : { words: wordsOf(scenario) };
}

/** The words for a report of a result. */
export function wordsIn({ config, words }: WithWords): ScenarioWords {
  if (words !== undefined) return words;
  const scenario = findScenario(config.scenario);
  return scenario === undefined ? NO_WORDS : wordsOf(scenario);
}
