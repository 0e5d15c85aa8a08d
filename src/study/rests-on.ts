/** Joins to the arms of a run what they rest on, and takes back a `clean` that rests on nothing. */
import { describeStrategy } from '../catalog/describe-strategy.ts';
import { controlOf, promisedIn } from '../scenario/promises.ts';
import type { RunOptions, StressOptions } from '../stress/plan/options.ts';
import { settingNamed } from '../catalog/named-setting.ts';
import type { Pace } from '../stress/plan/protocol.ts';
import type { ArmProof, ArmResult, StressResult } from '../stress/result/result.ts';
import { runStress, type StressRun } from '../stress/run/run.ts';
import { stressedOf } from './found.ts';
import type { Journal } from './journal/journal.ts';
import type { ArmFound } from './journal/records.ts';
import { RunKeeper } from './journal/run-keeper.ts';
import { hasUsualActors } from './usual-actors.ts';

/** `stress`, with what it rests on. */
export async function stressed(
  given: StressOptions & { readonly journal?: Journal | undefined },
): Promise<StressResult> {
  const keeper = new RunKeeper(given.journal, (head, machine) => ({ command: 'stress', machine, head }));
  if (settingNamed(given).scenario.litmus !== undefined) {
    const { stressedLitmus } = await import('./litmus-run.ts');
    return stressedLitmus(given, keeper);
  }
  const options = { ...given, journal: keeper.ofRun };
  const known = await announcedSilence(options);
  const { result, pace } = await paced<StressRun, StressResult>(runStress, options);
  if (result.isInterrupted || keeper.isWhole) return stressedOf(result, keeper.found);
  const { strategies } = result.config;
  const covered = await coverageFound(options, strategies, pace);
  for (const [index, arm] of result.arms.entries()) {
    const proof = await silenceOfArm(options, arm, strategies[index] ?? arm.strategy, known);
    keeper.arm(index, { ...covered[index], ...(proof !== undefined && { proof }) });
  }
  return stressedOf(result, keeper.found);
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

/** What each arm rests on as far as a sample shows, paced as the run was. */
export async function coverageFound(
  options: Omit<RunOptions, 'strategies'>,
  strategies: readonly string[],
  pace: Pace | undefined,
): Promise<readonly ArmFound[]> {
  // Only now: it brings the explore engine with it, and no trial is to wait for that.
  const { coverageOf } = await import('./coverage.ts');
  const grounds = await coverageOf(options, strategies, pace);
  return grounds.map((found) => found ?? {});
}
