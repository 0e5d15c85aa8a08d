/** The page of `cpus`: what a round trip between two processors takes, by how they lie. */
import type { CpusResult, RoundTrip } from '../../../stress/cpus/cpus-result.ts';
import { DISTANCE_WORDS } from '../../cpus-report.ts';
import { counted, short, UNKNOWN } from '../../number.ts';
import { measuredFacts } from '../facts.ts';
import { NO_ANSWER, type Part } from '../part.ts';
import { tableMarkup } from '../table.ts';
import { block, sentences } from './block.ts';

/** What the page has of it. */
export function cpusPart(result: CpusResult): Part {
  const { environment, topology, classes, anywhere, notes } = result;
  const trips = classes.map(
    ({ distance, roundTrip }) => `${DISTANCE_WORDS[distance]} ${tripText(roundTrip)}`,
  );
  const all = anywhere === null ? trips : [`wherever the system puts two threads ${tripText(anywhere)}`];
  return {
    question: 'How long does a round trip between two processors take?',
    facts: [
      ['processors', counted(topology.processors.length, 'processor')],
      ...measuredFacts(result, { environment }),
    ],
    answer: {
      ...NO_ANSWER,
      hardware: all.length === 0 ? [] : [`A round trip took: ${all.join('; ')}.`],
    },
    body: () => [block('Round trips', classTable(result), sentences(notes))],
  };
}

function tripText({ ns, lowNs, highNs }: RoundTrip): string {
  const interval = lowNs === null || highNs === null ? '' : ` [${short(lowNs)}, ${short(highNs)}]`;
  return `${short(ns)} ns${interval}`;
}

function classTable({ classes }: CpusResult): string {
  if (classes.length === 0) return '';
  return tableMarkup({
    caption: 'Round trips by how the two processors lie, in ns',
    columns: [
      { header: 'the two are' },
      { header: 'pairs', isNumber: true },
      { header: 'median', isNumber: true },
      { header: '[95 %]' },
      { header: 'fastest pair', isNumber: true },
      { header: 'slowest pair', isNumber: true },
    ],
    rows: classes.map(({ distance, pairs, roundTrip: { ns, lowNs, highNs }, fastestNs, slowestNs }) => ({
      cells: [
        DISTANCE_WORDS[distance],
        String(pairs),
        short(ns),
        lowNs === null || highNs === null ? UNKNOWN : `${short(lowNs)} to ${short(highNs)}`,
        short(fastestNs),
        short(slowestNs),
      ],
    })),
  });
}
