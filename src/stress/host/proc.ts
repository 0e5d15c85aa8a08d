import { readFileSync } from 'node:fs';

/** A small file of /proc or /sys; undefined where there is none, as anywhere but on Linux. */
export function procText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Reads such a file: `procText`, or what a test has of another machine. */
export type SystemText = (path: string) => string | undefined;

/** Numbers of the processors that this process may use; undefined where the system does not tell. */
export function allowedProcessors(text: SystemText = procText): ReadonlySet<number> | undefined {
  const list = /^Cpus_allowed_list:\s*(.*)$/m.exec(text('/proc/self/status') ?? '')?.[1];
  return list === undefined ? undefined : new Set(listedProcessors(list));
}

/** The numbers in a list as the kernel prints it, such as 0-3,8. */
export function listedProcessors(list: string): number[] {
  const numbers: number[] = [];
  for (const range of list.trim().split(',')) {
    if (range === '') continue;
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    for (let number = first; number <= last; number++) numbers.push(number);
  }
  return numbers;
}
