import { lookConfidence } from '../../stats/looks.ts';
import type { ArmCount } from '../plan/arm-count.ts';
import { CONFIDENCE } from '../result/block-samples.ts';
import type { RunConfig, Stopping } from '../result/result.ts';
import { endingArms, isSettled, type Wanted } from '../result/settled.ts';
import type { CountedArm } from '../result/summary.ts';
import { exceptional } from '../session/block-rejection.ts';
import type { RunArm, RunHead } from './run-head.ts';

/** When a run ends, beside its budget, and what can be claimed of it then. */
export class StopRule {
  /** Arms of which the first violation ends the run. */
  readonly endsOn: readonly number[];
  readonly #until: RunConfig['until'];
  readonly #wanted: Wanted;
  readonly #arms: readonly RunArm[];

  constructor({ config, arms, placement }: Pick<RunHead, 'config' | 'arms' | 'placement'>) {
    const { until, fold } = config;
    this.endsOn = until === 'violation' ? endingArms(arms) : [];
    this.#until = until;
    this.#wanted = { fold, classes: placement?.classes.length ?? 1 };
    this.#arms = arms;
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

  /** The strategies whose violation has ended a run, by the names that it was asked for. */
  endedBy(counts: readonly Pick<ArmCount, 'violations'>[], names: readonly string[]): string[] {
    return names.filter((_, arm) => this.endsOn.includes(arm) && (counts[arm]?.violations ?? 0) > 0);
  }

  /** The counts with what their strategies promise. */
  armsOf(counts: readonly ArmCount[]): CountedArm[] {
    return exceptional(counts).flatMap((count, arm) => {
      const found = this.#arms[arm];
      if (found === undefined) return [];
      const { strategy: name, expectation, isControl } = found;
      return [{ count, strategy: { name, expectation }, isControl }];
    });
  }
}

function confidenceAt(look: number): number {
  return lookConfidence({ confidence: CONFIDENCE, look });
}
