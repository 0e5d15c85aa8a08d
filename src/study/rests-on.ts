/** Joins to the arms of a run what they rest on, and takes back a `clean` that rests on nothing. */
import { describeStrategy } from '../catalog/describe-strategy.ts';
import { controlOf, promisedIn } from '../scenario/promises.ts';
import type { RunOptions, StressOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { Pace } from '../stress/plan/protocol.ts';
import type { ArmProof, ArmResult, CompareResult, StressResult } from '../stress/result/result.ts';
import { runStress } from '../stress/run/run.ts';
import { withProof } from './arm-proof.ts';
import { isUntried } from './untried.ts';
import { hasUsualActors } from './usual-actors.ts';

/** `stress`, with what it rests on. */
export async function stressed(options: StressOptions): Promise<StressResult> {
  const known = await announcedSilence(options);
  const { result, pace } = await paced(runStress, options);
  if (result.isInterrupted) return result;
  const { strategies } = result.config;
  const covered = await withCoverage(result.arms, options, strategies, pace);
  const arms: ArmResult[] = [];
  for (const [index, arm] of covered.entries()) {
    const proof = await silenceOfArm(options, arm, strategies[index] ?? arm.strategy, known);
    arms.push(proof === undefined ? arm : withProof(arm, proof));
  }
  const isVacuous = arms[0]?.verdict !== result.arms[0]?.verdict;
  return { ...result, arms, ...(isVacuous && { verdict: 'inconclusive' as const }) };
}

/** Says at once which controls cannot violate here. With the usual actors they can, and no trial is to wait. */
async function announcedSilence(options: StressOptions): Promise<ReadonlyMap<string, ArmProof>> {
  const setting = settingNamed(options);
  if (hasUsualActors(setting)) return new Map();
  const { silenceNotice, silentControls } = await import('./silent-controls.ts');
  const { strategy, hasControl } = options;
  const { expectation } = promisedIn(setting.scenario, await describeStrategy(strategy, setting.scenario));
  const isAdded = hasControl && expectation === 'holds';
  const known = await silentControls(options, isAdded ? [strategy, controlOf(setting.scenario)] : [strategy]);
  const sentence = silenceNotice(options, known);
  if (sentence !== undefined) options.onNotice?.(sentence);
  return known;
}

/** The proof that a control which stayed silent could do nothing else. */
async function silenceOfArm(
  options: StressOptions,
  { expectation, violations, trials }: ArmResult,
  source: string,
  known: ReadonlyMap<string, ArmProof>,
): Promise<ArmProof | undefined> {
  if (expectation === 'holds' || violations.total > 0 || trials === 0) return undefined;
  const { silenceOf } = await import('./silent-controls.ts');
  return known.get(source) ?? (await silenceOf(options, source));
}

/** Makes a run, and tells how it was paced: `--tune` finds that out. */
export async function paced<Options extends Pick<RunOptions, 'onPace'>, Result>(
  run: (options: Options) => Promise<Result>,
  options: Options,
): Promise<{ readonly result: Result; readonly pace: Pace | undefined }> {
  let pace: Pace | undefined;
  const onPace = (found: Pace): void => {
    pace = found;
    options.onPace?.(found);
  };
  const result = await run({ ...options, onPace });
  return { result, pace };
}

/** The arms of a comparison, and its verdict: a fix that was never tried says nothing, whatever it counted. */
export function withVerdict(
  verdict: CompareResult['verdict'],
  before: readonly ArmResult[],
  arms: readonly ArmResult[],
): Pick<CompareResult, 'verdict' | 'arms'> {
  const isVacuous = arms.some((arm, index) => arm.verdict !== before[index]?.verdict);
  return { arms, verdict: isVacuous && verdict === 'as-declared' ? 'inconclusive' : verdict };
}

/** Arms with their coverage, in a sample paced as the run was. */
export async function withCoverage(
  arms: readonly ArmResult[],
  options: Omit<RunOptions, 'strategies'>,
  strategies: readonly string[],
  pace: Pace | undefined,
): Promise<readonly ArmResult[]> {
  // Only now: it brings the explore engine with it, and no trial is to wait for that.
  const { coverageOf } = await import('./coverage.ts');
  const grounds = await coverageOf(options, strategies, pace);
  return arms.map((arm, index) => {
    const found = grounds[index];
    return found === undefined ? arm : judged({ ...arm, ...found });
  });
}

/** A fix of which no actor took a step has not been tried, and neither has one beside which a whole operation never ran. */
export function judged(arm: ArmResult): ArmResult {
  return isUntried(arm) && arm.verdict === 'clean' ? { ...arm, verdict: 'inconclusive' } : arm;
}
