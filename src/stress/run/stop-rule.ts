import type { Strategy } from '../../fix/strategy.ts';
import { lookConfidence } from '../../stats/looks.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import type { RunOptions } from '../plan/options.ts';
import { CONFIDENCE } from '../result/block-samples.ts';
import type { Stopping } from '../result/result.ts';
import { endingArms, isSettled, type Wanted } from '../result/settled.ts';
import type { CountedArm } from '../result/summary.ts';
import { exceptional } from '../session/block-rejection.ts';

/** When a run ends, beside its budget, and what can be claimed of it then. */
export class StopRule {
  /** Arms of which the first violation ends the run. */
  readonly endsOn: readonly number[];
  readonly #until: RunOptions['until'];
  readonly #wanted: Wanted;
  readonly #strategies: readonly Pick<Strategy, 'name' | 'expectation'>[];
  readonly #isControlAdded: boolean;

  constructor(
    { until, fold, classes }: Pick<RunOptions, 'until'> & Pick<Wanted, 'fold' | 'classes'>,
    strategies: readonly Pick<Strategy, 'name' | 'expectation'>[],
    isControlAdded: boolean,
  ) {
    this.endsOn = until === 'violation' ? endingArms(strategies) : [];
    this.#until = until;
    this.#wanted = { fold, ...(classes !== undefined && { classes }) };
    this.#strategies = strategies;
    this.#isControlAdded = isControlAdded;
  }

  /** Whether a look at the counts may end the run. */
  get mayDecide(): boolean {
    return this.#until === 'decided';
  }

  /** Whether look number `look` settles the question. */
  isSettled(counts: readonly ArmCount[], look: number): boolean {
    return isSettled(this.armsOf(counts), { ...this.#wanted, confidence: confidenceAt(look) });
  }

  /** What the counts of a run are worth that was looked at so often. */
  stoppingOf({ arms, looks }: { readonly arms: readonly ArmCount[]; readonly looks: number }): Stopping {
    return this.mayDecide
      ? {
          rule: 'decided',
          looks,
          confidence: confidenceAt(looks),
          isDecided: this.isSettled(arms, looks),
        }
      : {
          rule: this.#until === 'violation' ? 'violation' : 'fixed',
          looks: 1,
          confidence: CONFIDENCE,
          isDecided: null,
        };
  }

  /** The counts with what their strategies promise. */
  armsOf(counts: readonly ArmCount[]): CountedArm[] {
    return exceptional(counts).flatMap((count, arm) => {
      const strategy = this.#strategies[arm];
      return strategy === undefined ? [] : [{ count, strategy, isControl: arm > 0 && this.#isControlAdded }];
    });
  }
}

function confidenceAt(look: number): number {
  return lookConfidence({ confidence: CONFIDENCE, look });
}
