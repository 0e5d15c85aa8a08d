import { describe, expect, it } from 'vitest';
import { IMPURE, impurityText, isImpurity, PURITY_RULE } from '../../../src/fix/plug-in/guards.ts';
import { suspectsIn, type UserModule } from '../../../src/fix/plug-in/suspects.ts';

const fix: UserModule = { kind: 'strategy', path: '/x/my-fix.mjs' };
const race: UserModule = { kind: 'scenario', path: '/x/my-race.mjs' };
const stackIn = (...paths: readonly string[]): string =>
  ['Error: x', ...paths.map((path) => `    at run (file://${path}:7:1)`)].join('\n');

describe('suspectsIn', () => {
  it('is the module that a stack leads to, the innermost of two', () => {
    expect(suspectsIn(stackIn(race.path), [fix, race])).toEqual([race]);
    expect(suspectsIn(stackIn(fix.path, race.path), [fix, race])).toEqual([fix]);
  });

  it('is every module where the stack leads to none', () => {
    expect(suspectsIn(stackIn('/x/other.mjs'), [fix, race])).toEqual([fix, race]);
    expect(suspectsIn(undefined, [race])).toEqual([race]);
  });
});

describe('impurityText', () => {
  const RULE = 'must do the same whenever its steps return the same';

  it.each([
    [[fix], stackIn(fix.path), `run (my-fix.mjs:7) calls x: a strategy ${RULE}`],
    [[fix, race], stackIn(race.path), `run (my-race.mjs:7) calls x: a scenario ${RULE}`],
    [[race], undefined, `calls x: a scenario ${RULE}`],
    [[fix, race], undefined, `calls x: a strategy or a scenario ${RULE}`],
    [[], undefined, `calls x: a plug-in ${RULE}`],
  ])('says whose rule was broken: %#', (modules, stack, expected) => {
    const text = impurityText(`calls x: ${PURITY_RULE}`, stack, modules);

    expect(text).toBe(expected);
    expect(isImpurity(text)).toBe(true);
  });

  it('leaves alone what names no kind', () => {
    expect(impurityText(IMPURE, undefined, [race])).toBe(IMPURE);
    expect(isImpurity(IMPURE)).toBe(true);
  });
});
