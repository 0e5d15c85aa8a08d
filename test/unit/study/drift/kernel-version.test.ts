import { describe, expect, it } from 'vitest';
import { nearestKernel, releaseOf } from '../../../../src/study/drift/kernel-version.ts';

const makefile = (lines: readonly string[]): string => `# comment\n${lines.join('\n')}\nNAME = Some Animal\n`;

describe('releaseOf', () => {
  it.each([
    [['VERSION = 6', 'PATCHLEVEL = 12', 'SUBLEVEL = 117', 'EXTRAVERSION ='], '6.12.117'],
    [['VERSION = 7', 'PATCHLEVEL = 4', 'SUBLEVEL = 0', 'EXTRAVERSION = -rc2'], '7.4.0-rc2'],
    [['VERSION=6', 'PATCHLEVEL\t=\t1', 'SUBLEVEL = 3 '], '6.1.3'],
    [['VERSION = 6\r', 'PATCHLEVEL = 1\r', 'SUBLEVEL = 3\r'], '6.1.3'],
  ])('reads %j', (lines, release) => {
    expect(releaseOf(makefile(lines))).toBe(release);
  });

  it.each([
    [[]],
    [['VERSION = 6', 'PATCHLEVEL = 12']],
    [['VERSION = six', 'PATCHLEVEL = 12', 'SUBLEVEL = 1']],
    [['VERSION =', 'PATCHLEVEL = 12', 'SUBLEVEL = 1']],
    [['MY_VERSION = 6', 'PATCHLEVEL = 12', 'SUBLEVEL = 1']],
    [['VERSION = $(shell date)', 'PATCHLEVEL = 12', 'SUBLEVEL = 1']],
  ])('takes %j for no kernel', (lines) => {
    expect(releaseOf(makefile(lines))).toBeUndefined();
  });
});

describe('nearestKernel', () => {
  const kernels = ['5.7', '6.12', '6.18', '7.2'].map((kernel) => ({ kernel }));

  it.each([
    ['6.12.117', '6.12'],
    ['6.14.0', '6.12'],
    ['6.16.1', '6.18'],
    ['6.15.0', '6.18'],
    ['6.19.5', '6.18'],
    ['7.1.0', '7.2'],
    ['9.0.0-rc1', '7.2'],
    ['4.4.1', '5.7'],
    ['6.2.0', '6.12'],
    ['5.19.0', '5.7'],
  ])('compares %s with %s', (release, kernel) => {
    expect(nearestKernel(release, kernels).kernel).toBe(kernel);
    expect(nearestKernel(release, kernels.toReversed()).kernel).toBe(kernel);
  });

  it('needs one', () => {
    expect(() => nearestKernel('6.1.0', [])).toThrow(RangeError);
  });
});
