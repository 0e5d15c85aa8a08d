/** What two measurements of the processors give to be compared. */
import { rescaledInterval } from '../../stats/rescaled-interval.ts';
import type { ClassResult, CpusResult, RoundTrip } from '../../stress/cpus/cpus-result.ts';
import { type Compared, fact, matched, type Measured, onlyIn, type Parts } from './parts.ts';

export function cpusParts(a: CpusResult, b: CpusResult): Parts {
  const { both, onlyA, onlyB } = matched(named(a), named(b), ({ name }) => name);
  const everywhere =
    a.anywhere !== null && b.anywhere !== null ? [tripsOf('anywhere', a.anywhere, b.anywhere)] : [];
  const count = ({ topology }: CpusResult): string => String(topology.processors.length);
  return {
    facts: [fact({ subject: '', what: 'processors', a: count(a), b: count(b) })],
    figures: [
      ...both.map(([before, after]) => tripsOf(after.name, before.roundTrip, after.roundTrip)),
      ...everywhere,
    ],
    notes: [
      ...onlyIn(
        'A',
        onlyA.map(({ name }) => name),
      ),
      ...onlyIn(
        'B',
        onlyB.map(({ name }) => name),
      ),
    ],
  };
}

/** Groups of pairs of which nothing is known are told apart by their place. */
function named({ classes }: CpusResult): (ClassResult & { readonly name: string })[] {
  return classes.map((each, index) => ({
    ...each,
    name: each.distance === 'unknown' ? `group ${index + 1}` : each.distance,
  }));
}

function tripsOf(subject: string, a: RoundTrip, b: RoundTrip): Compared {
  return { kind: 'ratio', subject, what: 'round trip', unit: 'ns', a: measured(a), b: measured(b) };
}

function measured({ ns, lowNs, highNs }: RoundTrip): Measured {
  if (lowNs === null || highNs === null) {
    return { at: () => ({ value: ns, low: 0, high: Infinity }), objection: 'too few visits for an interval' };
  }
  return { at: rescaledInterval({ value: ns, low: lowNs, high: highNs, confidence: 0.95 }), objection: null };
}
