import { invariants } from '../../src/catalog/registry.ts';
import { Prng } from '../../src/stats/prng.ts';
import { cpuCount } from '../../src/stress/host/environment.ts';
import { HarnessError } from '../../src/stress/plan/harness-error.ts';
import { settingNamed } from '../../src/catalog/named-setting.ts';
import { scenarioNamed } from '../../src/catalog/registry.ts';
import { parseActorsText } from '../../src/scenario/role-count.ts';
import { planParts } from '../../src/stress/plan/plan.ts';
import { sessionParts } from '../../src/stress/session/session-parts.ts';
import { type BlockOrder, Session } from '../../src/stress/session/session.ts';
import type { FuzzSetting } from './program.ts';
import type { Searched } from './searches.ts';

/** What real threads showed of a program. */
export type Shown =
  | {
      readonly kind: 'counted';
      readonly trials: number;
      /** Ids of the invariants that were violated, and trials that violated one. */
      readonly violated: readonly string[];
      readonly violations: number;
      /** Names of outcomes, that of a violation left out, and trials that ended in that. */
      readonly outcomes: readonly string[];
      readonly bugs: number;
    }
  /** Status 70: an actor hung or crashed. */
  | { readonly kind: 'failed'; readonly code: HarnessError['code']; readonly message: string };

/** A program that is to be run. */
export interface Runnable {
  readonly path: string;
  readonly setting: FuzzSetting;
  readonly searched: Searched;
}

const SCENARIO = 'readahead-vs-releasepage';
const WORLDS = 128;
const STRIDE = 32;
const TRIALS = 12_000;
/** Of blocks that do not reach their trials: a busy host must not hold the fuzzer. */
const BLOCK_MS = 250;
const LAUNCHES = 3;
const LAUNCH_MS = 10;
/** Where a program may hang it is soon given up; where it must not, a busy host gets all the time that it needs. */
const HANG_SOON_MS = 300;
const HANG_MS = 20_000;
/** How often the programs of a setting are tried again on a host that is busy. */
const BUSY_MAX = 20;
/** Programs in one run: threads are started once for all of them. */
const ARMS_MAX = 12;
const READ_FAIL = 0.5;
const TRYLOCK_FAIL = 0.2;
/** Holds actors in the windows of the scenario's races. */
const DELAYS: readonly Readonly<Record<string, number>>[] = [
  {},
  { 'releasepage:checked': 300, 'read:entry': 300 },
  { 'find:ref': 300, 'free:entry': 300, 'alloc:inserted': 300, 'release:zero': 300 },
];

/** Whether it is no wonder if the program ends in status 70: what comes behind a violation is not judged. */
function mayFail({ searched }: Runnable): boolean {
  return searched.kind !== 'found' || searched.result.verdict === 'violated';
}

/** Runs programs on real threads: what was shown of each, in their order. */
export async function runOnThreads(programs: readonly Runnable[], seed: number): Promise<readonly Shown[]> {
  const shown = new Map<Runnable, Shown>();
  const groups = new Map<string, Runnable[]>();
  for (const program of programs) {
    const isAlone = program.searched.kind === 'refused' ? program.path : '';
    const key = JSON.stringify([program.setting, mayFail(program), isAlone]);
    groups.set(key, [...(groups.get(key) ?? []), program]);
  }
  for (const group of groups.values()) {
    let busy = 0;
    for (let left = group; left.length > 0; left = left.filter((program) => !shown.has(program))) {
      try {
        await runBatch(left.slice(0, ARMS_MAX), seed, shown);
      } catch (error) {
        // Another process had the processors: that says nothing of the programs.
        if (!(error instanceof HarnessError) || error.code !== 'ERR_HOST_BUSY' || ++busy > BUSY_MAX)
          throw error;
      }
    }
  }
  return programs.map((program) => {
    const found = shown.get(program);
    if (found === undefined) throw new Error(`${program.path} was not run`);
    return found;
  });
}

