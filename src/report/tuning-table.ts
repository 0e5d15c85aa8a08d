import type { TunedSetting, Tuning, TuningGain } from '../stress/result/tuning-result.ts';
import { counted, elapsed, grouped, short, UNKNOWN } from './number.ts';
import { offsetText, paceText } from './pace-text.ts';
import { plain } from './paint.ts';
import { type Column, type Row, textTable } from './text-table.ts';
import { wrapped } from './wrap.ts';

const COLUMNS: readonly Column[] = [
  'stride',
  'worlds',
  'offset ns',
  'last',
  'M/s',
  'per million',
  'violations/s',
].map((header) => ({ header, align: header === 'last' ? 'left' : 'right' }));

/** What `--tune` tried and found: the settings that were still in at its end, and whether the run uses the best. */
export function tuningLines(tuning: Tuning | undefined): string[] {
  if (tuning === undefined) return [];
  const { strategy, tried, withHits, elapsedMs, untuned, best, leaders } = tuning;
  const title =
    `Tuned by the violations of ${strategy} per second: ${counted(tried, 'setting')} in ${elapsed(elapsedMs)}, ` +
    `${grouped(withHits)} of them violated. Found by the search, best first, and then confirmed:`;
  const rows = [
    ...leaders.map((setting) => rowOf(setting, '')),
    ...(best === null ? [] : [rowOf(best, 'confirmed')]),
    rowOf(untuned, 'untuned'),
  ];
  return [
    ...wrapped(title),
    ...textTable({ columns: COLUMNS, rows }, plain),
    ...outcome(tuning).flatMap((text) => (text.startsWith(' ') ? [text] : wrapped(text))),
  ];
}

function rowOf(
  { trials, seconds, violations, violationsPerSecond, ...pace }: TunedSetting,
  label: string,
): Row {
  const { stride, worlds, spacing, lastToucher } = pace;
  const apart = spacing === null ? '' : ` by ${spacing}`;
  return {
    kind: 'cells',
    label,
    cells: [
      stride === null ? UNKNOWN : grouped(stride),
      worlds === null ? UNKNOWN : grouped(worlds) + apart,
      offsetText(pace) || UNKNOWN,
      lastToucher ?? UNKNOWN,
      seconds === 0 ? UNKNOWN : short(trials / seconds / 1e6),
      trials === 0 ? UNKNOWN : short((violations / trials) * 1e6),
      short(violationsPerSecond),
    ],
  };
}

/** The verdict, then the gains that it rests on. */
function outcome({ best, verdict, gains, naturalMargin }: Tuning): string[] {
  if (best === null) return ['No other setting violated: the run is not tuned.'];
  const text = verdictText({ verdict, setting: paceText(best), naturalMargin });
  if (gains.length === 0) return [text];
  const title = 'Its violations per second over those of the untuned setting, by round trip:';
  return [text, title, ...gains.map((gain) => gainText(gain, verdict))];
}

function verdictText({
  verdict,
  setting,
  naturalMargin,
}: Pick<Tuning, 'verdict' | 'naturalMargin'> & { readonly setting: string }): string {
  switch (verdict) {
    case 'used':
      return (
        `The run uses ${setting} in the placements of the cores in which it is shown to be better, with ${naturalMargin} times ` +
        'the violations per second of the natural setting or more, and the natural setting in all others.'
      );
    case 'natural-best':
      return (
        `The natural setting is already best, to within a factor of ${naturalMargin}: the best other one, ${setting}, ` +
        `is shown to have less than ${naturalMargin} times its violations per second. The run is not tuned.`
      );
    case 'not-shown':
    case 'silent':
      return (
        `Whether any setting has ${naturalMargin} times the violations per second of the natural one is not shown: it was open ` +
        `for the best other one that was found, ${setting}, when the time was over, or the host had moved the cores ` +
        'since it was found. The run is not tuned; tune again, with nothing else on the machine.'
      );
  }
}

function gainText(
  { roundTripNs, ratio, low, high, starts, isUsed }: TuningGain,
  verdict: Tuning['verdict'],
): string {
  const where = roundTripNs === null ? 'unknown' : `${short(roundTripNs)} ns`;
  const interval = high === null ? '(too few starts for an interval)' : `[${short(low)}, ${short(high)}]`;
  const use = verdict !== 'used' ? '' : isUsed ? ': used' : ': not used';
  return `  ${where.padEnd(9)}${short(ratio)} times ${interval}, ${counted(starts, 'start')}${use}`;
}
