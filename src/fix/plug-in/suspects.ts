/** Whose doing something is where code of users runs: that of a strategy, of a scenario, or of one of the two. */
import { frameInStack } from './stack-of-thread.ts';

/** A module of a user's. */
export interface UserModule {
  readonly kind: 'strategy' | 'scenario';
  readonly path: string;
}

/** Those of the modules whose doing it may be: the one that a stack leads to, or else all of them. */
export function suspectsIn(stack: string | undefined, modules: readonly UserModule[]): readonly UserModule[] {
  const found = frameInStack(
    stack,
    modules.map(({ path }) => path),
  )?.plugIn;
  return found === undefined ? modules : modules.filter(({ path }) => path === found);
}

/** `a strategy`, or `a strategy or a scenario`. */
export function kindsOf(suspects: readonly UserModule[]): string {
  return suspects.length === 0 ? 'a plug-in' : suspects.map(({ kind }) => `a ${kind}`).join(' or ');
}
