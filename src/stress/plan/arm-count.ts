import { CHECK_COUNT } from '../../model/check.ts';
import type { BlockResult } from './block-result.ts';
import { NOTE_BITS } from './counters.ts';
import { STAGES } from './stages.ts';

/** What one arm has counted. */
export interface ArmCount {
  readonly strategy: string;
  trials: number;
  violations: number;
  /** By outcome index. */
  readonly outcomes: number[];
  /** By note bit number: in how many trials an actor noted it; only of the scenario's measures. */
  readonly notes: number[];
  /** By check number. */
  readonly checks: number[];
  /** Of a litmus test: its final states, as litmus7 prints them. */
  readonly states: Map<string, number>;
  /** In time order; made anew from a compact log whenever they are read. */
  readonly blocks: readonly BlockResult[];
  /** Of a mutant: how often an actor came to the changed step. */
  changes: number;
  /** Microseconds by actor and stage, and the trials that took them, as far as they were measured; blocks to warm up are left out. */
  readonly stages: number[][];
  trialsStaged: number;
  /** By instance, where there are several: what adds up to the counts above. */
  readonly instances: readonly InstanceCount[];
}

/** What one instance has counted in an arm. */
export interface InstanceCount {
  trials: number;
  violations: number;
  /** As those of the arm. */
  readonly outcomes: number[];
  readonly notes: number[];
}

/** Of a setting: how many outcomes and actors there are to count. */
export interface CountedShape {
  readonly scenario: { readonly outcomes: readonly unknown[] };
  readonly actors: readonly unknown[];
}

/** That of an arm which has not run, on so many instances; `blocks` makes what is read of them. */
export function armCount(
  strategy: string,
  setting: CountedShape,
  { instances, blocks }: { readonly instances: number; readonly blocks: () => BlockResult[] },
): ArmCount {
  const notes = (): number[] => Array.from({ length: NOTE_BITS }, () => 0);
  const outcomes = (): number[] => setting.scenario.outcomes.map(() => 0);
  return {
    strategy,
    trials: 0,
    violations: 0,
    outcomes: outcomes(),
    notes: notes(),
    checks: Array.from({ length: CHECK_COUNT }, () => 0),
    states: new Map(),
    get blocks() {
      return blocks();
    },
    changes: 0,
    stages: setting.actors.map(() => STAGES.map(() => 0)),
    trialsStaged: 0,
    instances: Array.from({ length: instances === 1 ? 0 : instances }, () => ({
      trials: 0,
      violations: 0,
      outcomes: outcomes(),
      notes: notes(),
    })),
  };
}
