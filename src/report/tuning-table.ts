import type { TunedSetting, Tuning } from '../stress/tuning-result.ts';
import { counted, elapsed, grouped, short, UNKNOWN } from './number.ts';
import { paceText } from './pace-text.ts';
import { plain } from './paint.ts';
import { type Row, textTable } from './text-table.ts';
import { wrapped } from './wrap.ts';

/** What `--tune` tried and found: the settings that were still in at its end, and whether the run uses the best. */
export function tuningLines(tuning: Tuning | undefined): string[] {
  if (tuning === undefined) return [];
  const { strategy, tried, withHits, elapsedMs, untuned, leaders } = tuning;
  const title =
    `Tuned by the violations of ${strategy} per second: ${counted(tried, 'setting')} in ${elapsed(elapsedMs)}, ` +
    `${grouped(withHits)} of them violated.`;
  const table = textTable(
    {
      columns: ['trials/s', 'per million', 'violations/s'].map((header) => ({ header, align: 'right' })),
      rows: [
        ...leaders.map((setting) => rowOf(setting, paceText(setting))),
        rowOf(untuned, `untuned: ${paceText(untuned)}`),
      ],
    },
    plain,
  );
  return [...wrapped(title), ...table, ...wrapped(outcome(tuning))];
}

function rowOf({ trials, seconds, violations, violationsPerSecond }: TunedSetting, label: string): Row {
  return {
    kind: 'cells',
    label,
    cells: [
      seconds === 0 ? UNKNOWN : short(trials / seconds),
      trials === 0 ? UNKNOWN : short((violations / trials) * 1e6),
      short(violationsPerSecond),
    ],
  };
}

function outcome({ best, gain, isUsed, untuned }: Tuning): string {
  if (best === null) return 'No other setting violated: the run is not tuned.';
  const than = 'as many violations per second as the untuned setting';
  if (gain === null) {
    const silent = untuned.violations === 0 ? ', which had none' : '';
    return isUsed
      ? `${sentence(paceText(best))} has more violations per second than the untuned setting${silent}; the run uses it.`
      : 'No setting is clearly better than the untuned one: the run is not tuned.';
  }
  const times = `${short(gain.median)} times ${than} [${short(gain.low)}, ${short(gain.high)}]`;
  if (isUsed) return `${sentence(paceText(best))} has ${times}; the run uses it.`;
  const why =
    gain.median <= 1
      ? 'The natural setting is already best'
      : 'No setting is shown to be better than the natural one';
  return `${why}: the best other one has ${times}; the run is not tuned.`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
