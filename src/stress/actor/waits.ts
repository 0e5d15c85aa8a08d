/**
 * Random waits that meet a race more often than its natural rate does: `--jitter` before each trial of each actor, so that
 * the offset between two actors takes every value in turn, and `--stall`, which holds one of them up at a point for up to
 * milliseconds, as a preemption would. Both draw from the seed of the block. An arm without them has none of this
 * code: its program and its model are left as they are.
 */
import type { ModelClass } from '../../fix/strategy.ts';
import type { Operation } from '../../scenario/scenario.ts';
import type { SettingActor } from '../../scenario/setting.ts';
import type { Prng } from '../../stats/prng.ts';
import type { Waits } from '../plan/amplification.ts';

/** The shortest stall. */
export const STALL_MIN_NS = 1_000;
/** A trial passes about so many points at most. */
const POINTS_PER_TRIAL = 16;
/** Longer strides would be taken for hung actors. */
const STRIDE_MS_MAX = 500;

/** What waits need of their actor. */
export interface Waiter {
  /** Takes so many rounds of the calibrated loop. */
  readonly delay: (rounds: number) => void;
  readonly nsPerRound: number;
  /** The chance of the current block. */
  readonly chance: () => Prng;
}

/** An actor that waits up to `jitterNs` before each trial, every time in it equally likely. */
export function jittered(place: SettingActor, jitterNs: number, waiter: Waiter): SettingActor {
  const [first, ...more] = place.role.program;
  if (jitterNs === 0 || first === undefined) return place;
  const roundsMax = Math.round(jitterNs / waiter.nsPerRound);
  const late: Operation = {
    ...first,
    run: (context, carried) => {
      waiter.delay(waiter.chance().nextBelow(roundsMax + 1));
      return first.run(context, carried);
    },
  };
  return { ...place, role: { ...place.role, program: [late, ...more] } };
}

/** The model of a strategy that is held up with probability `stall` at each named point that it reaches. */
export function stalled(Base: ModelClass, { stall, stallMaxNs }: Waits, waiter: Waiter): ModelClass {
  if (stall === 0) return Base;
  const below = Math.round(stall * 0x1_0000_0000);
  return class Stalled extends Base {
    protected override reached(point: string): void {
      super.reached(point);
      const chance = waiter.chance();
      if (chance.nextUint32() >= below) return;
      waiter.delay(Math.round(stallNs(stallMaxNs, chance.nextFloat()) / waiter.nsPerRound));
    }
  };
}

/** Log-uniform from a microsecond to `maxNs`, for `draw` uniform in [0, 1): all magnitudes alike. */
export function stallNs(maxNs: number, draw: number): number {
  return STALL_MIN_NS * (maxNs / STALL_MIN_NS) ** draw;
}

/**
 * Refuses waits that would keep the actors longer from their rendezvous than a hung one.
 * @throws {RangeError} If a stride would take them over half a second on average.
 */
export function checkWaits({ jitterNs, stall, stallMaxNs }: Waits, stride: number): void {
  const stallMean = (stallMaxNs - STALL_MIN_NS) / Math.max(1, Math.log(stallMaxNs / STALL_MIN_NS));
  const strideMs = (stride * (jitterNs / 2 + POINTS_PER_TRIAL * stall * stallMean)) / 1e6;
  if (strideMs <= STRIDE_MS_MAX) return;
  throw new RangeError(
    `--stall, --jitter: a stride of ${stride} trials would wait ${Math.round(strideMs)} ms, over ${STRIDE_MS_MAX} ms; ` +
      'lower them, or --stride',
  );
}
