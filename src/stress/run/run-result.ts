/** The result of a run: a pure function of its head and of what it has put down, in the run itself and wherever that is read. */
import { environmentOf } from '../host/environment.ts';
import type { Machine } from '../host/machine-facts.ts';
import type { Budget } from '../plan/options.ts';
import type { Calibrated, Calibration } from '../result/calibration-result.ts';
import { classResults } from '../result/class-results.ts';
import { compareArms } from '../result/comparison.ts';
import { noticesOf } from '../result/notices.ts';
import type { CompareResult, RunConfig, StressResult } from '../result/result.ts';
import { compareVerdict, placementRates, summarizeArms } from '../result/summary.ts';
import { borneOut } from '../result/weak-verdicts.ts';
import { isRule } from '../session/block-rejection.ts';
import type { RunHead } from './run-head.ts';
import type { RunLog } from './run-log.ts';
import { runStarts } from './run-starts.ts';
import { StopRule } from './stop-rule.ts';

const UNCALIBRATED: Calibrated = { tests: [], shows: 'no-buffers' };

/** What the commands that run arms in interleaved blocks share of their results. */
export type Measured = Omit<CompareResult, 'schema' | 'verdict'>;

/** How a run ended. */
export interface RunEnd {
  /** Whether it was ended before its time: by the user, or since what it has put down was cut. */
  readonly isInterrupted: boolean;
  /** With how many others that it is told beside its claims hold together, itself counted in. @default 1 */
  readonly strata?: number;
}

/** What a run has shown. */
export function measuredOf(
  head: RunHead,
  machine: Machine,
  log: RunLog,
  { isInterrupted, strata = 1 }: RunEnd,
): Measured {
  const { config, graded, shares, times, placement, actors } = head;
  const { tuning } = log;
  const { tally, pinned, elapsedMs } = log;
  const rule = new StopRule(head);
  const stopping = rule.stoppingOf({ arms: tally.arms, looks: log.looks + (log.isSettled ? 0 : 1) });
  const { confidence } = stopping;
  const counted = summarizeArms(rule.armsOf(tally.arms), graded, {
    confidence,
    labels: config.profile === true ? actors : undefined,
  });
  const calibration = calibrationIn(head, log);
  const arms = borneOut(counted, calibration);
  const classes = classResults(arms, { places: placement?.classes ?? [], confidence });
  const blocks = tally.arms.flatMap((arm) => arm.blocks);
  const environment = environmentOf(machine, blocks, pinned.processors);
  const isBusyHost = isRule(blocks);
  const budget = budgetOf(config);
  const { starts, until } = config;
  const { startsAt } = runStarts(
    { budget, until: until ?? undefined, ...(starts !== undefined && { starts }) },
    shares,
    { times, classes: placement?.classes.length },
  );
  return {
    environment,
    config: tuning === undefined ? config : tunedConfig(config, tuning),
    ...(head.words !== undefined && { words: head.words }),
    ...(calibration !== undefined && { calibration }),
    arms,
    ...litmusPart(head, log),
    comparisons: compareArms(arms, {
      seed: config.seed,
      // Bonferroni over the strata.
      confidence: 1 - (1 - confidence) / strata,
      fold: config.fold,
      elapsedMs,
      startsAt,
    }),
    placements: placementRates(arms, confidence),
    ...(classes.length > 0 && { classes }),
    ...(placement !== undefined && { places: placement.classes }),
    isBusyHost,
    stopping,
    starts: log.starts,
    ...(tuning !== undefined && { tuning: tuning.tuning }),
    elapsedMs,
    startup: { firstTrialMs: log.firstTrialMs, firstViolationMs: log.firstViolationMs },
    isInterrupted,
    notices: noticesOf({
      environment,
      arms,
      isBusyHost,
      actors: actors.length,
      budget,
      starts: log.starts,
      placement,
      pinningFailed: pinned.failed,
      endedBy: rule.endedBy(tally.arms, config.strategies),
    }),
  };
}

/** Undefined where no stores are to wait. A run that was cut before it was measured has shown nothing. */
function calibrationIn({ weakControl }: RunHead, { calibration }: RunLog): Calibration | undefined {
  if (weakControl === undefined) return undefined;
  return { ...(calibration ?? UNCALIBRATED), control: weakControl };
}

/** Of a litmus test: what was seen of it. */
function litmusPart({ graded }: RunHead, { tally }: RunLog): Pick<Measured, 'litmus'> {
  const { litmus } = graded;
  if (litmus === undefined) return {};
  const seen = [...(tally.arms[0]?.states ?? [])].map(([state, trials]) => ({ state, trials }));
  return { litmus: { ...litmus, states: seen.toSorted((one, other) => (one.state < other.state ? -1 : 1)) } };
}

/** That of `compare`. */
export function compareResultOf(measured: Measured): CompareResult {
  const verdict = compareVerdict(measured.arms);
  const isOpen = verdict === 'as-declared' && measured.stopping.isDecided === false;
  return { schema: 'ebtorture.compare/1', verdict: isOpen ? 'inconclusive' : verdict, ...measured };
}

/** That of `stress`. */
export function stressResultOf(measured: Measured): StressResult {
  const verdict = measured.arms[0]?.verdict ?? 'inconclusive';
  const isOpen = verdict === 'clean' && measured.stopping.isDecided === false;
  return { schema: 'ebtorture.stress/1', verdict: isOpen ? 'inconclusive' : verdict, ...measured };
}

/** The configuration of a run that was tuned. */
function tunedConfig(config: RunConfig, { tuning, memoryBytes }: NonNullable<RunLog['tuning']>): RunConfig {
  const { amplification } = config;
  return {
    ...config,
    amplification: tuning.isUsed ? [...amplification, 'tuned'] : amplification,
    memoryBytes,
  };
}

function budgetOf({ durationMs, trials }: RunConfig): Budget {
  return durationMs === null ? { kind: 'trials', count: trials ?? 0 } : { kind: 'duration', ms: durationMs };
}
