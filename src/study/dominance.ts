import { countIn, measureOf, type MeasureWords } from '../scenario/measure.ts';
import type { ArmCost, ArmResult, Choice } from '../stress/result/result.ts';
import { isUntried } from './untried.ts';

/** Best first. */
const SAFETIES = ['proved', 'held', 'vacuous', 'unsafe'] as const;

/** All arms as choices: the safest first, then those that cost least. `measures` are those of their scenario. */
export function choicesOf(arms: readonly ArmResult[], measures: readonly MeasureWords[]): Choice[] {
  const met = measureOf(measures, 'met');
  const order = (choice: Choice): readonly number[] => [
    SAFETIES.indexOf(choice.safety),
    ...costOrder(arms[choice.arm]),
  ];
  return arms
    .map((arm, index) => ({ arm: index, safety: safetyOf(arm), dominatedBy: dominatedBy(arm, arms, met) }))
    .toSorted((one, other) => compareLists(order(one), order(other)));
}

/** A proof that shows nothing does not count, and neither does a zero of what never ran, unless a proof makes up for it. */
function safetyOf(arm: ArmResult): Choice['safety'] {
  const { violations, expectation, proof, orderings = [] } = arm;
  // What is broken in one ordering is no choice in another.
  const isBroken = orderings.some(
    (each) => each.proof?.verdict === 'violated' || each.hardware?.verdict === 'violated',
  );
  if (expectation !== 'holds' || violations.total > 0 || proof?.verdict === 'violated' || isBroken)
    return 'unsafe';
  if (proof?.verdict === 'holds') return 'proved';
  return proof?.verdict === 'vacuous' || isUntried(arm) ? 'vacuous' : 'held';
}

/**
 * The first arm that is the better choice whatever one cares for. Measured times have no say: they differ from run to run.
 */
function dominatedBy(
  arm: ArmResult,
  arms: readonly ArmResult[],
  met: MeasureWords | undefined,
): string | null {
  // What its operations cost says nothing where they never ran.
  if (arm.expectation !== 'holds' || safetyOf(arm) === 'vacuous') return null;
  return arms.find((other) => other !== arm && isBetter(other, arm, met))?.strategy ?? null;
}

function isBetter(other: ArmResult, arm: ArmResult, met: MeasureWords | undefined): boolean {
  const safeties = [other, arm].map((each) => SAFETIES.indexOf(safetyOf(each)));
  const [others = 0, its = 0] = safeties;
  if (safetyOf(other) === 'unsafe' || safetyOf(other) === 'vacuous' || others > its) return false;
  if (other.cost === undefined || arm.cost === undefined) return false;
  if (met !== undefined && countIn(other, met) > 0 && countIn(arm, met) === 0) return false;
  const [theirs, own] = [countsOf(other.cost), countsOf(arm.cost)];
  const isNoHigher = theirs.every((count, index) => count <= (own[index] ?? 0));
  return isNoHigher && theirs.some((count, index) => count < (own[index] ?? 0));
}

function countsOf(cost: ArmCost): number[] {
  return Object.values(cost).flatMap(({ locks, atomics, steps }) => [locks, atomics, steps]);
}

/** Locks and atomics of all operations, then all steps. */
function costOrder(arm: ArmResult | undefined): readonly [number, number] {
  if (arm?.cost === undefined) return [0, 0];
  const operations = Object.values(arm.cost);
  return [
    operations.reduce((sum, { locks, atomics }) => sum + locks + atomics, 0),
    operations.reduce((sum, { steps }) => sum + steps, 0),
  ];
}

function compareLists(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, at) => value !== other[at]);
  return index < 0 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
