/**
 * Keeps the model of a plug-in from what is not the same twice: clocks, randomness, timers, promises, files. In a thread that
 * is to load a plug-in, what gives such things is guarded beforehand, so that a reference that the module keeps is a guard too.
 * A guard is what it guards, but for the time in which a model runs: then it throws.
 *
 * Our own code that reads a clock while a model runs holds the function itself, taken when its module was loaded. Both
 * engines catch the rest, which comes from no function: memory of earlier trials, whatever it is kept in.
 */
import { placeInStack } from './stack-of-thread.ts';
import { kindsOf, suspectsIn, type UserModule } from './suspects.ts';

/* oxlint-disable no-restricted-globals, no-restricted-properties -- what nobody is to call has to be named */

/** What every plug-in has to keep to, without saying which kind of it. */
const RULE = 'must do the same whenever its steps return the same';
export const PURITY_RULE: string = `a plug-in ${RULE}`;

/** What is said of a plug-in that has been seen not to, whatever the reason. */
export const IMPURE =
  'does not do the same when its steps return the same: it depends on a clock, on randomness, or on what it remembers between trials';

/** A model has asked for something that is not the same twice. */
export class ImpurityError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImpurityError';
  }
}

/** Whether the message says so: an error that comes from another thread has lost its name. */
export function isImpurity(message: string): boolean {
  return message.includes(RULE) || message.includes(IMPURE);
}

/**
 * `setIoPages (my-fix.mjs:7) calls Math.random: a strategy must ...`: where the rule was broken, by the error's stack, stands
 * before what it says, and the rule is that of the kind of plug-in which broke it.
 */
export function impurityText(
  message: string,
  stack: string | undefined,
  modules: readonly UserModule[],
): string {
  const place = placeInStack(
    stack,
    modules.map(({ path }) => path),
  );
  const text = message.replace(PURITY_RULE, `${kindsOf(suspectsIn(stack, modules))} ${RULE}`);
  return place === undefined ? text : `${place} ${text}`;
}

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;

let isGuarded = false;
let isRunning = false;
let isLoading = false;
/** The first time that a model broke the rule: it may have caught what was thrown. */
let found: ImpurityError | undefined;

/** From here on a model runs, until `modelEnds`. */
export function modelBegins(): void {
  isRunning = true;
}

/** Returns what a model has done against the rule so far, whether it let that be thrown or not. */
export function modelEnds(): ImpurityError | undefined {
  isRunning = false;
  return found;
}

/**
 * Calls what must give the same whenever it is given the same, be it within a model or outside of any.
 * @throws {ImpurityError} If it asks for a clock or the like, even where it catches what that throws.
 */
export function guardedCall<Result>(work: () => Result): Result {
  const wasRunning = isRunning;
  isRunning = true;
  try {
    const result = work();
    if (found !== undefined) throw found;
    return result;
  } finally {
    isRunning = wasRunning;
  }
}

/** From here on the module of a plug-in is loaded, until `loadEnds`. */
export function loadBegins(): void {
  isLoading = true;
}

/** Returns what the module has done against the rule. */
export function loadEnds(): ImpurityError | undefined {
  isLoading = false;
  return found;
}

/** Guards everything in this thread. Does nothing the second time. */
export function guardThread(): void {
  if (isGuarded) return;
  isGuarded = true;
  guardLanguage();
  guardNode();
  const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
  syncBuiltinESMExports();
  // An async function makes a promise without calling anything that could be guarded. What is thrown here would go nowhere.
  process.getBuiltinModule('node:v8').promiseHooks.onInit(() => {
    if (isRunning) refused('makes a promise, or calls an async function');
  });
}

/** What stays in `found`. Whoever is to end there throws it. */
function refused(what: string, rule: string = PURITY_RULE): ImpurityError {
  if (found === undefined) {
    found = new ImpurityError(`${what}: ${rule}`);
    Error.captureStackTrace(found, refused);
  }
  return found;
}

/** As it is, but it throws while a model runs. */
function guarded<Guarded extends Function>(original: Guarded, name: string, isRandom: boolean): Guarded {
  const check = (): void => {
    if (isRunning) throw refused(`calls ${name}`);
    if (isRandom && isLoading && isCalledByPlugIn()) {
      throw refused(`calls ${name} while it is loaded`, 'a plug-in must be the same in every thread');
    }
  };
  return new Proxy(original, {
    apply(target, self: unknown, args: unknown[]): unknown {
      check();
      return apply(target, self, args);
    },
  });
}

/** Whether the caller of a guard is no package: those may fill a pool of random numbers that no model ever sees. */
function isCalledByPlugIn(): boolean {
  const caller = new Error('where').stack?.split('\n')[4] ?? '';
  return caller.includes('file:') && !caller.includes('/node_modules/');
}

