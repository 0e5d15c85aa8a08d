/** How threads of the package are started: from the built files, or from their sources in tests. */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { keepThread } from './live-threads.ts';

const isSource = import.meta.url.endsWith('.ts');
const stripsTypes = 'typescript' in process.features && Boolean(process.features.typescript);

/** What a module of the package is called on disk: its name ends with `ts` in the sources and with `js` once built. */
export const MODULE_EXTENSION: 'ts' | 'js' = isSource ? 'ts' : 'js';

/** From sources, Node 20 needs a loader for TypeScript in each thread. */
const needsLoader = isSource && !stripsTypes;
/**
 * Piscina's threads try `require` before `import`. Where Node has `require` load modules too, it ends the process, and not the
 * thread, if the thread is ended meanwhile ("v8::Module::IsGraphAsync must be used on an instantiated module").
 */
const REQUIRE_MODULE = '--experimental-require-module';
const noRequire = process.allowedNodeEnvironmentFlags.has(REQUIRE_MODULE)
  ? [REQUIRE_MODULE.replace('--', '--no-')]
  : [];
/** What the threads of a pool need on their command lines. */
export const THREAD_EXEC_ARGV: readonly string[] = needsLoader
  ? ['--import', import.meta.resolve('tsx')]
  : noRequire;

/**
 * The young generation of a thread whose heap is small, too, is limited: one of the default size outgrows the limit by so
 * much, at one go, that V8 (seen in Node 24) ends the process in place of the thread.
 */
export const YOUNG_HEAP_MB = 2;

/** Starts a thread in `module`, a URL of this package without its extension. */
export function startThread(module: URL, options: Omit<WorkerOptions, 'eval' | 'execArgv'>): Worker {
  const worker = started(`${module.href}.${MODULE_EXTENSION}`, options);
  keepThread(worker);
  return worker;
}

function started(url: string, options: WorkerOptions): Worker {
  if (!needsLoader) return new Worker(new URL(url), { ...options, execArgv: [] });
  // The module that a thread starts in is not loaded by a loader: one that imports it is.
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const start = `import(${api}).then(({ register }) => { register(); return import(${JSON.stringify(url)}); })`;
  return new Worker(start, { ...options, execArgv: [], eval: true });
}
