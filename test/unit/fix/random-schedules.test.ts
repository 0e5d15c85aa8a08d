import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { none } from '../../../src/subject/extent-buffer/v5.7/strategies/none.ts';
import type { Strategy } from '../../../src/fix/strategy.ts';
import { upstream } from '../../../src/subject/extent-buffer/v5.7/strategies/upstream.ts';
import type { BioStatus } from '../../../src/model/block-layer.ts';
import type { RoleCount } from '../../../src/scenario/scenario.ts';
import { Script } from '../../helpers/scripted-actor.ts';

interface Cast {
  readonly start: 'primed' | 'cold';
  readonly actors: Readonly<Record<string, number>>;
  readonly status: BioStatus;
}

const casts: readonly Cast[] = [
  { start: 'primed', actors: { finder: 2, reclaim: 1 }, status: 'ok' },
  { start: 'primed', actors: { finder: 1, reclaim: 2, 'end-io': 1 }, status: 'ok' },
  { start: 'primed', actors: { finder: 1, reclaim: 1, 'end-io': 1 }, status: 'io-error' },
  { start: 'primed', actors: { finder: 1, reclaim: 1, 'end-io': 1 }, status: 'bad-content' },
  { start: 'cold', actors: { readahead: 2, reclaim: 2 }, status: 'ok' },
  { start: 'cold', actors: { readahead: 1, read: 1, reclaim: 1, 'end-io': 1 }, status: 'ok' },
];

/** Which of the actors goes on, and for how many steps. */
const turn = fc.record({ actor: fc.nat(15), steps: fc.integer({ min: 1, max: 30 }) });
const turns = fc.array(turn, { maxLength: 40 });
type Turns = typeof turns extends fc.Arbitrary<infer Value> ? Value : never;

/** The verdict on a trial in which the actors take these turns and then run to their ends. */
function verdictOf(strategy: Strategy, { start, actors, status }: Cast, schedule: Turns): string {
  const counts: readonly RoleCount[] = Object.entries(actors).map(([role, count]) => ({ role, count }));
  const script = new Script({ strategy, start, actors: counts, status });
  for (const { actor, steps } of schedule) script.actors[actor % script.actors.length]?.take(steps);
  return script.finish().verdict;
}

describe('random schedules of the same seed', () => {
  it.each(casts)('violate nothing under upstream: $start, $actors, $status', (cast) => {
    fc.assert(
      fc.property(turns, (schedule) => {
        expect(verdictOf(upstream, cast, schedule)).toBe('none');
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('hit the race in the control, so that they can be trusted to look', () => {
    const cast: Cast = { start: 'primed', actors: { finder: 2, reclaim: 1 }, status: 'ok' };

    const verdicts = fc
      .sample(turns, { numRuns: 300, seed: 1 })
      .map((schedule) => verdictOf(none, cast, schedule));

    expect(new Set(verdicts)).toEqual(new Set(['none', 'B1']));
  });
});
