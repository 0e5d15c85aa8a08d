import { allSteps, type MutableStep, touchedSteps } from '../fix/mutation/mutations-of.ts';
import { kernelMethods } from '../fix/mutation/method-hooks.ts';
import { functionText, kernelName, splitMutant, stepText } from '../fix/mutation/mutation.ts';
import type { RecordedStep } from '../fix/mutation/step-recorder.ts';
import type { Subject } from '../fix/subject.ts';
import { judgedBy } from '../scenario/checks.ts';
import { accessesThat, type Access } from '../memory/access.ts';
import { lockCycles } from '../memory/lock-order.ts';
import { Check } from '../model/check.ts';
import { namesOfSetting, settingNamed } from '../catalog/named-setting.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Setting } from '../scenario/setting.ts';
import type { RunOptions } from '../stress/plan/options.ts';
import { planParts } from '../stress/plan/plan.ts';
import type { Pace, TakenSteps } from '../stress/plan/protocol.ts';
import type { ActorOperation, ArmCoverage, ArmResult } from '../stress/result/result.ts';
import { placesOf } from '../stress/session/places.ts';
import { sessionParts } from '../stress/session/session-parts.ts';
import { Session } from '../stress/session/session.ts';
import { chancesOf } from './chances.ts';
import { performInThread } from './in-thread.ts';
import { limited } from './limit-signal.ts';
import type { Survey } from './survey.ts';

/** Length of the sample of each arm. */
const SAMPLE_MS = 150;
const SAMPLE_TRIALS_MAX = 20_000;
/** Limit of the search for the steps that an arm can take, and of what it may take over that. */
const SEARCH_MS = 2_000;
const PATIENCE = 2;

/** What an arm rests on, and what else its sample shows. */
export type Grounds = Required<Pick<ArmResult, 'coverage'>> & Pick<ArmResult, 'lockOrder'>;

/**
 * What a run rests on: which steps of each strategy the actors take on threads, and which invariants that puts to the
 * test. The trials of the run are too fast to put that down, so that a sample follows them, of the same setting on the same
 * machine, paced alike; what is missing is told by a search of every schedule, as far as it ends in time.
 *
 * @param pace - How the run was paced; undefined: as the options have it.
 * @returns By strategy, in the order given; undefined for mutants, of which the run itself counts the changed step.
 */
export async function coverageOf(
  options: Omit<RunOptions, 'strategies'>,
  strategies: readonly string[],
  pace?: Pace,
): Promise<readonly (Grounds | undefined)[]> {
  const names = strategies.filter((name) => splitMutant(name) === undefined);
  if (names.length === 0) return strategies.map(() => undefined);
  const { scenario } = settingNamed(options);
  const samples = await sampled(options, names, pace ?? options);
  const found = new Map<string, Grounds>();
  for (const [arm, name] of names.entries()) {
    const sample = samples[arm];
    if (sample === undefined) continue;
    const coverage = compared(sample, await surveyed(options, name), scenario);
    const lockOrder = lockCycles(sample.nestings);
    found.set(name, { coverage, ...(lockOrder.length > 0 && { lockOrder }) });
  }
  return strategies.map((name) => found.get(name));
}

/** What was taken in a sample of one arm, by all actors together. */
interface Sample extends Pick<TakenSteps, 'steps' | 'checks'> {
  readonly trials: number;
  /** Operations of actors' programs in which nobody took a step. */
  readonly idle?: readonly ActorOperation[];
}

/** The same with the locks that were taken while others were held. */
interface LockedSample extends Sample, Pick<TakenSteps, 'nestings'> {}

/** Runs a block of each strategy whose actors put down their steps. */
async function sampled(
  options: Omit<RunOptions, 'strategies'>,
  strategies: readonly string[],
  pace: Pace,
): Promise<readonly LockedSample[]> {
  const setting = settingNamed(options);
  const { seed, trylockFail, readFail, setupFail, delays, waits, signal } = options;
  const parts = planParts(setting, {
    arms: strategies.map((strategy) => ({ strategy })),
    worlds: pace.worlds,
    stride: pace.stride,
    seed,
    trylockFail,
    readFail,
    setupFail,
    delays,
    waits,
    recordsSteps: true,
    isLaunched: pace.launch !== undefined || pace.shift !== undefined,
  });
  const placement = await placesOf({ ...options, instances: 1 }, setting.actors.length);
  const session = new Session(sessionParts(parts, setting, { signal, placement }));
  try {
    await session.start();
    for (const arm of strategies.keys()) {
      if (options.signal?.aborted === true) return [];
      await session.runBlock({ arm, round: 0, ms: SAMPLE_MS, trialsMax: SAMPLE_TRIALS_MAX, pace });
    }
    const byActor = await session.end();
    return session.arms.map(({ trials }, arm) => {
      const taken = byActor.flatMap((arms) => arms[arm] ?? []);
      return {
        trials,
        idle: trials === 0 ? [] : idleOperations(setting, (actor) => byActor[actor]?.[arm]?.steps ?? []),
        steps: taken.flatMap(({ steps }) => steps),
        checks: [...new Set(taken.flatMap(({ checks }) => checks))],
        nestings: taken.flatMap(({ nestings }) => nestings),
      };
    });
  } finally {
    await session.destroy();
  }
}

