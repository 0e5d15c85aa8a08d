import type { QuietWorld } from '../fix/subject.ts';
import type { FsInfo } from '../memory/layout.ts';
import type { Scenario } from './scenario.ts';

/**
 * The check that a world breaks whose actors have all finished, or 0: the scenario's own, in place of those of the subject; where a
 * scenario brings its subject with it, behind those.
 */
export function atRestOf({ atRest, subject }: Scenario, world: QuietWorld): (fs: FsInfo) => number {
  const ofSubject = subject.atRest(world);
  if (atRest === undefined) return ofSubject;
  const { words, geometry } = world;
  if (subject.isPlugIn !== true) return (fs) => atRest(words, geometry, fs);
  return (fs) => {
    const broken = ofSubject(fs);
    return broken === 0 ? atRest(words, geometry, fs) : broken;
  };
}

/** By outcome: 1 if `classify` may give it and it is FORBIDDEN all the same, so that it violates. */
export function forbiddenByClassify({ outcomes }: Scenario): Uint8Array {
  return Uint8Array.from(outcomes, ({ grade }, index) => (index > 0 && grade === 'FORBIDDEN' ? 1 : 0));
}

/** Whether trials have to be judged by the scenario itself, and not only by what all of its subject's scenarios are judged by. */
export function judgesItself(scenario: Scenario): boolean {
  return scenario.atRest !== undefined || forbiddenByClassify(scenario).includes(1);
}
