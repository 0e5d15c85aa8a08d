import { Piscina } from 'piscina';
import { IMPURE, isImpurity, impurityText } from '../../fix/plug-in/guards.ts';
import { endPool, within } from '../../fix/plug-in/live-threads.ts';
import { placeInStack, placeInThread } from '../../fix/plug-in/stack-of-thread.ts';
import { suspectsIn, type UserModule } from '../../fix/plug-in/suspects.ts';
import { MODULE_EXTENSION, THREAD_EXEC_ARGV, YOUNG_HEAP_MB } from '../../fix/plug-in/threads.ts';
import { ACTOR_OPERATION, actorLine, GATE_ARM } from '../../memory/control.ts';
import { wasmModule } from '../../memory/wasm-instructions.ts';
import { plugInsOf } from '../../catalog/plug-ins-of.ts';
import { isScenarioPlugIn } from '../../catalog/registry.ts';
import { resetWorldsModule } from '../../scenario/reset-worlds.ts';
import type { Setting } from '../../scenario/setting.ts';
import { HarnessError, isBusyHost } from '../plan/harness-error.ts';
import type { FirstFailure } from './first-failure.ts';
import type { ActorTask, Brought, LearntInArms, RunPlan, ThreadData } from '../plan/protocol.ts';

/** A worker's heap: an actor allocates nothing, so that this bounds a strategy that does. */
const HEAP_MB = 64;
const STACK_MB = 1;

/** What the threads of an instance are started with. */
export interface ActorPoolParts {
  readonly plan: RunPlan;
  readonly setting: Setting;
  readonly actorBase: number;
  /** By actor: what others in their places have brought home. */
  readonly learnt: readonly LearntInArms[];
  /** ` of instance 3` in messages; empty where there is one. */
  readonly ofInstance: string;
  /** Told of an actor that ends before it was sent home. */
  readonly failure: FirstFailure;
}

/** The worker threads of an instance, one per actor. */
export class ActorPool {
  readonly #pool: Piscina<ActorTask, Brought>;
  readonly #runs: Promise<Brought>[];
  #isClosing = false;

  constructor({ plan, setting, actorBase, learnt, ofInstance, failure }: ActorPoolParts) {
    const threads = setting.actors.length;
    const { scenario } = plan;
    this.#pool = new Piscina<ActorTask, Brought>({
      filename: new URL(`../actor/actor.${MODULE_EXTENSION}`, import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      // A task without a thread rejects instead of waiting for one: its actors would wait for it at the rendezvous.
      maxQueue: 0,
      idleTimeout: Infinity,
      atomics: 'disabled',
      recordTiming: false,
      workerData: {
        plan,
        instructions: wasmModule(plan.memory),
        judge: setting.scenario.subject.soundWorlds?.(plan.memory, setting.geometry),
        reset: resetWorldsModule(plan.memory, setting.geometry, setting.start),
        learnt,
      } satisfies ThreadData,
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MB,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
        stackSizeMb: STACK_MB,
      },
      execArgv: [...THREAD_EXEC_ARGV],
      env: process.env,
    });
    const words = new Int32Array(plan.memory.buffer);
    this.#pool.on('error', (error: unknown) =>
      failure.fail(crash(error, `a worker thread${ofInstance}`, { strategy: '', scenario })),
    );
    this.#runs = setting.actors.map(async ({ label, role }, actor) => {
      const where = (): string => {
        const arm = plan.arms[words[GATE_ARM] ?? 0];
        const operation = role.program[words[actorLine(actorBase, actor) + ACTOR_OPERATION] ?? 0];
        return `actor ${label}${ofInstance} of strategy ${armText(arm, scenario)}${operation === undefined ? '' : `, in ${operation.name},`}`;
      };
      try {
        const brought = await this.#pool.run({ actor });
        if (!this.#isClosing)
          failure.fail(new HarnessError('ERR_ACTOR_CRASHED', `${where()} ended before the run did`));
        return brought;
      } catch (error) {
        const strategy = plan.arms[words[GATE_ARM] ?? 0]?.strategy ?? '';
        if (!this.#isClosing) failure.fail(crash(error, where(), { strategy, scenario }));
        return { taken: [], learnt: [] };
      }
    });
  }

  /** Waits for actors that have been sent home. By actor: what it has brought; of nobody if one does not come in time. */
  async goneHome(limitMs: number): Promise<readonly Brought[]> {
    this.#isClosing = true;
    let brought: readonly Brought[] = [];
    await within(
      Promise.all(this.#runs).then((all) => (brought = all)),
      limitMs,
    );
    return brought;
  }

  /** Where in a plug-in a thread stands that does not come back; undefined if none does. */
  async placeIn(modules: readonly UserModule[]): Promise<string | undefined> {
    if (modules.length === 0) return undefined;
    const plugIns = modules.map(({ path }) => path);
    const places = await Promise.all(
      this.#pool.threads.map(async ({ threadId }) => placeInThread(threadId, plugIns)),
    );
    return places.find(({ place }) => place !== undefined)?.place;
  }

  /** Ends all threads, whatever they do. */
  async destroy(): Promise<void> {
    this.#isClosing = true;
    await endPool(this.#pool);
  }
}

/** A strategy in a message: a plug-in with its methods, one of which is to blame, and a user's scenario, which may be. */
export function armText(arm: RunPlan['arms'][number] | undefined, scenario: string): string {
  const { strategy = 'unknown', overrides = [] } = arm ?? {};
  const text = overrides.length === 0 ? strategy : `${strategy} (${overrides.join(', ')})`;
  return isScenarioPlugIn(scenario) ? `${text} in ${scenario}` : text;
}

/** Whose doing something is, in a message: a strategy in a user's scenario, that scenario, or one of the two. */
function suspectText(
  suspects: readonly UserModule[],
  { strategy, scenario }: { readonly strategy: string; readonly scenario: string },
): string {
  const [first, ...others] = suspects;
  if (first === undefined || (first.kind === 'strategy' && others.length === 0))
    return `strategy ${armText({ strategy }, scenario)}`;
  const names = { strategy, scenario };
  return suspects.map(({ kind }) => `${kind} ${names[kind]}`).join(' or ');
}

function crash(
  error: unknown,
  where: string,
  { strategy, scenario }: { readonly strategy: string; readonly scenario: string },
): HarnessError {
  const modules = plugInsOf(strategy, scenario);
  const { message, name, code, stack }: NodeJS.ErrnoException =
    error instanceof Error ? error : new Error(String(error));
  if (isBusyHost(message)) return new HarnessError('ERR_HOST_BUSY', message, { cause: error });
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new HarnessError('ERR_ACTOR_OUT_OF_MEMORY', `${where} ran out of memory (${HEAP_MB} MB)`, {
      cause: error,
    });
  }
  if (isImpurity(message)) {
    const text = impurityText(message, stack, modules);
    const said = text.startsWith(IMPURE) ? ` ${text}` : `: ${text}`;
    const who = suspectText(suspectsIn(stack, modules), { strategy, scenario });
    return new HarnessError('ERR_STRATEGY_IMPURE', `${who}${said}`, { cause: error });
  }
  const exit = /^worker exited with code: (\d+)/.exec(message);
  const place = placeInStack(
    stack,
    modules.map(({ path }) => path),
  );
  const thrown = `threw ${name}: ${message}${place === undefined ? '' : `, in ${place}`}`;
  const what = exit === null ? thrown : `exited with code ${exit[1]}`;
  return new HarnessError('ERR_ACTOR_CRASHED', `${where} ${what}`, { cause: error });
}
