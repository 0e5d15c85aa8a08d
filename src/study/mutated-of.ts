import type { Environment } from '../stress/host/machine-facts.ts';
import type { SurveyedRecord } from './journal/records.ts';
import { areWhole, type MergedShards } from '../stats/shard.ts';
import type {
  Baseline,
  MutantResult,
  MutateConfig,
  MutateResult,
  MutateScore,
  MutateVerdict,
} from './mutate-result.ts';

/** What the result of a mutation follows from. */
export interface MutatedParts extends Omit<SurveyedRecord, 'kind'> {
  readonly environment: Environment;
  readonly config: MutateConfig;
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  /** Of shards that were added up. */
  readonly shards?: MergedShards;
}

/** That of what is known, which need not be all. */
export function mutatedOf(parts: MutatedParts): MutateResult {
  const { environment, config, expectation, baseline, mutants, fixed, elapsedMs, isInterrupted, shards } =
    parts;
  return {
    schema: 'ebtorture.mutate/1',
    environment,
    config,
    strategy: config.strategy,
    verdict: ofParts(verdictOf(expectation, baseline, mutants, config.ladder), parts),
    ...(shards !== undefined && { shards }),
    baseline,
    mutants,
    fixed,
    score: scoreOf(mutants, config.stressMs),
    elapsedMs,
    isInterrupted,
  };
}

/** Nothing is complete of which a part is elsewhere. */
function ofParts(
  verdict: MutateVerdict,
  { config, shards }: Pick<MutatedParts, 'config' | 'shards'>,
): MutateVerdict {
  if (verdict !== 'complete') return verdict;
  if (!areWhole(shards ?? null)) return 'undecided';
  return config.shard === undefined || config.shard.of === 1 ? 'complete' : 'part';
}

/** Kills within the time of one attempt count. */
export function scoreOf(mutants: readonly MutantResult[], stressMs: number): MutateScore {
  const killed = mutants.filter(({ explore }) => explore?.verdict === 'killed');
  const tried = killed.filter(({ stress }) => stress !== null);
  const byStress = tried.filter(
    ({ stress }) => stress?.killed === true && (stress.timeToKillMs ?? 0) <= stressMs,
  );
  return {
    killedByExplore: killed.length,
    killedByStress: byStress.length,
    share: tried.length === 0 ? null : byStress.length / killed.length,
  };
}

/** Mutants that real threads killed in a setting in which explore had proved them harmless. */
export function contradictions(
  mutants: readonly MutantResult[],
  ladder: MutateConfig['ladder'],
): readonly MutantResult[] {
  return mutants.filter(
    ({ explore, stress }) =>
      stress?.killed === true &&
      [...(explore?.held ?? []), ...(explore?.vacuousIn ?? [])].includes(stress.rung) &&
      ladder[stress.rung]?.pages === stress.pages,
  );
}

function verdictOf(
  expectation: 'holds' | 'violates',
  baseline: readonly Baseline[],
  mutants: readonly MutantResult[],
  ladder: MutateConfig['ladder'],
): MutateVerdict {
  if (contradictions(mutants, ladder).length > 0) return 'contradicted';
  const violates = baseline.some(({ verdict }) => verdict === 'violated');
  if (violates !== (expectation === 'violates')) return 'not-as-declared';
  const isOpen = ({ explore }: MutantResult): boolean => explore === null || explore.verdict === 'bounded';
  const isBounded = baseline.some(({ verdict }) => verdict === 'bounded');
  return isBounded || mutants.some(isOpen) ? 'undecided' : 'complete';
}
