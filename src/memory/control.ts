import { type Address, LINE_WORDS } from './layout.ts';

/**
 * The control words of a run, in front of its worlds. One cache line each, so that polling one does not disturb the
 * writers of another:
 *
 *     line 0            unused: address 0 is NULL
 *     line 1  block     stop | trials | finished | microseconds | round trip | ready | first trial, violation
 *     line 2  gate      number of the block to run | its arm | launch, offset, toucher | stride, worlds | spacing, jitter
 *     then, per actor   rcu | park | operation | waiting | stride | last | asleep | trials | ping | stages | spin | changes | thread
 *     then, per actor   counters of the block, plain words of that actor
 *     then, per actor   one word per world: what it noted in the trial there
 */

/** Set by the main thread: end the block after the current stride. */
export const BLOCK_STOP: number = LINE_WORDS;
/** Trials after which the block ends by itself; 0 for no limit. */
export const BLOCK_TRIALS: number = LINE_WORDS + 1;
/** Actors that have finished the block. */
export const BLOCK_FINISHED: number = LINE_WORDS + 2;
/** Duration of the block in us, from the first rendezvous to the last, measured by actor 0. */
export const BLOCK_MICROSECONDS: number = LINE_WORDS + 3;
/** Round trip between actors 0 and 1 in tenths of ns, at the start or else the end; 0 where they never answered each other. */
export const BLOCK_ROUND_TRIP: number = LINE_WORDS + 4;
/** Actors that are at their gates for the first time. */
export const RUN_READY: number = LINE_WORDS + 5;
/** When the first trial began and the first violation was counted, in ms since the process started; 0 if never. */
export const RUN_FIRST_TRIAL: number = LINE_WORDS + 6;
export const RUN_FIRST_VIOLATION: number = LINE_WORDS + 7;
/** Number of the block that the actors are to run, counted from 1, or GATE_QUIT. */
export const GATE: number = 2 * LINE_WORDS;
/** The arm of that block. */
export const GATE_ARM: number = 2 * LINE_WORDS + 1;
/** How the actors of that block are let go: one of the LAUNCH_ values. */
export const GATE_LAUNCH: number = 2 * LINE_WORDS + 2;
/** Not LAUNCH_STRIDES: how much later the actors of the first role start than the others, in tenths of ns; may be negative. */
export const GATE_OFFSET: number = 2 * LINE_WORDS + 3;
/** Not LAUNCH_STRIDES: the actor that brings all worlds into the start state, and so has touched them last. */
export const GATE_TOUCHER: number = 2 * LINE_WORDS + 4;
/** Not LAUNCH_TRIALS: trials between two rendezvous, and among how many of the worlds they move on. */
export const GATE_STRIDE: number = 2 * LINE_WORDS + 5;
export const GATE_WORLDS: number = 2 * LINE_WORDS + 6;
/** LAUNCH_SHIFTED: worlds from the first of a stride to that of the next. */
export const GATE_SPACING: number = 2 * LINE_WORDS + 7;
/** LAUNCH_SHIFTED: up to how much later still the actors of the first role start, at random, in tenths of ns. */
export const GATE_JITTER: number = 2 * LINE_WORDS + 8;
/** Words in front of the actors' control lines. */
export const CONTROL_WORDS: number = 3 * LINE_WORDS;

/** RCU read sections entered and left, which only its actor counts: odd while it is inside of one. */
export const ACTOR_RCU = 0;
/** Always 0: the word an actor sleeps on for a while when it has been spinning for long. */
export const ACTOR_PARK = 1;
/** Index of the operation in the actor's program. */
export const ACTOR_OPERATION = 2;
/** Address of the lock or word it has been waiting for for long, or 0. */
export const ACTOR_WAITING = 3;
/** Strides finished in this block: the rendezvous, and the heartbeat. */
export const ACTOR_STRIDE = 4;
/** Actor 0: the stride after which the block ends. */
export const ACTOR_LAST = 5;
/** 1 while the actor sleeps at the rendezvous and wants to be notified. */
export const ACTOR_ASLEEP = 6;
/** Trials finished in this block. */
export const ACTOR_TRIALS = 7;
/** Round-trip probe. */
export const ACTOR_PING = 8;
/** Microseconds of the block that the actor spent in each stage, a word each; 0 unless they are measured. */
export const ACTOR_STAGES = 9;
/** Duration of one round of the actor's spin loop, as measured for the block, in ps; 0 unless the block used it. */
export const ACTOR_SPIN = 13;
/** Of a mutant's arm: how often the actor came to the changed step in the block. */
export const ACTOR_CHANGES = 14;
/** The system's number of the actor's thread, from its arrival at the gate until the first block. */
export const ACTOR_THREAD: number = LINE_WORDS - 1;
/** Words of an actor's control line. */
export const ACTOR_WORDS: number = LINE_WORDS;

/** The actors meet once per stride. */
export const LAUNCH_STRIDES = 0;
/** Actor 0 lets all actors go in every trial, and they start at an offset from each other. */
export const LAUNCH_TRIALS = 1;
/** The actors meet once per stride and start at an offset from each other; one of them alone collects. */
export const LAUNCH_SHIFTED = 2;

/** Gate value that sends the actors home. */
export const GATE_QUIT = -1;

/** Address of the control line of an actor; `base` is that of actor 0. */
export function actorLine(base: Address, actor: number): Address {
  return base + actor * ACTOR_WORDS;
}
