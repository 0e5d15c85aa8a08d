/** Which controls of a run cannot violate in its setting, asked of the explore engine where the answer is cheap. */
import { describeStrategy } from '../catalog/describe-strategy.ts';
import { isPlugIn } from '../fix/plug-in/load.ts';
import { splitMutant } from '../fix/mutation/mutation.ts';
import { actorsText } from '../scenario/role-count.ts';
import { promisedIn } from '../scenario/promises.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunOptions } from '../stress/plan/options.ts';
import { namesOfSetting, settingNamed } from '../catalog/named-setting.ts';
import type { ArmProof } from '../stress/result/result.ts';
import { proofTask, summaryOf } from './arm-proof.ts';
import { performSafely } from './in-thread.ts';
import { hasUsualActors } from './usual-actors.ts';

/** A search that is over before anybody waits for it: what is larger is not known to be silent. */
const LIMITS = { statesMax: 50_000, timeMaxMs: 1_000, countStatesMax: 0, witnessStatesMax: 0 } as const;

type SettingOptions = Omit<RunOptions, 'strategies'>;

/**
 * Before a run: the controls among its strategies of which no schedule violates, as far as that is cheap to find out, with
 * the proof. The project's own controls violate with the actors that a start state has by default, and are not asked there.
 */
export async function silentControls(
  options: SettingOptions,
  names: readonly string[],
): Promise<ReadonlyMap<string, ArmProof>> {
  const silent = new Map<string, ArmProof>();
  const setting = settingNamed(options);
  const isUsual = hasUsualActors(setting);
  for (const name of names) {
    if (splitMutant(name) !== undefined || (isUsual && !isPlugIn(name))) continue;
    const proof = (await isControl(name, setting.scenario)) ? await silenceOf(options, name) : undefined;
    if (proof !== undefined) silent.set(name, proof);
  }
  return silent;
}

/** The proof that no schedule of a setting violates under a strategy; undefined if some does, or if it is not known. */
export async function silenceOf(options: SettingOptions, strategy: string): Promise<ArmProof | undefined> {
  try {
    const proof = summaryOf(await performSafely(proofTask(options, strategy, LIMITS)));
    return proof.complete && proof.invariants.length === 0 ? proof : undefined;
  } catch {
    // What is wrong with a strategy is said by the run itself.
    return undefined;
  }
}

/** What is said of them before the run; undefined if there are none. */
export function silenceNotice(
  options: SettingOptions,
  silent: ReadonlyMap<string, ArmProof>,
): string | undefined {
  if (silent.size === 0) return undefined;
  const { start, actors } = namesOfSetting(settingNamed(options));
  const names = [...silent.keys()].join(', ');
  return (
    `${names} cannot violate from ${start} with ${actorsText(actors)}: explore has searched every schedule; ` +
    `${silent.size === 1 ? 'as a control it says' : 'as controls they say'} nothing here, however long the run`
  );
}

async function isControl(name: string, scenario: Scenario): Promise<boolean> {
  const known = scenario.subject.strategies.find((strategy) => strategy.name === name);
  try {
    return promisedIn(scenario, known ?? (await describeStrategy(name, scenario))).expectation === 'violates';
  } catch {
    return false;
  }
}
