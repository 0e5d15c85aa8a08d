import { type NamedSetting, namesOfSetting } from '../../catalog/named-setting.ts';
import { failuresDefault, RUN_DEFAULTS, strideDefault, worldsDefault } from '../../catalog/run-defaults.ts';
import type { Setting } from '../../scenario/setting.ts';
import type { RunOptions } from './options.ts';

/** What there is a default for. */
type Chosen = 'stride' | 'worlds' | 'budget' | 'fold' | 'trylockFail' | 'readFail' | 'setupFail' | 'delays';
type Own = Omit<RunOptions, keyof NamedSetting | 'strategies'>;

/** What a caller says of a run beside its setting. */
export type GivenRun = Omit<Own, Chosen> & { readonly [Name in Chosen]?: Own[Name] | undefined };

/** The options of a run in a setting: what is given, and else the defaults of the command line. */
export function runOptions(setting: Setting, given: GivenRun): NamedSetting & Own {
  const { setupFail: asked, ...others } = given;
  const stride = given.stride ?? strideDefault(setting.start);
  const failures = failuresDefault(setting.scenario);
  const setupFail = asked ?? failures.setupFail;
  return {
    ...others,
    ...namesOfSetting(setting),
    stride,
    worlds: given.worlds ?? worldsDefault(stride),
    budget: given.budget ?? { kind: 'duration', ms: RUN_DEFAULTS.durationMs },
    fold: given.fold ?? RUN_DEFAULTS.fold,
    trylockFail: given.trylockFail ?? failures.trylockFail,
    readFail: given.readFail ?? failures.readFail,
    // A run in which no setup fails has no such field.
    ...(setupFail !== RUN_DEFAULTS.setupFail && { setupFail }),
    delays: given.delays ?? {},
  };
}
