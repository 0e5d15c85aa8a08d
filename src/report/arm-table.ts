import { countIn, measureOf, phrasesOf } from '../scenario/measure.ts';
import type { ScenarioWords } from '../catalog/words.ts';
import type { ArmResult } from '../stress/result/result.ts';
import type { Rate } from '../stress/result/rate.ts';
import { armLabels } from './arm-label.ts';
import { percent, short, UNKNOWN } from './number.ts';
import type { Paint, Tone } from './paint.ts';
import { type Column, type Row, textTable } from './text-table.ts';

/** How the verdict of an arm is to be taken. */
export type ArmTone = (arm: ArmResult) => Tone;

/** One row per arm, those that are expected to violate first. A zero shows the bound of its rate. */
export function armTable(
  arms: readonly ArmResult[],
  { measures }: Pick<ScenarioWords, 'measures'>,
  toneOf: ArmTone,
  paint: Paint,
): string[] {
  const mended = measureOf(measures, 'mended');
  const isMixed = arms.some(({ rate }) => rate.placements !== undefined);
  const confidence = arms[0] === undefined ? '' : ` [${percent(arms[0].rate.confidence)}]`;
  const columns: readonly Column[] = [
    { header: 'count', align: 'right', group: 'trials' },
    { header: 'M/s', align: 'right', group: 'trials' },
    { header: 'count', align: 'right', group: 'violations' },
    { header: `${isMixed ? 'mixed, ' : ''}per million${confidence}`, align: 'left', group: 'violations' },
    ...(mended === undefined ? [] : [{ header: phrasesOf(mended).column, align: 'right' } as const]),
    { header: 'verdict', align: 'left' },
  ];
  const rateColumns = Math.max(
    ...arms.map(({ rate, violations }) => pointText(rate, violations.total).length),
    0,
  );
  const labels = armLabels(arms, { isHeaded: true });
  const rows = arms.map((arm, index): readonly [ArmResult, Row] => [
    arm,
    {
      kind: 'cells',
      label: labels[index] ?? '',
      cells: [
        short(arm.trials),
        millions(arm.trialsPerSecond),
        short(arm.violations.total),
        `${pointText(arm.rate, arm.violations.total).padStart(rateColumns)}${intervalText(arm.rate)}`,
        ...(mended === undefined ? [] : [short(countIn(arm, mended))]),
        { text: arm.verdict, tone: toneOf(arm) },
      ],
    },
  ]);
  const section = (expectation: ArmResult['expectation'], text: string): Row[] => {
    const members = rows.filter(([arm]) => arm.expectation === expectation).map(([, row]) => row);
    return members.length === 0 ? [] : [{ kind: 'heading', text }, ...members];
  };
  const sections = [
    ...section('violates', 'expected to violate (controls)'),
    ...section('holds', 'expected to hold (fixes)'),
  ];
  return textTable({ columns, rows: sections }, paint);
}

/** Trials per second in millions; two decimals are enough for a slow run. */
export function millions(perSecond: number): string {
  const value = perSecond / 1e6;
  return value >= 0.005 && value < 0.995 ? value.toFixed(2) : short(value);
}

/** What there is to say of a rate whose violations are all in blocks that count for none: not that it is below a bound. */
export const SEEN = 'seen, no rate';

/** Whether it is such a rate; `seen` are the violations of all blocks. */
export function isSeenOnly({ perMillion }: Pick<Rate, 'perMillion'>, seen: number | undefined): boolean {
  return perMillion === 0 && seen !== undefined && seen > 0;
}

/** A rate per million, or the bound of one where nothing was seen; `seen` are the violations of all blocks, where that is known. */
export function pointText(rate: Rate, seen: number | undefined): string {
  const { perMillion, high, blocks } = rate;
  if (isSeenOnly(rate, seen)) return SEEN;
  if (blocks === 0 || !Number.isFinite(high)) return UNKNOWN;
  return perMillion === 0 ? `< ${short(high)}` : short(perMillion);
}

/** ` [low, high]`; a bound has none. */
export function intervalText({ perMillion, low, high, blocks }: Rate): string {
  if (blocks === 0 || !Number.isFinite(high) || perMillion === 0) return '';
  return ` [${short(low)}, ${short(high)}]`;
}
