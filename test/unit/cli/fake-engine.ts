/** An engine that runs nothing: it remembers what it was asked for, and answers as it is told. */
import type { Engine } from '../../../src/cli/engine.ts';
import type { RunOptions, StressOptions } from '../../../src/stress/plan/options.ts';
import type { DecideOptions } from '../../../src/study/decide.ts';
import type { CompareResult, StressResult } from '../../../src/stress/result/result.ts';
import type { WindowOptions } from '../../../src/stress/window/window-options.ts';
import { windowOfNone } from '../report/sample-window.ts';
import type { AgreedCompareResult } from '../../../src/study/agree.ts';
import type { ExplainResult } from '../../../src/study/explain.ts';
import { asDeclared, stressClean } from '../report/sample-results.ts';
import { cpusMeasured } from '../report/sample-cpus.ts';
import { explainClean } from '../report/sample-explanations.ts';

export interface FakeEngine extends Engine {
  readonly compared: DecideOptions[];
  readonly stressed: StressOptions[];
  readonly profiled: WindowOptions[];
  readonly explained: StressOptions[];
  readonly agreed: RunOptions[];
}

export interface Answers {
  readonly compare?: (options: DecideOptions) => CompareResult | Promise<CompareResult>;
  readonly stress?: (options: StressOptions) => StressResult | Promise<StressResult>;
  readonly agree?: (options: RunOptions) => AgreedCompareResult;
  readonly explain?: (options: StressOptions) => ExplainResult;
}

export function fakeEngine(answers: Answers = {}): FakeEngine {
  const compared: DecideOptions[] = [];
  const stressed: StressOptions[] = [];
  const profiled: WindowOptions[] = [];
  const explained: StressOptions[] = [];
  const agreed: RunOptions[] = [];
  return {
    compared,
    stressed,
    profiled,
    explained,
    agreed,
    compare: async (options) => {
      compared.push(options);
      return (await answers.compare?.(options)) ?? asDeclared;
    },
    agree: async (options) => {
      agreed.push(options);
      return answers.agree?.(options) ?? asDeclared;
    },
    stress: async (options) => {
      stressed.push(options);
      return (await answers.stress?.(options)) ?? stressClean;
    },
    window: (options) => {
      profiled.push(options);
      return Promise.resolve(windowOfNone);
    },
    explain: async (options) => {
      explained.push(options);
      return answers.explain?.(options) ?? explainClean;
    },
    cpus: ({ signal, onProgress }) => {
      onProgress?.({ done: 1, total: 40, leftMs: 1_000 });
      return Promise.resolve({ ...cpusMeasured, isInterrupted: signal.aborted });
    },
  };
}
