import type { Strategy } from '../../../fix/strategy.ts';
import type { ExtentBufferClass } from './extent-buffer.ts';
import type { KernelSwitches } from './kernel.ts';

/** A strategy for today's kernels: the model of one of them with methods overridden. */
export interface TodayStrategy extends Omit<Strategy, 'Base'> {
  extend(this: void, Base: ExtentBufferClass): ExtentBufferClass;
}

/** The kernel as it is: what a race was mended by is in it, and a strategy takes it out or adds to it. */
export const none: TodayStrategy = {
  name: 'none',
  expectation: 'holds',
  summary: 'the kernel as it is',
  origin: 'Linux v7.3.4, fs/btrfs/extent_io.c, or the kernel that `--kernel` says',
  extend: (Base) => class None extends Base {},
};

/** A kernel with what a later one does, or an earlier one did: the commits that these switches are. */
export function backported(switches: Partial<KernelSwitches>): TodayStrategy['extend'] {
  return (Base) => {
    const kernel: KernelSwitches = { ...Base.prototype.kernel, ...switches };
    return class Backported extends Base {
      override get kernel(): KernelSwitches {
        return kernel;
      }
    };
  };
}
