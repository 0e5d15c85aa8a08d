import { type ExtentBufferStrategy, ofExtentBuffer } from '../strategy.ts';

/** The control: the kernel as it was. */
export const none: ExtentBufferStrategy = ofExtentBuffer({
  name: 'none',
  expectation: 'violates',
  summary: 'the kernel before the fix: nothing is checked once the read is certain to start',
  origin: 'Linux v5.7, fs/btrfs/extent_io.c',
  extend: (Base) => class None extends Base {},
});
