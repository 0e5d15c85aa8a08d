/**
 * What a run is unless told otherwise. The command line takes these, and a report leaves them out of the command that
 * it prints for running again, so they stand in one place.
 */
import type { PagesAre } from '../fix/subject.ts';
import { CONTROL_DEFAULT, controlOf, promisedIn } from '../scenario/promises.ts';
import { findScenario, scenarios } from './registry.ts';
import type { Scenario, StartState } from '../scenario/scenario.ts';
import { PAGES_DEFAULT, pagesOfSubject } from '../scenario/setting.ts';

interface RunDefaults {
  readonly pages: number;
  readonly worlds: number;
  readonly durationMs: number;
  /** The longest that `--until decided` takes. */
  readonly undecidedMs: number;
  readonly fold: number;
  readonly trylockFail: number;
  readonly readFail: number;
  readonly setupFail: number;
  readonly stallMaxNs: number;
  /** What `stress` runs. */
  readonly strategy: string;
}

/** Defaults of `compare` and `stress`. */
export const RUN_DEFAULTS: RunDefaults = {
  pages: PAGES_DEFAULT,
  worlds: 256,
  durationMs: 10_000,
  undecidedMs: 600_000,
  fold: 1000,
  trylockFail: 0,
  readFail: 0,
  setupFail: 0,
  stallMaxNs: 2_000_000,
  strategy: CONTROL_DEFAULT,
};

/** The strategy that is run unless another is named: the control of the scenario. */
export function strategyDefault(scenario: Scenario | undefined): string {
  return scenario === undefined ? RUN_DEFAULTS.strategy : controlOf(scenario);
}

/** The strategy whose mutants are tried unless another is named: the fix of the scenario, or else the first of its subject. */
export function mutatedDefault(scenario: Scenario): string {
  const fix = scenario.subject.strategies.find(
    (strategy) => promisedIn(scenario, strategy).expectation === 'holds',
  );
  return scenario.fix ?? fix?.name ?? controlOf(scenario);
}

/** What `compare` runs unless told otherwise. */
export function strategiesDefault({ subject }: Scenario): readonly string[] {
  return subject.compared ?? strategiesAll({ subject });
}

/** What `--strategies all` stands for. */
export function strategiesAll({ subject }: Pick<Scenario, 'subject'>): readonly string[] {
  return subject.strategies.map(({ name }) => name);
}

/** Worlds unless `--worlds` says otherwise: a stride needs two of its own length. */
export function worldsDefault(stride: number): number {
  return Math.max(RUN_DEFAULTS.worlds, 2 * stride);
}

/** Probability on threads of what a scenario is about that happens by chance. */
const CHANCE_DEFAULT = 0.2;

/** Probabilities of failures on threads unless told otherwise. */
export function failuresDefault(
  scenario: Pick<Scenario, 'chances'> | undefined,
): Pick<RunDefaults, 'readFail' | 'trylockFail' | 'setupFail'> {
  const { readsFail, trylocksFail, setupsFail } = scenario?.chances ?? {};
  return {
    readFail: readsFail === true ? CHANCE_DEFAULT : RUN_DEFAULTS.readFail,
    trylockFail: trylocksFail === true ? CHANCE_DEFAULT : RUN_DEFAULTS.trylockFail,
    setupFail: setupsFail === true ? CHANCE_DEFAULT : RUN_DEFAULTS.setupFail,
  };
}

/** Pages unless `--pages` says otherwise; `pagesAre` of a scenario that need not be known here. */
export function pagesDefault(scenario: string, pagesAre: PagesAre | undefined): number {
  return findScenario(scenario)?.pages ?? pagesOfSubject(pagesAre);
}

/** Trials between two rendezvous unless `--stride` says otherwise. */
export function strideDefault(start: Pick<StartState, 'stride'> | undefined): number {
  return start?.stride ?? 1;
}

/** Whether a scenario is the one that is played unless another is named. */
export function isFirstScenario(name: string): boolean {
  return name === scenarios[0]?.name;
}

/** The scenario of a name, the first without one; undefined if there is none of that name. */
export function scenarioOf(name: string | undefined): Scenario | undefined {
  return name === undefined ? scenarios[0] : findScenario(name);
}

/** The start state of a name, the first without one; undefined if there is none of that name. */
export function startOf(scenario: Scenario | undefined, name: string | undefined): StartState | undefined {
  return scenario?.starts.find((start) => name === undefined || start.name === name);
}
