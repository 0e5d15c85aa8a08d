/** Whether the figures of a saved run agree with each other: a violation is counted by its check, and as an outcome. */
import type { ArmResult } from '../../stress/result/result.ts';

/** What does not add up, in a sentence for each arm; nothing for documents without arms, or of which parts are missing. */
export function brokenSums(document: object): string[] {
  if ('strata' in document && Array.isArray(document.strata)) return brokenStrata(document.strata);
  if (!('arms' in document) || !Array.isArray(document.arms)) return [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the schema says; what is missing throws, and is noticed
  return (document.arms as readonly ArmResult[]).flatMap((arm) => {
    if (typeof arm.violations?.total !== 'number' || arm.outcomes === undefined) return [];
    const { strategy, violations, outcomes, instances = [] } = arm;
    const forbidden = Object.values(outcomes).filter(isForbidden);
    const sums: readonly (readonly [string, number, number])[] = [
      ['violations by check', total(Object.values(violations.byInvariant)), violations.total],
      ['FORBIDDEN outcomes', total(forbidden.map(({ count }) => count)), violations.total],
    ];
    const broken = sums.flatMap(([what, sum, wanted]) =>
      sum === wanted ? [] : [`${strategy}: the ${what} add up to ${sum}, its violations to ${wanted}`],
    );
    return instances.length === 0 ? broken : broken.concat(brokenInstances(arm, instances));
  });
}

/** Of several runs that were added up: each by itself. */
function brokenStrata(strata: readonly unknown[]): string[] {
  return strata.flatMap((stratum) => {
    const isStratum = typeof stratum === 'object' && stratum !== null && 'result' in stratum;
    return isStratum && typeof stratum.result === 'object' && stratum.result !== null
      ? brokenSums(stratum.result)
      : [];
  });
}

/** What the instances of an arm do not add up to. */
function brokenInstances(
  { strategy, trials, violations, outcomes }: ArmResult,
  instances: NonNullable<ArmResult['instances']>,
): string[] {
  const sums: readonly (readonly [string, number, number])[] = [
    ['trials', total(instances.map((own) => own.trials)), trials],
    ['violations', total(instances.map((own) => own.violations)), violations.total],
    ...Object.entries(outcomes).map(
      ([name, { count }]) =>
        [`outcomes ${name}`, total(instances.map((own) => own.outcomes[name] ?? 0)), count] as const,
    ),
  ];
  return sums.flatMap(([what, sum, wanted]) =>
    sum === wanted
      ? []
      : [`${strategy}: the ${what} of its instances add up to ${sum}, its own are ${wanted}`],
  );
}

function isForbidden({ grade }: ArmResult['outcomes'][string]): boolean {
  return grade === 'FORBIDDEN';
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
