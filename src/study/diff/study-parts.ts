/** What two results of commands that need both engines give to be compared. */
import { rescaledInterval } from '../../stats/rescaled-interval.ts';
import { areWhole } from '../../stats/shard.ts';
import type { HistoryProof, HistoryRate, HistoryResult, HistoryRow, MatrixRow } from '../history-result.ts';
import type { Finding, HuntResult } from '../hunt/hunt-result.ts';
import type { MutantProof, MutantResult, MutateResult } from '../mutate-result.ts';
import type { DiffFact } from './diff-result.ts';
import { type Compared, fact, matched, type Measured, onlyIn, type Parts } from './parts.ts';
import { searchFacts } from './search-facts.ts';

const NOT_HERE = 'not there';
const LIMITED = 'a limit ended a search';

export function mutateParts(a: MutateResult, b: MutateResult): Parts {
  const { both, onlyA, onlyB } = matched(a.mutants, b.mutants, ({ id }) => id);
  const isOpen = [a, b].some(({ verdict, isInterrupted }) => isInterrupted || verdict === 'undecided');
  const missedBy = (side: 'A' | 'B', { isInterrupted, shards }: MutateResult): string | null =>
    isInterrupted || !areWhole(shards ?? null) ? `${side} has not come to all its mutants` : null;
  return {
    facts: [
      fact(
        { subject: '', what: 'verdict', a: a.verdict, b: b.verdict },
        { anyway: isOpen ? 'a mutant is undecided' : null },
      ),
      ...both.flatMap(([before, after]) => mutantFacts(before, after)),
      ...onlyA.map((mutant) =>
        fact(
          { subject: mutant.id, what: 'fate', a: fateOf(mutant.explore), b: NOT_HERE },
          { ifDifferent: missedBy('B', b) },
        ),
      ),
      ...onlyB.map((mutant) =>
        fact(
          { subject: mutant.id, what: 'fate', a: NOT_HERE, b: fateOf(mutant.explore) },
          { ifDifferent: missedBy('A', a) },
        ),
      ),
    ],
    figures: [],
    notes: [],
  };
}

function mutantFacts(a: MutantResult, b: MutantResult): DiffFact[] {
  const subject = b.id;
  const isOpen = [a, b].some(({ explore }) => explore === null || explore.verdict === 'bounded');
  const onThreads = ({ stress }: MutantResult): string => (stress?.killed === true ? 'killed' : 'survived');
  return [
    fact(
      { subject, what: 'fate', a: fateOf(a.explore), b: fateOf(b.explore) },
      { anyway: isOpen ? LIMITED : null },
    ),
    ...(a.stress === null || b.stress === null || onThreads(a) === onThreads(b)
      ? []
      : [
          fact(
            { subject, what: 'on threads', a: onThreads(a), b: onThreads(b) },
            { ifDifferent: 'threads kill a mutant by chance' },
          ),
        ]),
  ];
}

function fateOf(proof: MutantProof | null): string {
  if (proof === null) return 'not judged';
  return [proof.verdict, proof.invariants.toSorted().join(', ')].filter((part) => part !== '').join(': ');
}

export function huntParts(a: HuntResult, b: HuntResult): Parts {
  const [isWholeA, isWholeB] = [isWhole(a), isWhole(b)];
  const { both, onlyA, onlyB } = matched(a.findings, b.findings, ({ key }) => key);
  const isOpen = isWholeA && isWholeB ? null : 'a hunt that has not searched all its programs';
  const missedBy = (side: 'A' | 'B', whole: boolean): string | null =>
    whole ? null : `${side} has not searched all its programs`;
  return {
    facts: [
      fact({ subject: '', what: 'verdict', a: a.verdict, b: b.verdict }, { ifDifferent: isOpen }),
      ...both.map(([before, after]) =>
        fact(
          { subject: nameOf(after), what: 'race', a: found(before), b: found(after) },
          { ifDifferent: isOpen },
        ),
      ),
      ...onlyA.map((finding) =>
        fact(
          { subject: nameOf(finding), what: 'race', a: found(finding), b: 'not found' },
          { ifDifferent: missedBy('B', isWholeB) },
        ),
      ),
      ...onlyB.map((finding) =>
        fact(
          { subject: nameOf(finding), what: 'race', a: 'not found', b: found(finding) },
          { ifDifferent: missedBy('A', isWholeA) },
        ),
      ),
      ...matched(a.sizes, b.sizes, ({ size }) => String(size)).both.flatMap(([before, after]) =>
        (['programs', 'violated', 'states'] as const).map((count) =>
          fact(
            { subject: `size ${after.size}`, what: count, a: String(before[count]), b: String(after[count]) },
            { ifDifferent: isOpen },
          ),
        ),
      ),
    ],
    figures: [],
    notes: [],
  };
}

