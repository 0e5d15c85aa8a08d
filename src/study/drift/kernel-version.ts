/** Versions of kernels, as the Makefile at the root of a tree says them. */

/** The version of a tree: `6.12.117`, `7.4.0-rc2`; undefined where its Makefile says none. */
export function releaseOf(makefile: string): string | undefined {
  const [version, patchlevel, sublevel] = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map((name) =>
    valueOf(makefile, name, /^\d{1,3}$/),
  );
  if (version === undefined || patchlevel === undefined || sublevel === undefined) return undefined;
  return `${version}.${patchlevel}.${sublevel}${valueOf(makefile, 'EXTRAVERSION', /^[\w.+~-]{1,40}$/) ?? ''}`;
}

function valueOf(makefile: string, name: string, form: RegExp): string | undefined {
  const value = new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)[ \\t\\r]*$`, 'm').exec(makefile)?.[1];
  return value !== undefined && form.test(value) ? value : undefined;
}

/** Of a major version after 4 there are twenty: 5.19 was followed by 6.0, and 6.19 by 7.0. */
const MINORS = 20;

/** Where a version stands among the releases, one apart from the next. */
function ordinalOf(release: string): number {
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  return major * MINORS + minor;
}

/**
 * The kernel that lies nearest to a release, the newer of two as near.
 * @throws {RangeError} If there is none to choose from.
 */
export function nearestKernel<Kernel extends { readonly kernel: string }>(
  release: string,
  kernels: readonly Kernel[],
): Kernel {
  const distance = ({ kernel }: Kernel): number => Math.abs(ordinalOf(kernel) - ordinalOf(release));
  const [first, ...others] = kernels.toSorted((a, b) => ordinalOf(b.kernel) - ordinalOf(a.kernel));
  if (first === undefined) throw new RangeError('no kernel to choose from');
  return others.reduce((best, each) => (distance(each) < distance(best) ? each : best), first);
}
