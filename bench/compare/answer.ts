/** The answer of a comparison, for people and as an exit status. */
import type { Finding } from './judge.ts';
import type { Line } from './measure.ts';

/** What all lines together say: any that got slower counts, and none may be open. */
export function verdictOf(lines: readonly Finding[]): Finding['verdict'] {
  const said = new Set(lines.map(({ verdict }) => verdict));
  return (['slower', 'undecided', 'faster'] as const).find((verdict) => said.has(verdict)) ?? 'no change';
}

/** Exit status of a verdict: 1 if B is slower, 2 if the pairs do not tell. */
export const STATUS_OF = { slower: 1, faster: 0, 'no change': 0, undecided: 2 } as const;

/** Such as "9.8 % slower [7.9, 11.6]". */
export function sentenceOf(finding: Pick<Finding, 'verdict' | 'ratio' | 'low' | 'high'>): string {
  const { verdict, ratio, low, high } = finding;
  const percent = (value: number): string => (100 * Math.abs(value)).toFixed(1);
  const bound = percent(Math.max(high - 1, 1 - low));
  switch (verdict) {
    case 'slower':
      return `${percent(ratio - 1)} % slower [${percent(low - 1)}, ${percent(high - 1)}]`;
    case 'faster':
      return `${percent(1 - ratio)} % faster [${percent(1 - high)}, ${percent(1 - low)}]`;
    case 'no change':
      return `no change: any difference is below ${bound} %`;
    case 'undecided':
      return Number.isFinite(high)
        ? `undecided: a difference may be up to ${bound} %`
        : 'undecided: too few starts';
  }
}

/** A table with a line per way to run, and what it means. */
export function answerText(
  labels: { readonly a: string; readonly b: string },
  lines: readonly Line[],
): string {
  const ns = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(1)).padStart(8);
  const rows = lines.flatMap((line) => {
    const { name, nsPerTrial, starts, apart, roundTripNs } = line;
    const left = apart === 0 ? '' : `, ${(100 * apart).toFixed(0)} % of the blocks left out: cores apart`;
    const trip = roundTripNs === null ? '' : `, round trip ${roundTripNs.toFixed(0)} ns`;
    return [
      `${name.padEnd(11)}${ns(nsPerTrial.a)}${ns(nsPerTrial.b)}   ${sentenceOf(line)}`,
      `${''.padEnd(14)}${starts} starts of both${trip}${left}`,
    ];
  });
  return [
    `A  ${labels.a}`,
    `B  ${labels.b}`,
    '',
    `${'ns per trial'.padEnd(11)}${'A'.padStart(7)}${'B'.padStart(8)}   B against A, in time per trial`,
    ...rows,
    '',
    'Both run at once and take turns of 20 ms; each start has new processes. one core:',
    'both actors on the same processor, the price of the code. two cores: as stress',
    'runs it. Intervals hold in all lines at once with 99 % confidence.',
    '',
  ].join('\n');
}
