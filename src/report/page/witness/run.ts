/** A schedule under one strategy, as the page walks through it. */
import type { Witness } from '../../../explore/explore.ts';
import type { ViolationName } from '../../../explore/machine/violation-name.ts';
import type { ReplayStep } from '../../../explore/witness/replay-step.ts';
import type { Blocked, Replay } from '../../../explore/witness/replay.ts';
import { foreverText } from '../../replay-report.ts';

export interface Run {
  readonly strategy: string;
  /** A label for each actor. */
  readonly actors: readonly string[];
  readonly steps: readonly ReplayStep[];
  readonly end: RunEnd;
}

/** How it ended, in words. */
export interface RunEnd {
  readonly tone: 'bad' | 'good';
  /** `BUG`, `DEADLOCK`, `harmless`. */
  readonly word: string;
  /** Sentences. */
  readonly text: readonly string[];
}

/** The end of a witness. */
export function endOfViolation(
  { invariant, title, origin }: ViolationName,
  { blocked: stuck, cycle, steps }: Pick<Witness, 'blocked' | 'cycle' | 'steps'>,
): RunEnd {
  if (invariant === 'livelock') {
    return {
      tone: 'bad',
      word: 'LIVELOCK',
      text: [foreverText(cycle, steps.length), ...stuck.map(spinText)],
    };
  }
  if (invariant === 'deadlock')
    return { tone: 'bad', word: 'DEADLOCK', text: ['nobody can go on', ...stuck.map(waitText)] };
  return {
    tone: 'bad',
    word: 'BUG',
    text: [`${steps.at(-1)?.label ?? 'nobody'}: ${title} (${invariant})`, origin],
  };
}

/** The end of a replay under a strategy. */
export function endOfReplay({ end, steps }: Replay): RunEnd {
  switch (end.kind) {
    case 'violated':
      return {
        tone: 'bad',
        word: 'BUG',
        text: [`${steps.at(-1)?.label ?? 'nobody'}: ${end.title} (${end.invariant})`, end.origin],
      };
    case 'harmless':
      return { tone: 'good', word: 'harmless', text: [`the trial ends as '${end.outcome}' (${end.grade})`] };
    case 'deadlock':
      return { tone: 'bad', word: 'DEADLOCK', text: ['nobody can go on', ...end.blocked.map(waitText)] };
    case 'livelock':
      return {
        tone: 'bad',
        word: 'LIVELOCK',
        text: [foreverText(end.cycle, steps.length), ...end.blocked.map(spinText)],
      };
    case 'impossible':
      return { tone: 'good', word: 'impossible', text: [`from step ${end.step} on: ${end.reason}`] };
  }
}

function waitText({ label, operation, field, owner }: Blocked): string {
  return `${label} waits in ${operation}(${field})${owner === undefined ? '' : `, which ${owner} holds`}`;
}

function spinText({ label, operation }: Blocked): string {
  return `${label} spins in ${operation}()`;
}
