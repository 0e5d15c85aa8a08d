import { type Arena, layOut } from '../../memory/arena.ts';
import { logWordsFor } from '../../memory/recording-memory.ts';
import { type NamedSetting, namesOfSetting } from '../../catalog/named-setting.ts';
import type { Setting } from '../../scenario/setting.ts';
import { Prng } from '../../stats/prng.ts';
import { seedOfShard, type Shard } from '../../stats/shard.ts';
import { counterCount } from './counters.ts';
import type { RunPlan } from './protocol.ts';

/** The part of a plan that whoever makes the run decides; the rest follows from it and from the machine: see `sessionParts`. */
export interface PlanParts extends Omit<
  RunPlan,
  'memory' | 'spinsMax' | 'startedAtMs' | 'isProfiled' | 'isJudged'
> {
  /** As in `RunPlan`. @default false */
  readonly isProfiled?: boolean | undefined;
  /** As in `RunPlan`. @default true */
  readonly isJudged?: boolean | undefined;
}

/** What it says beside the setting. */
type OwnParts = Omit<PlanParts, keyof NamedSetting>;

/** What makes a run natural, unless it says otherwise. */
const NATURAL = { trylockFail: 0, readFail: 0, delays: {} } as const;

/** The parts of a plan in a setting. */
export function planParts(
  setting: Setting,
  own: Omit<OwnParts, keyof typeof NATURAL> & Partial<Pick<OwnParts, keyof typeof NATURAL>>,
): PlanParts {
  return { ...NATURAL, ...own, ...namesOfSetting(setting) };
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

/** Seed of a block, from that of the run and the block's number; in a shard one that no other shard's blocks have. */
export function blockSeed(
  { seed, shard }: { readonly seed: number; readonly shard?: Shard | undefined },
  block: number,
): number {
  return seedOfShard(new Prng(seed).fork(block).nextUint32(), shard);
}
