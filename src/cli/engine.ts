import type { RunOptions, StressOptions } from '../stress/plan/options.ts';
import type { CpusOptions } from '../stress/cpus/cpus.ts';
import type { CpusResult } from '../stress/cpus/cpus-result.ts';
import type { CompareResult, StressResult } from '../stress/result/result.ts';
import type { WindowOptions } from '../stress/window/window-options.ts';
import type { WindowResult } from '../stress/window/window-result.ts';
import type { AgreedCompareResult } from '../study/agreement.ts';
import type { DecideOptions } from '../study/decide.ts';
import type { ExplainResult } from '../study/explain-result.ts';
import type { Journal } from '../study/journal/journal.ts';

/** With a place where the command puts down what it does. */
type Journaled<Options> = Options & { readonly journal?: Journal | undefined };

/** What runs behind the commands. */
export interface Engine {
  readonly compare: (options: Journaled<DecideOptions>) => Promise<CompareResult>;
  /** A comparison that the explore engine is asked about. */
  readonly agree: (options: Journaled<RunOptions>) => Promise<AgreedCompareResult>;
  readonly stress: (options: Journaled<StressOptions>) => Promise<StressResult>;
  readonly window: (options: Journaled<WindowOptions>) => Promise<WindowResult>;
  readonly explain: (options: Journaled<StressOptions>) => Promise<ExplainResult>;
  readonly cpus: (options: CpusOptions) => Promise<CpusResult>;
}

/** The hardware engine, loaded when it is first needed so that help and bad input stay fast. */
export const hardwareEngine: Engine = {
  compare: async (options) => {
    const { decide } = await import('../study/decide.ts');
    return decide(options);
  },
  agree: async (options) => {
    const { runAgree } = await import('../study/agree.ts');
    return runAgree(options);
  },
  stress: async (options) => {
    const { stressed } = await import('../study/rests-on.ts');
    return stressed(options);
  },
  window: async ({ journal, ...options }) => {
    const { runWindow } = await import('../stress/window/window.ts');
    const { windowKeeper } = await import('../study/journal/window-keeper.ts');
    return runWindow({ ...options, journal: windowKeeper(journal) });
  },
  explain: async (options) => {
    const { runExplain } = await import('../study/explain.ts');
    return runExplain(options);
  },
  cpus: async (options) => {
    const { runCpus } = await import('../stress/cpus/cpus.ts');
    return runCpus(options);
  },
};
