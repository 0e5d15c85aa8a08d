import { basename } from 'node:path';
import { types } from 'node:util';
import type { Structure } from '../../memory/schema.ts';
import { BuiltIns, type NamedObject, Snapshot } from './built-ins.ts';
import { classObjection, objectObjection, repeatObjection } from './class-checks.ts';
import { ImpurityError, impurityText, modelBegins, modelEnds } from './guards.ts';
import { importPlugIn, isModulePath, withoutModuleEnding } from './import-plug-in.ts';
import { versionObjection } from './module-checks.ts';
import { PlugInError } from './plug-in-error.ts';
import { mutantOf } from '../mutation/mutant.ts';
import { type Mutation, parseMutation, splitMutant } from '../mutation/mutation.ts';
import type { UserModule } from './suspects.ts';
import type { Expectation, ModelClass, Strategy } from '../strategy.ts';
import type { Subject } from '../subject.ts';

/** A strategy that is not there, or a module that is none. */
export class StrategyError extends PlugInError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'StrategyError';
  }
}

/** Whether `--strategy` names a plug-in module, or a mutant of one: a path, not a name. */
export function isPlugIn(name: string): boolean {
  const strategy = splitMutant(name)?.strategy ?? name;
  return isModulePath(strategy);
}

/**
 * The strategy of a subject's by its name, by that of a mutant, or by the path of a plug-in module: its default export takes the model
 * of the subject and returns a subclass, and it may export `expectation`, `summary` and `origin` as `Strategy` has them.
 * @throws {StrategyError} If there is none.
 */
export async function loadStrategy(strategy: string, subject: Subject): Promise<Strategy> {
  const { Model: Root, strategies, weakControls = [] } = subject;
  const mutant = splitMutant(strategy);
  if (mutant !== undefined)
    return mutantOf(
      await loadStrategy(mutant.strategy, subject),
      parsed(mutant.mutation, strategy, Root.structures),
    );
  if (!isPlugIn(strategy)) {
    const found = [...strategies, ...weakControls].find(({ name }) => name === strategy);
    if (found === undefined) throw new StrategyError(`unknown strategy '${strategy}'`);
    return found;
  }
  const builtIns = new BuiltIns(modelObjects(Root));
  const module = await importPlugIn({ kind: 'strategy', path: strategy }, (objection, cause) => {
    throw new StrategyError(`${strategy}: ${objection}`, { cause });
  });
  refuse(strategy, builtIns.change());
  refuse(strategy, versionObjection(module['apiVersion']));
  const extend = module['default'];
  if (typeof extend !== 'function') {
    throw new StrategyError(`${strategy}: no default export; expected (Base) => class extends Base { ... }`);
  }
  if (types.isProxy(extend)) {
    throw new StrategyError(
      `${strategy}: the default export is a Proxy; expected (Base) => class extends Base { ... }`,
    );
  }
  return strategyFrom(extend, {
    Base: Root,
    name: withoutModuleEnding(basename(strategy)),
    expectation: expectationOf(module['expectation'], strategy),
    summary: textOf(module['summary'], 'a plug-in'),
    origin: textOf(module['origin'], strategy),
    source: strategy,
    module: { kind: 'strategy', path: strategy },
    builtIns,
  });
}

/** What there is of a user's strategy beside its function. */
interface StrategyParts extends Pick<Strategy, 'Base' | 'name' | 'expectation' | 'summary' | 'origin'> {
  /** The path of its module: what is said of it begins with this. */
  readonly source: string;
  /** Where its function stands. */
  readonly module: UserModule;
  /** Where the function stands in the module. @default it is the default export */
  readonly where?: string;
  /** What it must leave alone. */
  readonly builtIns?: BuiltIns;
}

/** A strategy of a function of a user's, which has to give the same class whenever it is called. */
export function strategyFrom(
  extend: Function,
  { source, where, module, builtIns, ...words }: StrategyParts,
): Strategy {
  const Root = words.Base;
  const at = where === undefined ? source : `${source}: ${where}`;
  const by = where === undefined ? undefined : 'it';
  let isRepeated = false;
  return {
    isPlugIn: true,
    ...words,
    extend: (Base) => {
      const Extended = subclass(extend, Base, { module, at, by });
      if (isRepeated) return Extended;
      isRepeated = true;
      const Other: ModelClass = class Other extends Root {};
      const again = { Model: subclass(extend, Other, { module, at, by }), Base: Other };
      refuse(at, repeatObjection({ Model: Extended, Base }, again, by));
      refuse(at, builtIns?.change());
      return Extended;
    },
  };
}

/** The model class of a strategy. */
export function modelOf(strategy: Strategy): ModelClass {
  const Model = strategy.extend(strategy.Base);
  return strategy.wrapping?.outermost(Model) ?? Model;
}

function parsed(mutation: string, strategy: string, structures: readonly Structure[]): Mutation {
  try {
    return parseMutation(mutation, structures);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StrategyError(`${strategy}: ${reason}`, { cause });
  }
}

/** What all models of the thread have in common. */
function modelObjects(Root: ModelClass): NamedObject[] {
  const objects: NamedObject[] = [];
  for (let Class: unknown = Root; Class !== Function.prototype; Class = Object.getPrototypeOf(Class)) {
    if (typeof Class !== 'function') break;
    const prototype: unknown = Class.prototype;
    objects.push({ name: Class.name, object: Class });
    if (typeof prototype === 'object' && prototype !== null) {
      objects.push({ name: `${Class.name}.prototype`, object: prototype });
    }
  }
  return objects;
}

/** `at`: what is said begins with it. `by`: what returned the class, the default export unless it is said. */
function subclass(
  extend: Function,
  Base: ModelClass,
  {
    module,
    at,
    by,
  }: Pick<StrategyParts, 'module'> & { readonly at: string; readonly by: string | undefined },
): ModelClass {
  const base = new Snapshot([
    { name: 'Base', object: Base },
    { name: 'Base.prototype', object: Base.prototype },
  ]);
  modelBegins();
  try {
    const Model: unknown = Reflect.apply(extend, undefined, [Base]);
    const change = base.change();
    if (change !== undefined) refuse(at, `${change}: override it in the class that is returned`);
    refuse(at, classObjection(Model, Base, by === undefined ? {} : { by }));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked above
    const Subclass = Model as ModelClass;
    refuse(at, objectObjection(Subclass));
    return Subclass;
  } catch (cause) {
    if (cause instanceof StrategyError) throw cause;
    const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
    const reason =
      cause instanceof ImpurityError
        ? impurityText(message, stack, [module])
        : `no model can be made of it: ${message}`;
    throw new StrategyError(`${at}: ${reason}`, { cause });
  } finally {
    const impurity = modelEnds();
    if (impurity !== undefined) refuse(at, impurityText(impurity.message, impurity.stack, [module]));
  }
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
