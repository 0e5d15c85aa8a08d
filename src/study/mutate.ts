import { setMaxListeners } from 'node:events';
import { describeStrategy, type StrategyDescription } from '../catalog/describe-strategy.ts';
import { mutantName, parseMutation } from '../fix/mutation/mutation.ts';
import type { Expectation } from '../fix/strategy.ts';
import { describeMachine, environmentOf } from '../stress/host/environment.ts';
import type { Machine } from '../stress/host/machine-facts.ts';
import { promisedIn } from '../scenario/promises.ts';
import { isOfShard } from '../stats/shard.ts';
import { performInThread } from './in-thread.ts';
import type { Journal } from './journal/journal.ts';
import { scenarioOfLadder } from './mutate-ladder.ts';
import { SearchPool } from './search-pool.ts';
import { freshResult, type MutationPlan, planMutants, type PlannedMutant } from './mutate-plan.ts';
import type { Baseline, MutantProof, MutantResult, MutateConfig, MutateResult } from './mutate-result.ts';
import { judgeMutant } from './mutate-judge.ts';
import { placesAsked } from '../stress/plan/places-config.ts';
import { stressMutant } from './mutate-stress.ts';
import { mutatedOf } from './mutated-of.ts';
import type { Survey } from './survey.ts';

/** How far it is. */
export interface MutateProgress {
  readonly stage: 'survey' | 'explore' | 'stress';
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
}

/** What `mutate` takes; validated by the caller. */
export interface MutateOptions {
  readonly config: MutateConfig;
  /** An earlier result of the same configuration, whose mutants need not be tried again. */
  readonly resumed?: MutateResult | undefined;
  /** Where it puts down what it finds, and what it goes on from. @default nowhere */
  readonly journal?: Journal | undefined;
  /** Ends it early; what is known is returned. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: MutateProgress) => void) | undefined;
  /** Called with all that is known whenever something more is; awaited before the next hardware attempt. */
  readonly onResult?: ((result: MutateResult) => Promise<void>) | undefined;
}

/**
 * Changes every step of a strategy, one at a time: explore judges each mutant, in parallel, and real threads try to kill it,
 * one after the other since they need the processors to themselves.
 * @throws {StrategyError} If there is no such strategy.
 * @throws {RangeError} If it has no step to change.
 */
export async function mutate(options: MutateOptions): Promise<MutateResult> {
  return new Mutate(options).run();
}

class Mutate {
  readonly #options: MutateOptions;
  readonly #signal: AbortSignal;
  readonly #pool: SearchPool = new SearchPool();
  readonly #startedAt = performance.now();
  #environment: MutateResult['environment'] | undefined;
  #baseline: readonly Baseline[] = [];
  #plan: MutationPlan = { mutants: [], fixed: [] };
  #mutants: MutantResult[] = [];
  #saving: Promise<void> = Promise.resolve();
  /** What was found before, by the id of the mutant, and how long that took. */
  readonly #known: Map<string, MutantResult>;
  #elapsedBefore: number;

  constructor(options: MutateOptions) {
    this.#options = options;
    const { mutants = [], elapsedMs = 0 } = options.resumed ?? {};
    this.#known = new Map(mutants.map((mutant) => [mutant.id, mutant]));
    this.#elapsedBefore = elapsedMs;
    this.#signal = options.signal ?? new AbortController().signal;
    // Every task of the pool listens.
    setMaxListeners(Infinity, this.#signal);
  }

  async run(): Promise<MutateResult> {
    try {
      const machine = await describeMachine();
      this.#environment = environmentOf(machine, [], null);
      const { journal, config } = this.#options;
      journal?.requireSame({ command: 'mutate', machine, config });
      // A plug-in is never loaded in this thread: it may not come back.
      const { strategy: source, ladder } = config;
      const scenario = scenarioOfLadder(ladder);
      const strategy = promisedIn(scenario, await describeStrategy(source, scenario));
      const surveys = await this.#survey();
      if (surveys !== undefined) {
        this.#baseline = surveys.map(({ baseline }) => baseline);
        this.#plan = planMutants(this.#options.config.isModel, surveys);
        this.#refuseNothing(strategy);
        this.#plan = this.#ofShard(this.#plan);
        await this.#begin(machine);
        this.#mutants = this.#plan.mutants.map((planned) => this.#resumed(freshResult(planned)));
        this.#surveyed(strategy.expectation);
        await this.#explore();
        await this.#pool.destroy();
        await this.#stress();
      }
      await this.#saving;
      return this.#result(strategy.expectation);
    } finally {
      await this.#pool.destroy();
    }
  }

  /** Every mutant is one shard's: they are dealt by turns, so that each has mutants of all functions. */
  #ofShard(plan: MutationPlan): MutationPlan {
    const { shard } = this.#options.config;
    return { ...plan, mutants: plan.mutants.filter((_, index) => isOfShard(index, shard)) };
  }

  /** Without a mutant there is nothing to say, unless it is that the strategy does not hold. */
  #refuseNothing({ name, expectation }: StrategyDescription): void {
    if (this.#plan.mutants.length > 0) return;
    const isBroken = this.#baseline.every(({ verdict }) => verdict === 'violated');
    if (isBroken && expectation === 'holds') return;
    throw new RangeError(
      isBroken
        ? `${name} violates without any change in every setting: its mutants would show nothing`
        : this.#baseline.every(({ verdict }) => verdict === 'vacuous')
          ? `part of what is to run never does in any of these settings with ${name}: its mutants would show nothing; explore says what`
          : `${name} has no step of its own in these settings: nothing to mutate without --model`,
    );
  }

