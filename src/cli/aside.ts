/** The files that are being written, which nobody is to find once the process has ended. */
import { rmSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const aside = new Set<string>();

/** Removes what is still there. */
export function removeAside(): void {
  for (const path of aside) rmSync(path, { force: true });
}

/**
 * Does something that has a file at `path` meanwhile. A signal that nobody waits for ends the process as always, but takes the
 * file with it.
 */
export async function withAside(path: string, work: () => Promise<void>): Promise<void> {
  aside.add(path);
  process.on('exit', removeAside);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await work();
  } finally {
    aside.delete(path);
    process.off('exit', removeAside);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

function onSignal(signal: NodeJS.Signals): void {
  // Others that wait for it have a result to save: it is left to them.
  if (process.listeners(signal).some((listener) => listener !== onSignal)) return;
  removeAside();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}
