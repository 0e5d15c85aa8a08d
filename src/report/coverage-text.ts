/** What a run rests on: which steps were taken, which invariants were put to the test, and that each can be broken. */
import type { ArmCoverage, ArmResult } from '../stress/result/result.ts';
import { byActor } from './never-reached-text.ts';
import { counted, grouped, listed, short } from './number.ts';

/** Steps that are named; the others are in the JSON document. */
const NAMED_MAX = 3;

interface CoveredArm {
  readonly strategy: string;
  readonly coverage: ArmCoverage;
}

/** A few sentences; none where it was not asked. `ids`: of all invariants that trials are judged by. */
export function coverageSentences(arms: readonly ArmResult[], ids: readonly string[]): string[] {
  const covered = arms.flatMap(({ strategy, coverage }) =>
    coverage === undefined ? [] : [{ strategy, coverage }],
  );
  if (covered.length === 0) return [];
  return [
    ...wholeSentence(covered.filter(({ coverage }) => isWhole(coverage))),
    ...partSentences(covered.filter(({ coverage }) => !isWhole(coverage))),
    ...covered.flatMap(ownSentence),
    ...covered.flatMap(idleSentence),
    invariantSentence(covered, ids),
  ];
}

function isWhole({ reachable, missed }: ArmCoverage): boolean {
  return reachable !== null && missed.length === 0;
}

function wholeSentence(arms: readonly CoveredArm[]): string[] {
  if (arms.length === 0) return [];
  const steps = arms.map(({ strategy, coverage }) => `${strategy} ${coverage.reachable ?? 0}`);
  const trials = Math.min(...arms.map(({ coverage }) => coverage.trials));
  return [
    `Every step executed: in ${short(trials)} more trials${arms.length > 1 ? ' of each' : ''}, put down step by step, actors took ` +
      `all steps that any schedule of this setting has (${steps.join(', ')}).`,
  ];
}

/** Arms that lack the same steps, together. */
function partSentences(arms: readonly CoveredArm[]): string[] {
  const groups = new Map<string, CoveredArm[]>();
  for (const arm of arms) {
    const key = arm.coverage.missed.join();
    groups.set(key, [...(groups.get(key) ?? []), arm]);
  }
  return [...groups.values()].map((group) => {
    const trials = short(Math.min(...group.map(({ coverage }) => coverage.trials)));
    const who = listed(group.map(({ strategy }) => strategy));
    const sample = `in ${trials} more trials${group.length > 1 ? ' of each' : ''}, put down step by step`;
    const missed = group[0]?.coverage.missed ?? [];
    if (missed.length === 0) return `${who}: the search for the steps that there are did not end in time.`;
    const named = missed.slice(0, NAMED_MAX);
    const rest = missed.length - named.length;
    return (
      `${who}: ${sample}, ${counted(missed.length, 'step')} that some schedule of this setting has ` +
      `${missed.length === 1 ? 'was' : 'were'} never taken: ` +
      `${rest === 0 ? listed(named) : `${named.join(', ')} and ${grouped(rest)} more`}.`
    );
  });
}

function ownSentence({ strategy, coverage: { own } }: CoveredArm): string[] {
  if (own === null || own.taken > 0) return [];
  return [
    own.reachable === 0
      ? `Vacuous for ${strategy}: no schedule of this setting comes to a step of its own.`
      : `Vacuous for ${strategy}: no actor came to a step of its own.`,
  ];
}

function idleSentence({ strategy, coverage: { idle = [] } }: CoveredArm): string[] {
  return idle.length === 0 ? [] : [`Vacuous for ${strategy}: no actor had a step in ${byActor(idle)}.`];
}

function invariantSentence(arms: readonly CoveredArm[], ids: readonly string[]): string {
  const isChecked = (id: string): boolean => arms.some(({ coverage }) => coverage.evaluated.includes(id));
  const others = ids.filter((id) => !isChecked(id));
  const but = others.length === 0 ? '' : `; nothing that was done comes to ${listed(others)}`;
  return `Checked were ${listed(ids.filter(isChecked))}${but}. Each is broken by a planted bug: see ebtorture list invariants.`;
}
