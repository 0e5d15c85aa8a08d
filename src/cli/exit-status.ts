import type { CompareResult, StressResult } from '../stress/result/result.ts';
import type { WindowResult } from '../stress/window/window-result.ts';
import type { AgreedCompareResult } from '../study/agreement.ts';
import type { DiffResult } from '../study/diff/diff-result.ts';
import type { ExplainResult } from '../study/explain-result.ts';

/** How `ebtorture` ends. */
export const ExitStatus = {
  /** Clean, or every arm as its strategy declares. */
  Ok: 0,
  /** Violated, not as declared, a kernel not as it was read, or two results that differ. */
  Violated: 1,
  /** The run shows nothing: the control stayed silent, or there was too little of it. Of two results: whether they differ is not told. */
  Inconclusive: 2,
  /** Bad input. */
  Usage: 64,
  /** The harness or a strategy broke, or a result could not be written. */
  Fault: 70,
  /** Ctrl-C; what was measured so far is printed and saved. */
  Interrupted: 130,
} as const;

const STATUS_OF_VERDICT: Readonly<Record<(CompareResult | StressResult)['verdict'], number>> = {
  'as-declared': ExitStatus.Ok,
  clean: ExitStatus.Ok,
  'not-as-declared': ExitStatus.Violated,
  violated: ExitStatus.Violated,
  inconclusive: ExitStatus.Inconclusive,
};

/** The exit status of a result. */
export function statusOf(result: CompareResult | StressResult): number {
  const { verdict, isInterrupted } = result;
  // One of the two engines is wrong, and nothing that either says can be trusted.
  if ('contradictions' in result) return ExitStatus.Fault;
  if ((result.litmus?.explored?.contradicted.length ?? 0) > 0) return ExitStatus.Fault;
  return isInterrupted ? ExitStatus.Interrupted : STATUS_OF_VERDICT[verdict];
}

/** The exit status of a comparison: two engines that disagree are a fault, whatever the hardware showed. */
export function compareStatus(result: AgreedCompareResult): number {
  const status = statusOf(result);
  if (result.agreement?.verdict === 'disagrees') return ExitStatus.Fault;
  const isPartial = result.agreement?.verdict === 'partial';
  return isPartial && status === ExitStatus.Ok ? ExitStatus.Inconclusive : status;
}

const STATUS_OF_WINDOW: Readonly<Record<WindowResult['verdict'], number>> = {
  measured: ExitStatus.Ok,
  violated: ExitStatus.Violated,
  flat: ExitStatus.Inconclusive,
};

/** The exit status of a profile: a control that violates is what it is measured for. */
export function windowStatus({ verdict, isInterrupted }: WindowResult): number {
  return isInterrupted ? ExitStatus.Interrupted : STATUS_OF_WINDOW[verdict];
}

const STATUS_OF_EXPLANATION: Readonly<Record<ExplainResult['verdict'], number>> = {
  explained: ExitStatus.Violated,
  contradicted: ExitStatus.Fault,
  unexplained: ExitStatus.Inconclusive,
  clean: ExitStatus.Ok,
  inconclusive: ExitStatus.Inconclusive,
};

/** The exit status of an explanation: one that was found stands, even if the run was ended early. */
export function statusOfExplanation({ verdict, isInterrupted, observed }: ExplainResult): number {
  const isEarly = isInterrupted && (observed === null || verdict === 'unexplained');
  return isEarly ? ExitStatus.Interrupted : STATUS_OF_EXPLANATION[verdict];
}

const STATUS_OF_DIFF: Readonly<Record<DiffResult['verdict'], number>> = {
  same: ExitStatus.Ok,
  different: ExitStatus.Violated,
  'not-told': ExitStatus.Inconclusive,
};

/** The exit status of two results that were compared: as `bench:compare` ends. */
export function diffStatus({ verdict }: DiffResult): number {
  return STATUS_OF_DIFF[verdict];
}