/** Guards the function, or the getter, of a name. */
function guard(holder: unknown, key: string, name: string, isRandom = false): void {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return;
  const descriptor = getOwnPropertyDescriptor(holder, key);
  if (descriptor?.configurable !== true) return;
  const { get } = descriptor;
  const value: unknown = descriptor.value;
  if (typeof value === 'function') {
    defineProperty(holder, key, { ...descriptor, value: guarded(value, name, isRandom) });
  } else if (get !== undefined) {
    defineProperty(holder, key, { ...descriptor, get: guarded(get, name, isRandom) });
  }
}

function guardMembers(holder: unknown, name: string, members: readonly string[], isRandom = false): void {
  for (const member of members) guard(holder, member, `${name}.${member}`, isRandom);
}

/** All functions that an object has. */
function guardAll(holder: object, name: string): void {
  for (const key of ownKeys(holder)) {
    if (typeof key !== 'string' || key === 'constructor') continue;
    // Getters may load what they give.
    if (typeof getOwnPropertyDescriptor(holder, key)?.value === 'function')
      guard(holder, key, `${name}.${key}`);
  }
}

function guardLanguage(): void {
  guardMembers(Math, 'Math', ['random'], true);
  guardDate();
  guardMembers(Intl.DateTimeFormat.prototype, 'Intl.DateTimeFormat.prototype', ['format', 'formatToParts']);
  const now: unknown = Reflect.get(Reflect.get(globalThis, 'Temporal') ?? {}, 'Now');
  if (typeof now === 'object' && now !== null) guardAll(now, 'Temporal.Now');
  // What has been collected, and when, is nobody's step.
  guardMembers(WeakRef.prototype, 'WeakRef.prototype', ['deref']);
  guardMembers(Atomics, 'Atomics', ['wait', 'waitAsync', 'notify']);
  const globals = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'gc'];
  for (const name of globals) guard(globalThis, name, name);
}

/** `Date` with a time given is a function like any other. */
function guardDate(): void {
  const Original = Date;
  guardMembers(Original, 'Date', ['now']);
  const check = (): void => {
    if (isRunning) throw refused('calls Date without a time');
  };
  const Guarded = new Proxy(Original, {
    apply(target, self: unknown, args: unknown[]): unknown {
      check();
      return apply(target, self, args);
    },
    construct(target, args: unknown[], NewTarget): object {
      if (args.length === 0) check();
      return Reflect.construct(target, args, NewTarget);
    },
  });
  for (const [holder, key] of [
    [globalThis, 'Date'],
    [Original.prototype, 'constructor'],
  ] as const) {
    defineProperty(holder, key, { ...getOwnPropertyDescriptor(holder, key), value: Guarded });
  }
}

function guardNode(): void {
  const timers = [
    'hrtime',
    'uptime',
    'cpuUsage',
    'threadCpuUsage',
    'memoryUsage',
    'resourceUsage',
    'nextTick',
  ];
  guard(process.hrtime, 'bigint', 'process.hrtime.bigint');
  guard(process.memoryUsage, 'rss', 'process.memoryUsage.rss');
  guardMembers(process, 'process', [
    ...timers,
    'availableMemory',
    'constrainedMemory',
    'loadEnvFile',
    'dlopen',
  ]);
  const clock = getPrototypeOf(performance) ?? {};
  guardMembers(clock, 'performance', [
    'now',
    'timeOrigin',
    'mark',
    'measure',
    'toJSON',
    'eventLoopUtilization',
  ]);
  guardMembers(performance, 'performance', ['now', 'timeOrigin', 'eventLoopUtilization']);
  guardMembers(Event.prototype, 'Event.prototype', ['timeStamp']);
  const crypto = process.getBuiltinModule('node:crypto');
  const random = [
    'randomBytes',
    'randomFill',
    'randomFillSync',
    'randomInt',
    'randomUUID',
    'getRandomValues',
  ];
  const keys = [
    'pseudoRandomBytes',
    'rng',
    'prng',
    'generateKeySync',
    'generateKeyPairSync',
    'generatePrimeSync',
  ];
  guardMembers(crypto, 'crypto', [...random, ...keys], true);
  guardMembers(getPrototypeOf(crypto.webcrypto), 'crypto', ['getRandomValues', 'randomUUID'], true);
  const threads = process.getBuiltinModule('node:worker_threads');
  guardMembers(threads, 'worker_threads', [
    'receiveMessageOnPort',
    'getEnvironmentData',
    'setEnvironmentData',
  ]);
  for (const name of ['fs', 'os', 'child_process', 'timers', 'vm', 'v8'] as const) {
    guardAll(process.getBuiltinModule(`node:${name}`), name);
  }
  guardAll(process.getBuiltinModule('node:fs').promises, 'fs.promises');
  guardAll(process.getBuiltinModule('node:vm').Script.prototype, 'vm.Script.prototype');
}
