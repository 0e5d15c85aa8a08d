/**
 * A made-up race on two kernels, so that what lies around `--kernel` is tested whatever kernels the project has: the puts of a stale
 * buffer, which the older kernel drops from 3 references without the lock. There the kernel itself violates; on the newer one it holds.
 */
import type { ModelClass } from '../../src/model/model.ts';
import { onKernels } from '../../src/scenario/kernels.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { ExtentBufferLife } from '../../src/subject/extent-buffer/life/extent-buffer-life.ts';
import { lastPuts } from '../../src/subject/extent-buffer/life/scenarios/last-puts.ts';
import { putAboveTwo } from '../../src/subject/extent-buffer/life/strategies/put-threshold.ts';

const KERNELS = { names: ['1.2', '1.10'], default: '1.10' } as const;
/** The model of each kernel. */
const MODELS: Readonly<Record<(typeof KERNELS.names)[number], ModelClass>> = {
  '1.2': putAboveTwo.extend(ExtentBufferLife),
  '1.10': ExtentBufferLife,
};

export const twoKernels: Scenario = onKernels(KERNELS, (kernel) => {
  const Model = MODELS[kernel];
  const { subject, promises } = lastPuts;
  return {
    ...lastPuts,
    name: 'two-kernels',
    subject: {
      ...subject,
      name: `extent_buffer, made up as ${kernel}`,
      Model,
      strategies: subject.strategies.map((strategy) => Object.assign({}, strategy, { Base: Model })),
    },
    ...(kernel === '1.2' && { promises: { ...promises, none: 'violates' }, control: 'none' }),
  };
});
