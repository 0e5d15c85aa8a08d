import type { RunOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { ArmProof, ArmResult, CompareResult } from '../stress/result/result.ts';
import { runCompare } from '../stress/run/run.ts';
import { proofTask, summaryOf, verdictWithProofs, withProof } from './arm-proof.ts';
import { choicesOf } from './dominance.ts';
import { performInThread } from './in-thread.ts';
import { paced, withVerdict, withCoverage } from './rests-on.ts';
import { silenceNotice, silentControls } from './silent-controls.ts';

/** What `compare` takes. */
export interface DecideOptions extends RunOptions {
  /** Whether the explore engine searches the run's setting under each strategy. */
  readonly proves: boolean;
  /** Whether operations of each strategy are counted and timed alone. */
  readonly measuresCost: boolean;
}

/** Limits of one search: what is larger ends as `bounded`. */
const SEARCH_LIMITS = {
  statesMax: 4_000_000,
  timeMaxMs: 20_000,
  countStatesMax: 0,
  witnessStatesMax: 200_000,
} as const;
/** How long each operation of a strategy is timed. */
const COST_MS = 60;

/**
 * Compares strategies on hardware, and joins to each arm what the explore engine says of the same setting and what its
 * operations cost. Both come after the blocks and never beside them: neither delays the first trial nor disturbs any.
 * @throws As `runCompare`.
 */
export async function decide(options: DecideOptions): Promise<CompareResult> {
  const { proves, measuresCost } = options;
  if (proves) await announceSilence(options);
  const { result: run, pace } = await paced<RunOptions, CompareResult>(runCompare, options);
  const result: CompareResult = { ...run, config: { ...run.config, proves, measuresCost } };
  if (result.isInterrupted) return result;
  const arms: ArmResult[] = [];
  const { scenario } = settingNamed(options);
  const hasCosts = (scenario.costs ?? []).length > 0;
  const measured = options.proves
    ? await withCoverage(result.arms, options, result.config.strategies, pace)
    : result.arms;
  for (const [index, arm] of measured.entries()) {
    const source = result.config.strategies[index] ?? arm.strategy;
    const proof = options.proves ? await proofOf(options, source) : undefined;
    const cost =
      options.measuresCost && hasCosts
        ? await interruptible(options, async (signal) =>
            performInThread(
              {
                kind: 'cost',
                strategy: source,
                scenario: scenario.name,
                pages: options.pages,
                timeMs: COST_MS,
              },
              signal,
            ),
          )
        : undefined;
    const judged = proof === undefined ? arm : withProof(arm, proof);
    arms.push({ ...judged, ...(cost !== undefined && { cost }) });
  }
  const isInterrupted = options.signal?.aborted === true;
  const contradictions = arms.flatMap(contradictionsOf);
  return {
    ...result,
    isInterrupted,
    arms,
    verdict: verdictWithProofs({ ...result, ...withVerdict(result.verdict, result.arms, arms) }, arms),
    ...((options.proves || options.measuresCost) && { decision: choicesOf(arms, scenario.measures ?? []) }),
    ...(contradictions.length > 0 && { contradictions }),
  };
}

/** Who waits for a run should know at once what it cannot show. */
async function announceSilence(options: DecideOptions): Promise<void> {
  if (options.onNotice === undefined) return;
  const sentence = silenceNotice(options, await silentControls(options, options.strategies));
  if (sentence !== undefined) options.onNotice(sentence);
}

async function proofOf(options: DecideOptions, strategy: string): Promise<ArmProof | undefined> {
  const task = proofTask(options, strategy, SEARCH_LIMITS);
  const found = await interruptible(options, async (signal) => performInThread(task, signal));
  return found === undefined ? undefined : summaryOf(found);
}

/** Undefined where the user ends it. */
async function interruptible<Found>(
  { signal }: DecideOptions,
  task: (signal: AbortSignal | undefined) => Promise<Found>,
): Promise<Found | undefined> {
  const isOver = (): boolean => signal?.aborted === true;
  if (isOver()) return undefined;
  try {
    return await task(signal);
  } catch (error) {
    if (isOver()) return undefined;
    throw error;
  }
}

/** What was violated on threads in a setting of which a complete search says that it cannot be. */
function contradictionsOf({ strategy, proof, violations }: ArmResult): string[] {
  if (proof?.complete !== true) return [];
  return Object.entries(violations.byInvariant).flatMap(([id, count]) =>
    count === 0 || proof.invariants.includes(id)
      ? []
      : [`${strategy} violated ${id} ${count} times on hardware, where explore proves that it cannot`],
  );
}
