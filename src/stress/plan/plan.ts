import { type Arena, layOut } from '../../memory/arena.ts';
import { logWordsFor } from '../../memory/recording-memory.ts';
import { scenarioNamed } from '../../catalog/registry.ts';
import { resolveSetting, type Setting } from '../../scenario/setting.ts';
import { Prng } from '../../stats/prng.ts';
import { counterCount } from './counters.ts';
import type { StressOptions } from './options.ts';
import type { RunPlan } from './protocol.ts';

/** The part of a plan that its setting and memory follow from. */
export type PlanParts = Omit<
  RunPlan,
  'memory' | 'spinsMax' | 'isProfiled' | 'isJudged' | 'startedAtMs' | 'isLaunched' | 'launch' | 'shift'
>;

/** The setting of a plan: threads work it out anew, since functions do not cross to them. */
export function settingOf(plan: PlanParts): Setting {
  return resolveSetting({
    scenario: scenarioNamed(plan.scenario),
    start: plan.start,
    actors: plan.actors,
    pages: plan.pages,
  });
}

/**
 * The setting that a run of these options has.
 * @throws {RangeError} If they do not fit together.
 */
export function settingOfOptions({
  scenario,
  start,
  actors,
  pages,
}: Pick<StressOptions, 'scenario' | 'start' | 'actors' | 'pages'>): Setting {
  return resolveSetting({ scenario: scenarioNamed(scenario), start, actors, pages });
}

/** The memory of a plan. */
export function arenaOf(plan: PlanParts, setting: Setting): Arena {
  return layOut({
    actors: setting.actors.length,
    worlds: plan.worlds,
    geometry: setting.geometry,
    counters: counterCount(setting.scenario),
    logWords: plan.isRecorded === true ? logWordsFor(plan.pages) : 0,
  });
}

/** Probes of a contended word before an actor sleeps, where each has a processor: about 20 us, beyond any hold. */
const SPINS_ALONE = 5_000;
/** The same where actors share processors: whoever is waited for may not be running. */
const SPINS_SHARED = 300;

/** Probes of a contended word before an actor sleeps. */
export function spinsMaxOf(actors: number, processors: number): number {
  return actors > processors ? SPINS_SHARED : SPINS_ALONE;
}

/** Seed of a block, from that of the run and the block's number. */
export function blockSeed(seed: number, block: number): number {
  return new Prng(seed).fork(block).nextUint32();
}
