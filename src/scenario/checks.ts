import type { Subject } from '../fix/subject.ts';
import { ANNOUNCED, isAnnounceBoth } from '../fix/announce-both.ts';
import { FORBIDDEN_OUTCOME, type Invariant, INVARIANTS_OF_ALL } from '../model/invariant.ts';
import type { Scenario } from './scenario.ts';

/** Every invariant that trials of a subject are judged by, in the order of their check numbers. */
export function invariantsOf({ invariants }: Subject): readonly Invariant[] {
  return [...INVARIANTS_OF_ALL, ...invariants].toSorted((one, other) => one.check - other.check);
}

/** Those of them that trials of a scenario are judged by: what `atRestOf` replaces is none of them. */
export function judgedBy({ subject, atRest }: Pick<Scenario, 'subject' | 'atRest'>): readonly Invariant[] {
  const isReplaced = atRest !== undefined && subject.isPlugIn !== true;
  const replaced = isReplaced ? subject.invariants.filter(({ isAtRest }) => isAtRest) : [];
  return invariantsOf(subject).filter((invariant) => !replaced.includes(invariant));
}

/** All checks of a scenario that have a name: those of its subject, and its own. */
export function checksOf({ subject, checks = [] }: Scenario): readonly Invariant[] {
  const own = checks.map(({ number, id, title, origin }): Invariant => ({
    check: number,
    id,
    title,
    origin,
    grade: 'FORBIDDEN',
  }));
  const ofControl = subject.weakControls?.some(isAnnounceBoth) === true ? [ANNOUNCED] : [];
  return [...invariantsOf(subject), FORBIDDEN_OUTCOME, ...own, ...ofControl];
}