  /** Searches the settings, in a thread per processor. */
  async #survey(): Promise<readonly Survey[] | undefined> {
    const { ladder, strategy, exploreMs } = this.#options.config;
    const surveys: Survey[] = [];
    const queue = ladder.entries();
    let done = 0;
    const work = async (): Promise<void> => {
      for (const [index, rung] of queue) {
        surveys[index] = await performInThread({ kind: 'survey', strategy, rung, exploreMs }, this.#signal);
        this.#progress('survey', ++done, ladder.length);
      }
    };
    try {
      await Promise.all(Array.from({ length: this.#pool.threads }, work));
      return surveys;
    } catch (error) {
      if (this.#signal.aborted) return undefined;
      throw error;
    }
  }

  /** Judges all mutants, as many at a time as there are threads, so that each one's time begins when it does. */
  async #explore(): Promise<void> {
    const queue = this.#plan.mutants.entries();
    let done = 0;
    const work = async (): Promise<void> => {
      for (const [index, planned] of queue) {
        const result = this.#mutants[index];
        if (result === undefined || this.#signal.aborted) return;
        if (result.explore === null) {
          const explored = await this.#judge(planned);
          if (explored === undefined) return;
          this.#mutants[index] = { ...result, explore: explored };
          this.#save(index);
        }
        this.#progress('explore', ++done, this.#mutants.length);
      }
    };
    await Promise.all(Array.from({ length: this.#pool.threads }, work));
  }

  async #judge({ mutation, rungs }: PlannedMutant): Promise<MutantProof | undefined> {
    const { strategy, ladder, exploreMs } = this.#options.config;
    const mutant = mutantName(strategy, mutation);
    try {
      return await judgeMutant(this.#pool, { mutant, ladder, rungs, exploreMs, signal: this.#signal });
    } catch (error) {
      if (this.#signal.aborted) return undefined;
      throw error;
    }
  }

  /** Runs all mutants on real threads: the killed ones where they were killed, the others where they are cheapest. */
  async #stress(): Promise<void> {
    const { config } = this.#options;
    if (config.stressMs === 0) return;
    const { structures } = scenarioOfLadder(config.ladder).subject.Model;
    for (const [index, result] of this.#mutants.entries()) {
      if (this.#signal.aborted) return;
      const { explore } = result;
      const rungIndex = explore?.rung ?? this.#plan.mutants[index]?.rungs[0];
      const rung = rungIndex === undefined ? undefined : config.ladder[rungIndex];
      if (result.stress === null && explore !== null && rung !== undefined && rungIndex !== undefined) {
        const stress = await stressMutant({
          mutant: mutantName(config.strategy, parseMutation(result.id, structures)),
          rung,
          index: rungIndex,
          durationMs: config.stressMs,
          seed: config.seed,
          places: placesAsked(config),
          signal: this.#signal,
          isThorough: explore.verdict === 'killed',
        });
        if (this.#signal.aborted && !stress.killed) return;
        this.#mutants[index] = { ...result, stress };
        this.#save(index);
        await this.#saving;
      }
      this.#progress('stress', index + 1, this.#mutants.length);
    }
  }

  #resumed(fresh: MutantResult): MutantResult {
    return this.#known.get(fresh.id) ?? fresh;
  }

  #progress(stage: MutateProgress['stage'], done: number, total: number): void {
    this.#options.onProgress?.({ stage, done, total, elapsedMs: performance.now() - this.#startedAt });
  }

  /** Says what is to be done, and takes up what was found of that before. */
  async #begin(machine: Machine): Promise<void> {
    const { journal, config } = this.#options;
    const begun = await journal?.begin({ command: 'mutate', machine, config });
    if (begun === undefined) return;
    this.#environment = environmentOf(begun.machine, [], null);
    for await (const record of begun.records) {
      if (record.kind !== 'mutant') continue;
      this.#known.set(record.mutant.id, record.mutant);
      this.#elapsedBefore = record.elapsedMs;
    }
  }

  #surveyed(expectation: Expectation): void {
    const [baseline, mutants, { fixed }] = [this.#baseline, this.#mutants, this.#plan];
    this.#options.journal?.add({ kind: 'surveyed', expectation, baseline, mutants, fixed });
  }

  /** Puts down what is known of a mutant now. Whoever wants to hear of all of it does so one after the other, and always of the newest. */
  #save(index: number): void {
    const { onResult, journal } = this.#options;
    const mutant = this.#mutants[index];
    if (mutant !== undefined) journal?.add({ kind: 'mutant', mutant, elapsedMs: this.#elapsedMs });
    if (onResult === undefined) return;
    this.#saving = this.#saving.then(async () => onResult(this.#result('holds')));
  }

  #result(expectation: Expectation): MutateResult {
    if (this.#environment === undefined) throw new Error('the environment is described first');
    return mutatedOf({
      environment: this.#environment,
      config: this.#options.config,
      expectation,
      baseline: this.#baseline,
      mutants: this.#mutants,
      fixed: this.#plan.fixed,
      elapsedMs: this.#elapsedMs,
      isInterrupted: this.#signal.aborted,
    });
  }

  /** Over all parts of it. */
  get #elapsedMs(): number {
    return this.#elapsedBefore + performance.now() - this.#startedAt;
  }
}
