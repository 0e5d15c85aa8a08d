/** What is made of a program that violates: the race in it, by the shortest schedule that shows it. */
import { explore } from '../../explore/explore.ts';
import type { ReplayStep } from '../../explore/witness/replay.ts';
import { kernelName } from '../../fix/mutation/mutation.ts';
import type { Strategy } from '../../fix/strategy.ts';
import { type HuntedParts, huntedScenario } from '../../scenario/hunted/hunted-scenario.ts';
import { checksOf } from '../../scenario/checks.ts';
import { resolveSetting, type Setting } from '../../scenario/setting.ts';
import type { Finding, Stall, StepName } from './hunt-result.ts';

/** Pairs of a state and an actor in which a shortest witness is looked for. */
const WITNESS_STATES_MAX = 300_000;

/** The race by which a program violates an invariant: one without a witness where none is found within the limits. */
export function findingOf(
  parts: HuntedParts,
  strategy: Strategy,
  {
    invariant,
    source,
    statesMax,
  }: { readonly invariant: string; readonly source: string; readonly statesMax: number },
): Finding {
  const setting = resolveSetting({ scenario: huntedScenario(parts) });
  const { violations } = explore({
    setting,
    strategy,
    strategySource: source,
    limits: { statesMax, countStatesMax: 0, witnessStatesMax: WITNESS_STATES_MAX },
  });
  const violation = violations.find((each) => each.invariant === invariant);
  const known = checksOf(setting.scenario).find(({ id }) => id === invariant);
  const witness = violation?.witness ?? null;
  const steps = witness?.steps ?? [];
  const pair = conflictIn(steps, devicesOf(setting));
  const operations = parts.actors.flatMap((actor) => actor.operations.map(({ name }) => name));
  return {
    key: [invariant, ...pair.toSorted()].join(' | '),
    invariant,
    title: violation?.title ?? known?.title ?? invariant,
    origin: violation?.origin ?? known?.origin ?? '',
    pair,
    program: setting.scenario.name,
    operations: operations.length,
    actors: setting.actors.map(({ label }) => label),
    witness,
    stalls: stallsIn(steps),
    rules: parts.alphabet.rules
      .filter((rule) => rule.operations.some((name) => operations.includes(name)))
      .map(({ id }) => id),
  };
}

/** A name of a step that is the same in every program: neither numbers of objects nor arguments. */
export function stepName({ functions, operation, field }: ReplayStep): StepName {
  const innermost = functions.at(-1) ?? '';
  const call = innermost.includes('(') ? innermost.slice(0, innermost.indexOf('(')) : innermost;
  return `${kernelName(call)} > ${operation}(${field.replaceAll(/(?<=[a-z])\d+/g, '')})`;
}

/** Steps of one actor without another's in between. */
interface Run {
  readonly actor: number;
  readonly from: number;
  /** The first step that is none of it. */
  readonly to: number;
}

function runsOf(steps: readonly ReplayStep[]): readonly Run[] {
  const starts = [0, ...steps.flatMap(({ isSwitch }, index) => (isSwitch ? [index] : []))];
  return starts.flatMap((from, index) => {
    const first = steps[from];
    return first === undefined ? [] : [{ actor: first.actor, from, to: starts[index + 1] ?? steps.length }];
  });
}

/**
 * The two steps that a race is about: what an actor has read last before others came in between, and what they changed of it. The last
 * such place counts, since what is behind it is the harm. Where others change nothing that was read before, it is their change and
 * what the actor does with it behind. What actors and the device tell each other is nobody's race: words of such names are left out.
 */
export function conflictIn(
  steps: readonly ReplayStep[],
  devices: ReadonlySet<string> = new Set(),
): readonly StepName[] {
  const conflicts = (mine: ReplayStep, theirs: ReplayStep): boolean =>
    !devices.has(wordOf(mine.field)) && isChangedBy(mine, theirs);
  const runs = runsOf(steps);
  for (let index = runs.length - 1; index >= 0; index--) {
    const run = runs[index];
    const next =
      run === undefined ? -1 : runs.findIndex((other, at) => at > index && other.actor === run.actor);
    if (run === undefined || next < 0) continue;
    const meanwhile = steps.slice(run.to, runs[next]?.from);
    const before = steps.slice(0, run.to).filter(({ actor }) => actor === run.actor);
    for (const mine of before.toReversed()) {
      const theirs = meanwhile.find((step) => conflicts(mine, step));
      if (theirs !== undefined) return [stepName(mine), stepName(theirs)];
    }
    const after = steps.slice(runs[next]?.from).filter(({ actor }) => actor === run.actor);
    for (const theirs of meanwhile.toReversed()) {
      const mine = after.find((step) => conflicts(step, theirs));
      if (mine !== undefined) return [stepName(theirs), stepName(mine)];
    }
  }
  return conflictBefore(steps, runs.at(-1), conflicts);
}

/** Where nobody is too late: what the last actor has come to last of what another one had changed before. */
function conflictBefore(
  steps: readonly ReplayStep[],
  run: Run | undefined,
  conflicts: (mine: ReplayStep, theirs: ReplayStep) => boolean,
): readonly StepName[] {
  const last = steps.at(-1);
  if (last === undefined || run === undefined) return [];
  for (const mine of steps.slice(run.from).toReversed()) {
    const theirs = steps.slice(0, run.from).findLast((step) => conflicts(mine, step));
    if (theirs !== undefined && theirs.actor !== mine.actor) return [stepName(theirs), stepName(mine)];
  }
  return [stepName(last)];
}

/** The word of a field, of which a bit may be named. */
function wordOf(field: string): string {
  return field.split(':')[0] ?? '';
}

/** Names of the words that actors and the device talk by. */
function devicesOf({ geometry }: Setting): ReadonlySet<string> {
  return new Set(
    geometry.structures.flatMap(({ fields }) =>
      fields.flatMap(({ kind, name }) => (kind === 'device' ? [name] : [])),
    ),
  );
}

/** Locks are there so that this is no race. */
const LOCKING = /lock|^down_|^up_/;

/** Whether another actor's step has changed what a step is about: of a word of flags the same bit, where both are about one. */
function isChangedBy(mine: ReplayStep, theirs: ReplayStep): boolean {
  if (LOCKING.test(mine.operation) || mine.field === '') return false;
  const [word = '', bit] = mine.field.split(':');
  const [other, otherBit] = theirs.field.split(':');
  if (word === other && bit !== undefined && otherBit !== undefined && bit !== otherBit) return false;
  return theirs.changes.some((change) => change.word.split(':')[0] === word);
}

/** Every place where an actor is stopped that could have gone on. */
export function stallsIn(steps: readonly ReplayStep[]): readonly Stall[] {
  const runs = runsOf(steps);
  return runs.flatMap((run, index): readonly Stall[] => {
    const next = runs.find((other, at) => at > index && other.actor === run.actor);
    const resumed = next === undefined ? undefined : steps[next.from];
    if (next === undefined || resumed === undefined) return [];
    const own = steps.slice(0, run.to).filter(({ actor }) => actor === run.actor);
    const depth = own.reduce((count, { operation }) => count + spinDepth(operation), 0);
    return [
      { actor: resumed.label, before: stepName(resumed), steps: next.from - run.to, isInSpinLock: depth > 0 },
    ];
  });
}

function spinDepth(operation: string): number {
  if (operation === 'spin_lock') return 1;
  return operation === 'spin_unlock' ? -1 : 0;
}
