import type { Ordering } from '../../memory/ordering.ts';

/**
 * Why threads cannot have an ordering on a processor of this kind, as Node calls it; undefined if they can. An arm64 has no
 * read-modify-writes from WebAssembly that leave others unordered, and a plain store of its is not one of an x86-64.
 */
export function orderingObjection(
  ordering: Ordering | undefined,
  architecture: string = process.arch,
): string | undefined {
  if (ordering === 'lkmm-stores')
    return '--ordering: threads have sc or x86; stores are delayed as the Linux memory model allows by explore alone';
  if (ordering === 'x86' && architecture !== 'x64')
    return `--ordering: threads have x86 on an x86-64 only, and this is ${architecture}; explore searches it anywhere`;
  return undefined;
}