function isWhole({ isInterrupted, sizes, config, shards }: HuntResult): boolean {
  return (
    !isInterrupted &&
    areWhole(shards ?? null) &&
    sizes.some(({ size }) => size === config.size) &&
    sizes.every(
      ({ programs, total, bounded, isMore }) => programs === total && bounded === 0 && isMore !== true,
    )
  );
}

function nameOf({ invariant, pair }: Finding): string {
  return `${invariant}: ${pair.join(', ')}`;
}

function found({ program }: Finding): string {
  return `found: ${program}`;
}

export function historyParts(a: HistoryResult, b: HistoryResult): Parts {
  const { both, onlyA, onlyB } = matched(a.rows, b.rows, raceOf);
  const isOpen = [a, b].some(({ verdict, isInterrupted }) => isInterrupted || verdict === 'undecided');
  return {
    facts: [
      fact(
        { subject: '', what: 'verdict', a: a.verdict, b: b.verdict },
        { anyway: isOpen ? 'a race is undecided' : null },
      ),
      ...both.flatMap(([before, after]) => rowFacts(before, after)),
      ...matrixFacts(a, b),
    ],
    figures: both.flatMap(([before, after]) => rowFigures(before, after)),
    notes: [...onlyIn('A', onlyA.map(raceOf)), ...onlyIn('B', onlyB.map(raceOf))],
  };
}

function raceOf({ scenario }: HistoryRow): string {
  return scenario;
}

function rowFacts(a: HistoryRow, b: HistoryRow): DiffFact[] {
  const proofFacts = (before: HistoryProof, after: HistoryProof): DiffFact[] =>
    searchFacts(`${b.scenario}, ${after.strategy}`, proofOf(before), proofOf(after));
  const [one, other] = [a.hardware?.verdict, b.hardware?.verdict];
  return [
    ...proofFacts(a.before, b.before),
    ...proofFacts(a.after, b.after),
    ...(one === undefined || other === undefined
      ? []
      : [
          fact(
            { subject: b.scenario, what: 'on threads', a: one, b: other },
            { ifDifferent: [one, other].includes('silent') ? 'threads come to a race by chance' : null },
          ),
        ]),
  ];
}

function proofOf({ verdict, complete, states, invariants }: HistoryProof): Parameters<typeof searchFacts>[1] {
  return { verdict, isComplete: complete, states, invariants };
}

function matrixFacts(a: HistoryResult, b: HistoryResult): DiffFact[] {
  const cellOf = (row: MatrixRow, { rows }: HistoryResult, scenario: string): string =>
    row.cells[rows.findIndex((each) => each.scenario === scenario)]?.verdict ?? '-';
  return matched(a.matrix ?? [], b.matrix ?? [], ({ strategy }) => strategy).both.flatMap(([before, after]) =>
    matched(a.rows, b.rows, raceOf).both.map(([{ scenario }]) => {
      const cells = { a: cellOf(before, a, scenario), b: cellOf(after, b, scenario) };
      const anyway = Object.values(cells).includes('bounded') ? LIMITED : null;
      return fact({ subject: `${after.strategy} in ${scenario}`, what: 'explore', ...cells }, { anyway });
    }),
  );
}

function rowFigures(a: HistoryRow, b: HistoryRow): Compared[] {
  const { hardware: one = null } = a;
  const { hardware: other = null, scenario } = b;
  if (one === null || other === null) return [];
  const isAlike = JSON.stringify(one.delays) === JSON.stringify(other.delays);
  return (['before', 'after'] as const).flatMap((when): Compared[] =>
    one[when].trials === 0 || other[when].trials === 0
      ? []
      : [
          {
            kind: 'ratio',
            subject: `${scenario}, ${b[when].strategy}`,
            what: 'violations',
            unit: 'per million trials',
            a: measured(one[when], isAlike),
            b: measured(other[when], isAlike),
          },
        ],
  );
}

/** With the degrees of freedom that ten starts leave a rate (rate-interval.ts). */
function measured({ perMillion, low, high, violations }: HistoryRate, isAlike: boolean): Measured {
  const isLeftOut = violations > 0 && perMillion === 0;
  const objection = isLeftOut ? 'violations in blocks alone that count for no rate' : null;
  return {
    at: rescaledInterval({ value: perMillion, low, high, confidence: 0.95, degrees: 2 }),
    objection: isAlike ? objection : 'one was held up at other points than the other',
    ...(isLeftOut && { isSeen: true }),
  };
}
