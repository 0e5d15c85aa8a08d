/** What two results of the controlled engine give to be compared. */
import type { ExploreResult } from '../../explore/explore.ts';
import type { RandomExploreResult } from '../../explore/random-explore.ts';
import type { Replay } from '../../explore/witness/replay.ts';
import { binomialInterval, zeroBound } from '../../stats/interval.ts';
import type { Estimate } from '../../stats/independent-ratio.ts';
import type { DiffFact } from './diff-result.ts';
import { fact, type Measured, type Parts } from './parts.ts';
import { type Searched, searchFacts } from './search-facts.ts';

export function exploreParts(a: ExploreResult, b: ExploreResult): Parts {
  const isAlike = JSON.stringify(a.reductions) === JSON.stringify(b.reductions);
  const isCut = a.complete && b.complete ? null : 'a limit ended a search';
  return {
    facts: [
      ...searchFacts('', searched(a, isAlike), searched(b, isAlike)),
      fact({ subject: '', what: 'outcomes', a: outcomesOf(a), b: outcomesOf(b) }, { ifDifferent: isCut }),
      ...countFacts(a, b),
    ],
    figures: [],
    notes: isAlike ? [] : ['Their reductions differ, so that their states are not compared.'],
  };
}

function searched({ verdict, complete, states, violations }: ExploreResult, isAlike: boolean): Searched {
  return {
    verdict,
    isComplete: complete,
    ...(isAlike && { states }),
    invariants: violations.map(({ invariant }) => invariant),
  };
}

/** How many schedules there are, where both have counted them. */
function countFacts(a: ExploreResult, b: ExploreResult): DiffFact[] {
  if (a.interleavings === null || b.interleavings === null) return [];
  return [fact({ subject: '', what: 'schedules', a: a.interleavings, b: b.interleavings })];
}

function outcomesOf({ outcomes }: Pick<ExploreResult, 'outcomes'>): string {
  return (
    outcomes
      .map(({ name }) => name)
      .toSorted()
      .join(', ') || 'none'
  );
}

/** Random schedules are independent of each other: how many of them violate is a binomial. */
export function randomParts(a: RandomExploreResult, b: RandomExploreResult): Parts {
  const namesOf = ({ violations }: RandomExploreResult): string =>
    violations
      .map(({ invariant }) => invariant)
      .toSorted()
      .join(', ') || 'none';
  return {
    facts: [
      fact(
        { subject: '', what: 'violated', a: namesOf(a), b: namesOf(b) },
        { ifDifferent: 'a sample of schedules need not come to what is rare' },
      ),
    ],
    figures: [
      {
        kind: 'ratio',
        subject: '',
        what: 'violating schedules',
        unit: 'per million schedules',
        a: shareOf(a),
        b: shareOf(b),
      },
    ],
    notes: [],
  };
}

function shareOf({ violations, schedules }: RandomExploreResult): Measured {
  const hits = violations.reduce((sum, violation) => sum + violation.schedules, 0);
  const at = (confidence: number): Estimate => {
    if (hits === 0)
      return { value: 0, low: 0, high: 1e6 * zeroBound({ trialsEffective: schedules, confidence }) };
    const { low, high } = binomialInterval({ hits, trials: schedules, confidence });
    return { value: (1e6 * hits) / schedules, low: 1e6 * low, high: 1e6 * high };
  };
  return { at, objection: schedules === 0 ? 'no schedule was played' : null };
}

export function replayParts(a: Replay, b: Replay): Parts {
  const endOf = ({ end }: Replay): string =>
    end.kind === 'violated' ? `violated ${end.invariant}` : end.kind === 'harmless' ? end.outcome : end.kind;
  return {
    facts: [
      fact({ subject: '', what: 'end', a: endOf(a), b: endOf(b) }),
      fact({ subject: '', what: 'steps', a: String(a.steps.length), b: String(b.steps.length) }),
    ],
    figures: [],
    notes: [],
  };
}