/** All that a strategy can do in the setting; undefined if that is not known in time. */
async function surveyed(
  options: Omit<RunOptions, 'strategies'>,
  strategy: string,
): Promise<Survey | undefined> {
  const rung = { ...namesOfSetting(settingNamed(options)), ...chancesOf(options) };
  const { signal, done } = limited(options.signal, SEARCH_MS * PATIENCE);
  try {
    return await performInThread(
      {
        kind: 'survey',
        strategy,
        rung,
        exploreMs: SEARCH_MS,
      },
      signal,
    );
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    done();
  }
}

/** What was taken of what can be. */
export function compared(
  sample: Sample,
  survey: Survey | undefined,
  scenario: Pick<Scenario, 'subject' | 'atRest'>,
): ArmCoverage {
  const invariants = judgedBy(scenario);
  const atRest = invariants.filter(({ isAtRest }) => isAtRest).map(({ check }) => check);
  const taken = namesOf(allSteps(sample.steps));
  const checked = new Set([...sample.checks, ...atRest, ...atEveryStep(sample.steps, scenario.subject)]);
  const evaluated = invariants.filter(({ check }) => checked.has(check)).map(({ id }) => id);
  const { trials, idle = [] } = sample;
  if (survey === undefined) {
    return { trials, taken: taken.size, reachable: null, missed: [], own: null, idle, evaluated };
  }
  const can = namesOf(allSteps(survey.recorded));
  const own = namesOf(touchedSteps(survey.recorded, survey.functions, survey.before));
  const ownTaken = namesOf(touchedSteps(sample.steps, survey.functions, survey.before));
  return {
    trials,
    taken: taken.size,
    reachable: survey.complete ? can.size : null,
    missed: [...can].filter((name) => !taken.has(name)),
    own: survey.functions.size === 0 ? null : { taken: ownTaken.size, reachable: own.size },
    idle,
    evaluated,
  };
}

/**
 * Operations of actors' programs in which none of their actors took a step. Judged are those that call a function of the
 * model of their own name; what else an operation does is not put down.
 */
export function idleOperations(
  { actors, scenario }: Pick<Setting, 'actors' | 'scenario'>,
  stepsOf: (actor: number) => readonly RecordedStep[],
): readonly ActorOperation[] {
  const functions = new Set([...kernelMethods(scenario.subject.Model).keys()].map(kernelName));
  const openedBy = actors.map((_, actor) => new Set(stepsOf(actor).map(({ chain }) => chain[0])));
  return [...new Set(actors.map(({ role }) => role))].flatMap((role) =>
    role.program.flatMap(({ name: operation }) => {
      const isJudged = functions.has(operation);
      const isTaken = actors.some((target, actor) => target.role === role && openedBy[actor]?.has(operation));
      return isJudged && !isTaken ? [{ actor: role.name, operation }] : [];
    }),
  );
}

function namesOf(steps: readonly MutableStep[]): ReadonlySet<string> {
  return new Set(steps.map(({ step }) => `${functionText(step)}: ${stepText(step)}`));
}

/** The steps at which the memory checks something by itself. */
const CHECKED_AT: readonly (readonly [check: number, accesses: readonly Access[]])[] = [
  [Check.DoubleFree, accessesThat(({ target }) => target === 'object')],
  [Check.BadUnlock, accessesThat(({ target, holds }) => holds === 'no-more' && target !== 'section')],
  [Check.RcuImbalance, accessesThat(({ target }) => target === 'section')],
  [Check.SleepInAtomic, accessesThat(({ maySleep }) => maySleep)],
];

/** What the memory checks: the place of every access, whether an object is still there, locks. */
function atEveryStep(steps: readonly RecordedStep[], { Model }: Subject): number[] {
  const objects = Model.structures.filter(({ count }) => count === 'buffers').map(({ name }) => `${name}.`);
  const taken = new Set(steps.map(({ step }) => step.access));
  return [
    ...(steps.length > 0 ? [Check.WildAccess] : []),
    ...(steps.some(({ step }) => objects.some((object) => step.field.startsWith(object)))
      ? [Check.UseAfterFree]
      : []),
    ...CHECKED_AT.flatMap(([check, accesses]) =>
      accesses.some((access) => taken.has(access)) ? [check] : [],
    ),
  ];
}
