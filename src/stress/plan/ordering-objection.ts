import type { Ordering } from '../../memory/ordering.ts';

/**
 * Why threads cannot have an ordering on a processor of this kind, as Node calls it; undefined if they can. An arm64 would let plain
 * stores and loads pass each other as the kernel's do there (a load whose value is used once may be made twice by V8, so that each would
 * have to be used twice), but WebAssembly has no read-modify-write that leaves others unordered, as atomic_inc() and set_bit() do
 * there: its own order all, and the races that need one would seem impossible.
 */
export function orderingObjection(
  ordering: Ordering | undefined,
  architecture: string = process.arch,
): string | undefined {
  if (ordering === 'lkmm-stores')
    return '--ordering: threads have sc or x86; stores are delayed as the Linux memory model allows by explore alone';
  if (ordering !== 'x86' || architecture === 'x64') return undefined;
  const refused = `--ordering: threads have x86 on an x86-64 only, and this is ${architecture}`;
  const why =
    architecture === 'arm64'
      ? ', where WebAssembly has plain stores and loads but no unordered read-modify-write, so that a zero would say nothing of the kernel'
      : '';
  return `${refused}${why}; explore searches it anywhere`;
}
