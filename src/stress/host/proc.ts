import { readFileSync } from 'node:fs';

/** A small file of /proc or /sys; undefined where there is none, as anywhere but on Linux. */
export function procText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Numbers of the processors that this process may use; undefined where the system does not tell. */
export function allowedProcessors(
  text: (path: string) => string | undefined = procText,
): ReadonlySet<number> | undefined {
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(text('/proc/self/status') ?? '')?.[1];
  if (list === undefined) return undefined;
  const numbers = new Set<number>();
  // Such as 0-3,8.
  for (const range of list.trim().split(',')) {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  return numbers;
}
