import type { CountSound } from '../../memory/sound-worlds.ts';
import { worldAt } from '../../memory/arena.ts';
import { FS_OOPS } from '../../memory/layout.ts';
import { Check, CHECK_COUNT } from '../../model/check.ts';
import { atRestOf, forbiddenByClassify, judgesItself } from '../../scenario/judge.ts';
import type { ActorContext, Scenario } from '../../scenario/scenario.ts';
import { trialCounts, type TrialCountsParts } from './trial-counts.ts';

/** Outcomes are kept for so many sets of notes, by a product of theirs: 2^10. */
const KNOWN_BITS = 10;
/** 2^32 over the golden ratio: a product with it spreads numbers evenly. */
const GOLDEN = 0x9e3779b1;

/** What a judge needs to know of its actor. */
export interface TrialJudgeParts extends TrialCountsParts {
  /** On `words`. */
  readonly countSound: CountSound;
  readonly context: ActorContext;
}

/** Judges and counts the trials of the worlds from `from` up to the one before `to`. All actors have left them. */
export type JudgeTrials = (from: number, to: number) => void;

/** The judge that one actor is of trials. A function and not a class, as the trial runner: see there. */
export function trialJudge(parts: TrialJudgeParts): JudgeTrials {
  const { words, arena, countSound, setting, context } = parts;
  const { scenario, geometry } = setting;
  const { bioReferences } = context.model;
  const isIoDone = setting.completion !== 'none';
  const mustJudge = judgesItself(scenario);
  const forbidden = forbiddenByClassify(scenario);
  const brokenAtRest = atRestOf(scenario, { words, geometry, isIoDone, bioReferences });
  const outcomeOf = outcomesBy(scenario.classify);
  const { countOutcome, countViolation, countState, countedNotesOf } = trialCounts(parts);

  /** Test by test. */
  const judge = (world: number): void => {
    const notes = countedNotesOf(world);
    const fs = worldAt(arena, world);
    let broken = words[fs + FS_OOPS] ?? 0;
    if (broken === 0) broken = brokenAtRest(fs);
    if (broken < 0 || broken >= CHECK_COUNT)
      throw new RangeError(`a world was judged by check ${broken}, which there is not`);
    const outcome = broken === 0 ? outcomeOf(notes) : 0;
    if (broken === 0 && forbidden[outcome] === 1) broken = Check.ForbiddenOutcome;
    if (broken !== 0) countViolation(world, broken);
    countOutcome(outcome);
    countState?.(fs);
  };

  return (from, to) => {
    for (let world = from; world < to; world++) {
      const sound = mustJudge
        ? world
        : world + countSound(worldAt(arena, world), to - world, isIoDone, bioReferences);
      for (; world < sound; world++) countOutcome(outcomeOf(countedNotesOf(world)));
      if (world < to) judge(world);
    }
  };
}

/** As `classify`, which goes from note to note: every test a matter of chance. A run comes to some fifty sets of notes. */
function outcomesBy(classify: Scenario['classify']): (notes: number) => number {
  const knownNotes = new Int32Array(1 << KNOWN_BITS).fill(-1);
  const knownOutcomes = new Uint8Array(1 << KNOWN_BITS);
  return (notes) => {
    const slot = Math.imul(notes, GOLDEN) >>> (32 - KNOWN_BITS);
    if (knownNotes[slot] !== notes) {
      knownNotes[slot] = notes;
      knownOutcomes[slot] = classify(notes);
    }
    return knownOutcomes[slot] ?? 0;
  };
}
