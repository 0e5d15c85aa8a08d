/** An engine that runs nothing: it remembers what it was asked for, and answers as it is told. */
import type { Engine } from '../../../src/cli/engine.ts';
import type { RunOptions, StressOptions } from '../../../src/stress/options.ts';
import type { CompareResult, StressResult } from '../../../src/stress/result.ts';
import { asDeclared, stressClean } from '../report/sample-results.ts';

export interface FakeEngine extends Engine {
  readonly compared: RunOptions[];
  readonly stressed: StressOptions[];
}

export interface Answers {
  readonly compare?: (options: RunOptions) => CompareResult | Promise<CompareResult>;
  readonly stress?: (options: StressOptions) => StressResult | Promise<StressResult>;
}

export function fakeEngine(answers: Answers = {}): FakeEngine {
  const compared: RunOptions[] = [];
  const stressed: StressOptions[] = [];
  return {
    compared,
    stressed,
    compare: async (options) => {
      compared.push(options);
      return (await answers.compare?.(options)) ?? asDeclared;
    },
    stress: async (options) => {
      stressed.push(options);
      return (await answers.stress?.(options)) ?? stressClean;
    },
  };
}
