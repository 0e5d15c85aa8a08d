/** Comparisons to decide by, with proofs, costs and what they rest on; made by hand as those of sample-results.ts. */
import type {
  ArmCost,
  ArmCoverage,
  ArmProof,
  ArmResult,
  CompareResult,
} from '../../../src/stress/result/result.ts';
import { asDeclared, config, none, upstream, upstreamAgainstNone } from './sample-results.ts';

const holds: ArmProof = {
  verdict: 'holds',
  complete: true,
  states: 705,
  elapsedMs: 104,
  invariants: [],
  witness: null,
};
const SCHEDULE = 'eb1:readahead-vs-releasepage:primed:early-check:finder=1,reclaim=1:p4:b12a17b5a28';
const refuted: ArmProof = {
  ...holds,
  verdict: 'violated',
  states: 774,
  invariants: ['B1'],
  witness: SCHEDULE,
};

function costOf(locks: number, completionLocks: number, ns: number): ArmCost {
  return {
    readahead: { locks, atomics: 7, steps: 45, ns },
    releasepage: { locks: 8, atomics: 15, steps: 62, ns: 612.4 },
    completion: { locks: completionLocks, atomics: 22, steps: 80, ns: 801.9 },
  };
}

const cmpxchgRelease: ArmResult = {
  ...upstream,
  strategy: 'cmpxchg-release',
  treeRefStripped: 0,
  rescues: 0,
  proof: { ...holds, states: 505 },
  cost: costOf(5, 4, 301.2),
};

const covered: ArmCoverage = {
  trials: 12_900,
  taken: 68,
  reachable: 68,
  missed: [],
  own: null,
  evaluated: ['B1', 'B2', 'B3', 'B4', 'UAF', 'DF', 'Q1', 'Q2', 'Q3', 'WILD', 'L1', 'L2', 'L4', 'Q4'],
};

const coveredInPart: ArmCoverage = {
  ...covered,
  trials: 14_300,
  taken: 66,
  missed: ['check_buffer_tree_ref: spin_lock(eb.refs_lock)', 'check_buffer_tree_ref: atomic_inc(eb.refs)'],
  own: { taken: 3, reachable: 7 },
};

/** `compare` with strategies named: a page to decide by. */
export const decided: CompareResult = {
  ...asDeclared,
  config: { ...config, strategies: ['none', 'upstream', 'cmpxchg-release'] },
  arms: [
    { ...none, proof: refuted, cost: costOf(5, 4, 298), coverage: covered },
    { ...upstream, proof: holds, cost: costOf(6, 4, 310.7), coverage: coveredInPart },
    cmpxchgRelease,
  ],
  comparisons: [upstreamAgainstNone, { ...upstreamAgainstNone, strategy: 'cmpxchg-release' }],
  decision: [
    { arm: 2, safety: 'proved', dominatedBy: null },
    { arm: 1, safety: 'proved', dominatedBy: 'cmpxchg-release' },
    { arm: 0, safety: 'unsafe', dominatedBy: null },
  ],
};

/** A fix of one's own that explore refutes and that the hardware did not catch. */
export const fixRefuted: CompareResult = {
  ...decided,
  config: { ...config, strategies: ['none', './half-fix.mjs'] },
  arms: [
    { ...none, proof: refuted },
    {
      ...upstream,
      strategy: 'half-fix',
      proof: { ...refuted, witness: SCHEDULE.replace('early-check', './half-fix.mjs') },
    },
  ],
  comparisons: [{ ...upstreamAgainstNone, strategy: 'half-fix' }],
  decision: [
    { arm: 0, safety: 'unsafe', dominatedBy: null },
    { arm: 1, safety: 'unsafe', dominatedBy: null },
  ],
  verdict: 'not-as-declared',
};

/** The two engines at odds. */
export const contradicted: CompareResult = {
  ...decided,
  contradictions: ['upstream violated Q1 12 times on hardware, where explore proves that it cannot'],
};
