import { readlinkSync } from 'node:fs';

/** The system's number of the calling thread, 0 where it does not tell (anywhere but Linux). */
export function systemThreadId(): number {
  if (process.platform !== 'linux') return 0;
  try {
    // "1234/task/1240"
    return Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
