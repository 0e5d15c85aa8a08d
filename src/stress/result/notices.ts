/** What a reader should know about how a run went, a sentence or two each. */
import { STARTS_MIN } from '../../stats/start-totals.ts';
import type { Budget } from '../plan/options.ts';
import type { Environment } from '../host/machine-facts.ts';
import { instancesOf, type PlacementPlan } from '../topology/placement-plan.ts';
import { pinningNotice, placeNotices } from './place-notices.ts';
import type { ArmResult } from './result.ts';

/** Processors of others from which on the actors had to wait for theirs, beyond what the actors left free. */
const BUSY_MIN = 0.25;
const STEAL_MIN = 0.02;
const SHORT_MS = 1_000;

/** Of the blocks that are left out; those to warm up are part of the plan. */
const WHICH = {
  apart: 'whose actors did not run side by side',
  busy: 'in which other processes took over a quarter of a processor from the actors',
  stolen: "in which the hypervisor gave over a quarter of the processors' time to others",
  short: 'that ended after less than half their time',
} as const;

/** The notices of a run. */
export function noticesOf(run: {
  readonly environment: Environment;
  readonly arms: readonly ArmResult[];
  readonly isBusyHost: boolean;
  readonly actors: number;
  readonly budget: Budget;
  readonly starts: number;
  /** Where the actors were to be; undefined where nothing was planned. */
  readonly placement?: PlacementPlan | undefined;
  /** Why actors could not be kept there; null if they could. @default null */
  readonly pinningFailed?: string | null;
  /** Strategies whose violation ended the run. @default [] */
  readonly endedBy?: readonly string[];
}): string[] {
  const { environment, arms, isBusyHost, actors, budget, starts, placement, endedBy = [] } = run;
  return [
    ...endNotice(endedBy),
    ...(placement === undefined
      ? processorNotice(environment, actors)
      : placeNotices(placement, { met: arms.flatMap(({ blockResults }) => blockResults), starts })),
    ...pinningNotice(run.pinningFailed ?? null),
    ...loadNotice(environment, { actors: actors * instancesOf(placement), isBusyHost }),
    ...(isBusyHost
      ? [
          'In most blocks something else kept a processor busy, so that none is left out for that: these are the rates of a ' +
            'busy machine, lower than those of an idle one, and a zero is worth less.',
        ]
      : []),
    ...rejectionNotice(arms),
    ...(budget.kind === 'duration' && budget.ms < SHORT_MS
      ? ['Under a second: most of it is code that the JIT compiler has not optimized yet.']
      : []),
    ...startNotice(arms, starts),
  ];
}

/** Stopping at what one is after makes it look frequent. */
function endNotice(endedBy: readonly string[]): string[] {
  if (endedBy.length === 0) return [];
  return [
    `The first violation of ${endedBy.join(', ')} ended the run: rates and comparisons, as far as any are shown, are biased by that, and ` +
      'no claim of them stands. For a rate, run without --until violation.',
  ];
}

/** Too few starts do not say how the next one would differ. */
function startNotice(arms: readonly ArmResult[], starts: number): string[] {
  if (arms.every(({ rate }) => rate.blocks === 0 || rate.starts > 0)) return [];
  const few = starts === 1 ? 'One start of the threads' : `${starts} starts of the threads`;
  return [
    `${few}: what the JIT compiler makes of the code in the next one may differ twofold in rate, and intervals and claims ` +
      `do not include that. From ${STARTS_MIN} starts on they do: run for longer, or with --starts.`,
  ];
}

function processorNotice({ cpuCount, coreCount }: Environment, actors: number): string[] {
  if (cpuCount === 1) {
    return ['One processor: the actors never run side by side, so that a zero says almost nothing.'];
  }
  if (actors > cpuCount) {
    return [
      `${actors} actors on ${cpuCount} processors: they take turns, which costs throughput and most of the rate.`,
    ];
  }
  if (coreCount !== null && actors > coreCount) {
    return [
      `${actors} actors on ${cores(coreCount)}: two of them share one, which makes the round trip short and the race another one.`,
    ];
  }
  return [];
}

function cores(count: number): string {
  return count === 1 ? 'one core' : `${count} cores`;
}

function loadNotice(
  { cpuCount, load }: Environment,
  { actors, isBusyHost }: { readonly actors: number; readonly isBusyHost: boolean },
): string[] {
  if (load === null) return [];
  const found: string[] = [];
  const free = Math.max(0, cpuCount - actors);
  if (!isBusyHost && actors <= cpuCount && load.othersBusy > free + BUSY_MIN) {
    found.push(
      `Other processes kept ${load.othersBusy.toFixed(1)} of ${cpuCount} processors busy: the actors had to wait for ` +
        'theirs, which lowers throughput and rates, and what a zero is worth. Run on an idle machine to compare rates.',
    );
  }
  if (load.steal > STEAL_MIN) {
    found.push(
      `The hypervisor gave ${Math.round(load.steal * 100)} % of the processors' time to other machines: the actors ran ` +
        'side by side less often than they would on hardware of their own.',
    );
  }
  return found;
}

function rejectionNotice(arms: readonly ArmResult[]): string[] {
  const counts = (['apart', 'busy', 'stolen', 'short'] as const).map(
    (reason) => [reason, arms.reduce((sum, { rejected }) => sum + rejected.blocks[reason], 0)] as const,
  );
  const left = counts.reduce((sum, [, count]) => sum + count, 0);
  if (left === 0) return [];
  const all = left + arms.reduce((sum, { rate }) => sum + rate.blocks, 0);
  const which = counts.flatMap(([reason, count]) => (count === 0 ? [] : `${count} ${WHICH[reason]}`));
  if (counts.some(([reason, count]) => reason === 'apart' && count === all)) {
    return [
      'In no block did the actors run side by side: something else has a processor, and they took turns. Hardly any trial was a race, ' +
        'nothing is said of rates, and a zero is worth nothing. Run on two idle processors.',
    ];
  }
  return [
    `${left} of ${all} blocks are left out of the rates: ${which.join(', ')}. Violations in them are counted all the same.`,
  ];
}
