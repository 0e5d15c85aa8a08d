import { checksOf } from '../../scenario/checks.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { DEADLOCK, LIVELOCK } from './stuck.ts';

/** What is violated. */
export interface ViolationName {
  /** An invariant's id, `deadlock` or `livelock`. */
  readonly invariant: string;
  readonly title: string;
  readonly origin: string;
}

/** The name of what a check number stands for in a scenario. */
export function violationName(check: number, scenario: Scenario): ViolationName {
  switch (check) {
    case DEADLOCK:
      return { invariant: 'deadlock', title: 'actors wait for each other', origin: 'lockdep, hung task' };
    case LIVELOCK:
      return { invariant: 'livelock', title: 'actors run for ever', origin: 'soft lockup, RCU stall' };
    default: {
      const invariant = checksOf(scenario).find((candidate) => candidate.check === check);
      return {
        invariant: invariant?.id ?? `check ${check}`,
        title: invariant?.title ?? "a check of the strategy's own",
        origin: invariant?.origin ?? `violated(${check}), the strategy`,
      };
    }
  }
}
