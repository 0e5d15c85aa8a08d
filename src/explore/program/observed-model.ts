import type { ModelClass, Strategy } from '../../fix/strategy.ts';

/** A model method. */
export interface ObservedMethod {
  readonly name: string;
  /** Whether a round of its loops remembers nothing of the rounds before: see `isMemoryless`. */
  readonly isMemoryless: boolean;
}

/** Sees a call of a model method, and decides whether its body runs. */
export type CallObserver = (method: ObservedMethod, args: readonly unknown[], body: () => unknown) => unknown;

/** Methods that are no calls: those without a step that only note something, and those that are a part of their caller. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  'constructor',
  'note',
  'reached',
  'violated',
  'bugOn',
  'warnOn',
]);

/**
 * The model of a strategy, every method call of which goes through `observe`: the pre-fix methods as well as those
 * that the strategy overrides, and the ones it calls by `super`. Where the strategy watches calls itself, a call by
 * `super` is part of the call that makes it, so that what is forgotten of a call is all of it or nothing.
 */
export function observedModel(strategy: Strategy, observe: CallObserver): ModelClass {
  const { wrapping } = strategy;
  const Subject = strategy.Base;
  const parts = Subject.functionParts;
  if (wrapping !== undefined) {
    const Whole = strategy.extend(class Observed extends Subject {});
    const Outermost: ModelClass = class Outermost extends Whole {};
    wrapMethods(
      Outermost.prototype,
      Whole.prototype,
      Object.prototype,
      observe,
      new Set([...parts.keys(), ...wrapping.inlined]),
    );
    return wrapping.outermost(Outermost);
  }
  const Base: ModelClass = class Observed extends Subject {};
  const isPart = new Set(parts.keys());
  wrapMethods(Base.prototype, Subject.prototype, Object.prototype, observe, isPart);
  const Extended = strategy.extend(Base);
  const Top: ModelClass = class Top extends Extended {};
  wrapMethods(Top.prototype, Extended.prototype, Base.prototype, observe, isPart);
  return Top;
}

/** Gives `target` a wrapped version of every method on the prototype chain from `from` up to, not including, `end`. */
function wrapMethods(
  target: object,
  from: object,
  end: object,
  observe: CallObserver,
  transparent: ReadonlySet<string>,
): void {
  const seen = new Set<string>(transparent);
  let prototype: object | null = from;
  while (prototype !== null && prototype !== end) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const method: unknown = value;
      if (typeof method !== 'function' || TRANSPARENT.has(name) || seen.has(name)) continue;
      seen.add(name);
      const observed = { name, isMemoryless: isMemoryless(Function.prototype.toString.call(method)) };
      Object.defineProperty(target, name, {
        configurable: true,
        writable: true,
        value(this: unknown, ...args: readonly unknown[]): unknown {
          return observe(observed, args, () => Reflect.apply(method, this, args));
        },
      });
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what getPrototypeOf returns
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
}

/** Calls that leave the method's own objects alone: of the model, of the memory under a name of its own, of arithmetic. */
const HARMLESS_CALLS =
  /\b(?:this(?:\.mem)?\.#?[\w$]+|super\.[\w$]+|mem(?:ory)?\.[\w$]+|Math\.\w+|pageAt|bufferAt|if|for|while|switch|return)\s*\(/g;

/**
 * Whether a method has a loop and nothing that a round could hand on to the next: no variable but those that get their
 * value where they are declared and keep it, no assignment, no iterator, no closure, and no object that a call could change
 * (`seen.push(refs)`, `count(seen)`). Judged from its source; whatever is not understood counts as remembering. A bundler
 * may write `let` for `const`.
 */
function isMemoryless(source: string): boolean {
  const code = source
    .replaceAll(/'[^'\\\n]*'|"[^"\\\n]*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replaceAll(/\b(?:const|let)\s+[\w$]+\s*=(?!=)/g, ' ');
  if (!/\b(?:for\s*\(\s*;|while\b)/.test(code)) return false;
  const body = code.slice(code.indexOf('{'));
  if (/[\w$\])]\s*(?:\?\.)?\(|\b(?:new|delete)\b/.test(body.replaceAll(HARMLESS_CALLS, ';('))) return false;
  return !/\b(?:let|var|of|in|yield|await|function|class|eval)\b|\+\+|--|<<=|>>=|=>|[^=!<>]=(?!=)|[`'"]/.test(
    code,
  );
}
