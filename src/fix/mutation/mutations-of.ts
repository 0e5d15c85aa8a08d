import { partsOfFunctions } from './method-hooks.ts';
import { formatMutation, kernelName, type Mutation, type MutationStep } from './mutation.ts';
import type { MutationChange } from './mutation-change.ts';
import { immovable, immutable, isChangeOf } from './mutation-change.ts';
import type { RecordedStep } from './step-recorder.ts';
import type { Strategy } from '../strategy.ts';

/** A step and what can be done about it. */
export interface MutableStep {
  readonly step: MutationStep;
  readonly changes: readonly MutationChange[];
  /** Why it cannot change places with what follows it, or undefined if it can. */
  readonly immovable: string | undefined;
  /** Why nothing at all can be changed, or undefined. */
  readonly immutable: string | undefined;
}

/** The kernel names of the functions that a strategy overrides or adds. */
export function functionsOf(strategy: Strategy): ReadonlySet<string> {
  const before = partsOfFunctions(strategy.Base);
  const after = partsOfFunctions(strategy.extend(strategy.Base));
  const changed = [...after].filter(([name, { method }]) => before.get(name)?.method !== method);
  return new Set(changed.map(([, { whole }]) => kernelName(whole)));
}

/**
 * The steps that a strategy touches: those of the functions that it overrides or adds, and those of functions that are
 * called on behalf of these where the kernel before the fix does not call them.
 *
 * @param own The functions of the strategy, as `functionsOf` gives them.
 * @param before What was recorded of the kernel before the fix.
 */
export function touchedSteps(
  recorded: readonly RecordedStep[],
  own: ReadonlySet<string>,
  before: readonly RecordedStep[],
): readonly MutableStep[] {
  const known = new Set(before.flatMap(({ chain }) => chain.map((_, from) => chain.slice(from).join('/'))));
  return merged(recorded, ({ chain }) => {
    const name = chain.at(-1) ?? '';
    if (own.has(name)) return { function: name, within: undefined };
    const from = chain.findLastIndex((open) => own.has(open));
    if (from < 0 || known.has(chain.slice(from).join('/'))) return undefined;
    return { function: name, within: chain[from] };
  });
}

/** The steps of all functions: whoever calls them, or in calls made on behalf of `within` only. */
export function allSteps(recorded: readonly RecordedStep[], within?: string): readonly MutableStep[] {
  return merged(recorded, ({ chain }) =>
    within === undefined || chain.slice(0, -1).includes(within)
      ? { function: chain.at(-1) ?? '', within }
      : undefined,
  );
}

/** The mutations of steps, each once. */
export function mutationsOf(steps: readonly MutableStep[]): readonly Mutation[] {
  const found = new Map<string, Mutation>();
  for (const { step, changes } of steps) {
    for (const change of changes) found.set(formatMutation({ step, change }), { step, change });
  }
  return [...found.values()];
}

/** Steps that are the same but for who called them, as one; `placeOf` says as which, or leaves it out. */
function merged(
  recorded: readonly RecordedStep[],
  placeOf: (recorded: RecordedStep) => Pick<MutationStep, 'function' | 'within'> | undefined,
): readonly MutableStep[] {
  const groups = new Map<string, { step: MutationStep; members: RecordedStep[] }>();
  for (const entry of recorded) {
    const place = placeOf(entry);
    if (place === undefined) continue;
    const step = { ...place, ...entry.step };
    const key = formatMutation({ step, change: 'drop' });
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { step, members: [entry] });
    else group.members.push(entry);
  }
  return inFunctions([...groups.values()].map(({ step, members }) => mutable(step, members)));
}

/** Functions in the order in which they were first entered, their steps in the order of first arrival. */
function inFunctions(steps: readonly MutableStep[]): readonly MutableStep[] {
  const names = [...new Set(steps.map(({ step }) => `${step.within ?? ''}/${step.function}`))];
  return names.flatMap((name) =>
    steps.filter(({ step }) => `${step.within ?? ''}/${step.function}` === name),
  );
}

function mutable(step: MutationStep, members: readonly RecordedStep[]): MutableStep {
  const { access } = step;
  const why = immutable(access);
  if (why !== undefined) return { step, changes: [], immovable: why, immutable: why };
  const hasNext = members.some((member) => member.hasNext);
  const values = [...new Set(members.flatMap((member) => [...member.values]))].toSorted((a, b) => a - b);
  const fixed: readonly MutationChange[] = ['drop', 'true', 'false', 'split', 'unlocked', 'relaxed'];
  const changes = fixed.filter((change) => isChangeOf(change, access));
  if (isChangeOf('as-0', access)) changes.push(...values.map((value): MutationChange => `as-${value}`));
  const stays = immovable(access, hasNext);
  if (stays === undefined) changes.push('later');
  return { step, changes, immovable: stays, immutable: undefined };
}

/** Whether a change takes a step away, as against moving or weakening it. */
export function isRemoval(change: MutationChange): boolean {
  return change !== 'later' && change !== 'split' && change !== 'unlocked' && change !== 'relaxed';
}
