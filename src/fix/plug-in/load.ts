import { basename } from 'node:path';
import { ExtentBufferModel } from '../../model/extent-buffer-model.ts';
import { loadObjection, methodObjection, versionObjection } from './module-checks.ts';
import { mutantOf } from '../mutation/mutant.ts';
import { type Mutation, parseMutation, splitMutant } from '../mutation/mutation.ts';
import { plugInUrl } from './plug-in-url.ts';
import { strategies } from '../registry.ts';
import type { Expectation, ModelClass, Strategy } from '../strategy.ts';

/** A strategy that is not there, or a module that is none. */
export class StrategyError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'StrategyError';
  }
}

/** How the file of a plug-in may be called: Node tells by that whether it is a module. */
const MODULE_NAME = /\.[cm]?[jt]s$/;
/** The same in words. */
export const MODULE_ENDINGS = '.mjs, .js, .cjs, .mts, .ts or .cts';

/** Whether the file of a path may be a plug-in, by its name. */
export function isModuleName(path: string): boolean {
  return MODULE_NAME.test(path);
}

/** Whether `--strategy` names a plug-in module, or a mutant of one: a path, not a name. */
export function isPlugIn(name: string): boolean {
  const strategy = splitMutant(name)?.strategy ?? name;
  return strategy.includes('/') || isModuleName(strategy);
}

/**
 * The strategy of a name, of a mutant's name, or of the path of a plug-in module: its default export takes the pre-fix
 * model and returns a subclass, and it may export `expectation`, `summary` and `origin` as `Strategy` has them.
 * @throws {StrategyError} If there is none.
 */
export async function loadStrategy(strategy: string): Promise<Strategy> {
  const mutant = splitMutant(strategy);
  if (mutant !== undefined)
    return mutantOf(await loadStrategy(mutant.strategy), parsed(mutant.mutation, strategy));
  if (!isPlugIn(strategy)) {
    const found = strategies.find(({ name }) => name === strategy);
    if (found === undefined) throw new StrategyError(`unknown strategy '${strategy}'`);
    return found;
  }
  if (!isModuleName(strategy)) {
    throw new StrategyError(`${strategy}: is no module; its name must end with ${MODULE_ENDINGS}`);
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a module namespace is such a record
    module = (await import(plugInUrl(strategy))) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new StrategyError(`${strategy}: ${await loadObjection(strategy, cause)}`, { cause });
  }
  refuse(strategy, versionObjection(module['apiVersion']));
  const extend = module['default'];
  if (typeof extend !== 'function') {
    throw new StrategyError(`${strategy}: no default export; expected (Base) => class extends Base { ... }`);
  }
  return {
    isPlugIn: true,
    name: basename(strategy).replace(MODULE_NAME, ''),
    expectation: expectationOf(module['expectation'], strategy),
    summary: textOf(module['summary'], 'a plug-in'),
    origin: textOf(module['origin'], strategy),
    extend: (Base) => subclass(extend, Base, strategy),
  };
}

/** The model class of a strategy. */
export function modelOf(strategy: Strategy): ModelClass {
  const Model = strategy.extend(ExtentBufferModel);
  return strategy.wrapping?.outermost(Model) ?? Model;
}

function parsed(mutation: string, strategy: string): Mutation {
  try {
    return parseMutation(mutation);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StrategyError(`${strategy}: ${reason}`, { cause });
  }
}

function subclass(extend: Function, Base: ModelClass, strategy: string): ModelClass {
  const Model: unknown = Reflect.apply(extend, undefined, [Base]);
  if (typeof Model !== 'function' || !(Model.prototype instanceof Base)) {
    throw new StrategyError(`${strategy}: the default export returned no subclass of the class it was given`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked above
  const Subclass = Model as ModelClass;
  refuse(strategy, methodObjection(Subclass, Base));
  return Subclass;
}

function refuse(strategy: string, objection: string | undefined): void {
  if (objection !== undefined) throw new StrategyError(`${strategy}: ${objection}`);
}

function expectationOf(value: unknown, strategy: string): Expectation {
  if (value === undefined) return 'holds';
  if (value === 'holds' || value === 'violates') return value;
  throw new StrategyError(
    `${strategy}: expectation: expected 'holds' or 'violates', got ${JSON.stringify(value)}`,
  );
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
