import { FS_OWN, PAGE_OWN, pageAt } from '../memory/layout.ts';
import { CHECK_COUNT } from '../model/check.ts';
import type { Invariant } from '../model/invariant.ts';
import { defineMethod, type Method } from './mutation/method-hooks.ts';
import type { ModelClass, Strategy } from './strategy.ts';

/** Methods of two sides of a race: different actors come to one of either first. */
export type Sides = readonly [one: readonly string[], other: readonly string[]];

/** Who has seen nobody on the other side: a bit each, in the second of a strategy's own words. */
const ONE_ALONE = 1;
const OTHER_ALONE = 2;
const BOTH_ALONE = ONE_ALONE | OTHER_ALONE;

const NAME = 'announce-both';

/** What is broken where both sides have seen nobody. */
export const ANNOUNCED: Invariant = {
  check: CHECK_COUNT - 1,
  id: 'ALONE',
  title: 'each of two actors announced itself, looked for the other, and saw nobody',
  origin: `${NAME}, no kernel`,
  grade: 'FORBIDDEN',
};

/** Whether a strategy is one of `announceBoth`. */
export function isAnnounceBoth({ name }: Pick<Strategy, 'name'>): boolean {
  return name === NAME;
}

/** A model as its wrapped methods see it. */
interface Announcing {
  announce(isOne: boolean): void;
}

/**
 * What holds where every store is visible at once, and violates where it may wait: a control of runs whose stores do, of any race that a
 * strategy mends. Two of its actors announce themselves by a plain store where their operations begin, and look for each other's
 * announcement; between the store and the look `smp_mb()` is missing. Whoever came first may see nobody, and never both.
 *
 * The two words lie in lines of their own, among those that a strategy may use for itself.
 */
export function announceBoth(fix: Strategy, [one, other]: Sides): Strategy {
  return {
    ...fix,
    name: NAME,
    expectation: 'violates',
    summary: `${fix.name}, and two actors announce themselves by plain stores and look for each other; no barrier stands between`,
    origin: 'planted; own',
    extend: (Base) => {
      const Announcer = announcerOf(fix.extend(Base));
      for (const [methods, isOne] of [[one, true] as const, [other, false] as const])
        for (const name of methods) defineMethod(Announcer, name, announced(Announcer, name, isOne));
      return Announcer;
    },
  };
}

/** The control of a race that two actors of these sides take part in, on the first strategy that holds there; none without sides. */
export function announcing(
  strategies: readonly Strategy[],
  { violating, sides }: { readonly violating: readonly string[]; readonly sides: Sides | undefined },
): readonly Strategy[] {
  const fix = strategies.find(({ name }) => !violating.includes(name));
  return sides === undefined || fix === undefined ? [] : [announceBoth(fix, sides)];
}

/** What a scenario says of such a control. */
export function weakControlIn([control]: readonly Strategy[]): { readonly weakControl?: string } {
  return control === undefined ? {} : { weakControl: control.name };
}

function announcerOf(Base: ModelClass): ModelClass {
  return class AnnounceBoth extends Base implements Announcing {
    announce(isOne: boolean): void {
      const { mem, fsInfo, geometry } = this;
      const own = fsInfo + FS_OWN;
      const inPage = pageAt(fsInfo, geometry.pages - 1) + PAGE_OWN;
      mem.writeOnce(isOne ? own : inPage, 1);
      if (mem.readOnce(isOne ? inPage : own) !== 0) return;
      const bit = isOne ? ONE_ALONE : OTHER_ALONE;
      if ((mem.atomicFetchOr(own + 1, bit) | bit) === BOTH_ALONE) this.violated(ANNOUNCED.check);
    }
  };
}

function announced(Base: ModelClass, name: string, isOne: boolean): Method {
  const body: unknown = Reflect.get(Base.prototype, name);
  if (typeof body !== 'function') throw new RangeError(`${NAME}: the model has no method ${name}`);
  return function announcedFirst(this: unknown, ...args: readonly unknown[]): unknown {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- defined on the class above only
    (this as Announcing).announce(isOne);
    return Reflect.apply(body, this, args);
  };
}
