import type { Command } from '../command.ts';

/** Every command by its name, loaded when it is asked for: a command is not to wait for the reports of the others. */
export const loaders: ReadonlyMap<string, () => Promise<Command>> = new Map<string, () => Promise<Command>>([
  ['compare', async () => (await import('./compare.ts')).compare],
  ['stress', async () => (await import('./stress.ts')).stress],
  ['window', async () => (await import('./window.ts')).window],
  ['explore', async () => (await import('./explore.ts')).explore],
  ['replay', async () => (await import('./replay.ts')).replay],
  ['export', async () => (await import('./export.ts')).exportWitness],
  ['explain', async () => (await import('./explain.ts')).explain],
  ['mutate', async () => (await import('./mutate.ts')).mutate],
  ['history', async () => (await import('./history.ts')).history],
  ['hunt', async () => (await import('./hunt.ts')).hunt],
  ['merge', async () => (await import('./merge.ts')).merge],
  ['report', async () => (await import('./report.ts')).report],
  ['diff', async () => (await import('./diff.ts')).diff],
  ['cpus', async () => (await import('./cpus.ts')).cpus],
  ['list', async () => (await import('./list.ts')).list],
  ['drift', async () => (await import('./drift.ts')).drift],
]);