/** Runs programs of one setting until one of them fails. */
async function runBatch(
  batch: readonly Runnable[],
  seed: number,
  shown: Map<Runnable, Shown>,
): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  const { session, isLaunched } = sessionOf(first, batch, seed);
  const prng = new Prng(seed);
  let current: Runnable | undefined;
  try {
    await session.start();
    for (const [arm, program] of batch.entries()) {
      current = program;
      for (const order of blocks(isLaunched, prng)) await session.runBlock({ arm, round: 0, ...order });
      shown.set(program, shownBy(session, arm));
    }
    current = undefined;
    await session.end();
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code === 'ERR_HOST_BUSY') throw error;
    // A thread may fail while it loads its programs: then none of them has run.
    const failed = current ?? (batch.length === 1 ? first : undefined);
    if (failed === undefined) throw error;
    shown.set(failed, { kind: 'failed', code: error.code, message: error.message });
  } finally {
    await session.destroy();
  }
}

function sessionOf(
  first: Runnable,
  batch: readonly Runnable[],
  seed: number,
): { readonly session: Session; readonly isLaunched: boolean } {
  const { start, actors, pages, chances } = first.setting;
  const setting = settingNamed({ scenario: SCENARIO, start, actors: parseActorsText(actors), pages });
  const isLaunched = setting.actors.length <= cpuCount();
  const parts = planParts(setting, {
    worlds: WORLDS,
    stride: STRIDE,
    arms: batch.map(({ path }) => ({ strategy: path })),
    seed,
    trylockFail: chances.trylocksFail ? TRYLOCK_FAIL : 0,
    readFail: chances.readsFail ? READ_FAIL : 0,
    setupFail: chances.setupsFail ? READ_FAIL : 0,
    delays: DELAYS[(seed + batch.length) % DELAYS.length] ?? {},
    isLaunched,
  });
  const hangMs = mayFail(first) ? HANG_SOON_MS : HANG_MS;
  const session = new Session(sessionParts(parts, setting, { hangMs }));
  return { session, isLaunched };
}

function blocks(isLaunched: boolean, prng: Prng): Omit<BlockOrder, 'arm' | 'round'>[] {
  const strides = { ms: BLOCK_MS, trialsMax: TRIALS };
  if (!isLaunched) return [strides];
  const launched = Array.from({ length: LAUNCHES }, (_, launch) => ({
    ms: LAUNCH_MS,
    trialsMax: Infinity,
    pace: {
      stride: STRIDE,
      worlds: WORLDS,
      launch: { offsetNs: Math.round((2 * prng.nextFloat() - 1) * 1_500), lastToucher: launch % 2 },
    },
  }));
  return [strides, ...launched];
}

function shownBy({ arms }: Session, index: number): Shown {
  const arm = arms[index];
  if (arm === undefined) throw new RangeError(`no arm ${index}`);
  const [bugs = 0, ...others] = arm.outcomes;
  return {
    kind: 'counted',
    trials: arm.trials,
    violated: arm.checks.flatMap((count, check) => (count === 0 ? [] : [nameOf(check)])),
    violations: arm.violations,
    outcomes: others.flatMap((count, outcome) => (count === 0 ? [] : [OUTCOMES[outcome + 1] ?? '?'])),
    bugs,
  };
}

const OUTCOMES = scenarioNamed(SCENARIO).outcomes.map(({ name }) => name);

function nameOf(check: number): string {
  return invariants.find((invariant) => invariant.check === check)?.id ?? `check ${check}`;
}

/** What real threads showed and the search calls impossible. */
export function contradictionsOnThreads(program: Runnable, shown: Shown): string[] {
  const { searched } = program;
  const contradictions: string[] = [];
  if (shown.kind === 'failed') {
    if (!mayFail(program))
      contradictions.push(`the search proves it, and on threads: ${shown.code}, ${shown.message}`);
    return contradictions;
  }
  if (shown.bugs !== shown.violations) {
    contradictions.push(
      `${shown.bugs} trials ended in a violation, ${shown.violations} violations were counted`,
    );
  }
  if (searched.kind !== 'found') return contradictions;
  const { violations, outcomes } = searched.result;
  const known = new Set([
    ...violations.map(({ invariant }) => invariant),
    ...outcomes.map(({ name }) => name),
  ]);
  for (const name of [...shown.violated, ...shown.outcomes]) {
    if (!known.has(name)) contradictions.push(`threads show ${name}, which the search calls impossible`);
  }
  return contradictions;
}
