import { counted, elapsed, short } from '../report/number.ts';
import { tail } from '../report/wrap.ts';
import type { Progress } from '../stress/plan/options.ts';
import type { Output } from './io.ts';

/** One line on a terminal that vanishes when it is over. */
export class StatusLine {
  readonly #output: Output;
  #width = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  async clear(): Promise<void> {
    if (this.#width > 0) await this.replace('');
  }

  /** Overwrites with spaces, which every terminal understands. */
  async replace(text: string): Promise<void> {
    const blank = ' '.repeat(Math.max(this.#width - text.length, 0));
    this.#width = text.length;
    await this.#output.write(`\r${text}${blank}${text === '' ? '\r' : ''}`);
  }
}

/** The line of a run. */
export class ProgressLine {
  readonly #output: Output;
  readonly #line: StatusLine;

  constructor(output: Output) {
    this.#output = output;
    this.#line = new StatusLine(output);
  }

  /** `isControl`: strategies that are not what a run is about. */
  async show(progress: Progress, isControl: (strategy: string) => boolean): Promise<void> {
    await this.#line.replace(progressText(progress, this.#output.columns - 1, isControl));
  }

  async clear(): Promise<void> {
    await this.#line.clear();
  }
}

/** Where there is no room for all, longer names keep their end. */
const NAME_COLUMNS = 18;

/**
 * The line, cut where the terminal ends. Where there is no room for all strategies, what is tested comes first, those of it that have
 * violated before the others, and the controls last; whoever has no room is counted.
 */
export function progressText(
  progress: Progress,
  columns: number,
  isControl: (strategy: string) => boolean = () => false,
): string {
  const { elapsedMs, fraction, arms, tuningBlocks, isConfirming } = progress;
  const percent = Math.floor(Math.min(Math.max(fraction, 0), 1) * 100);
  const how =
    tuningBlocks === undefined
      ? `${percent} %`
      : `${isConfirming === true ? 'confirming' : 'tuning'}, ${counted(tuningBlocks, 'block')}`;
  const head = `${elapsed(elapsedMs)} ${how}  violations/trials: `;
  const text = head + arms.map((arm) => countText(arm, Infinity)).join(GAP);
  if (text.length <= columns) return text;
  const rank = ({ strategy, violations }: ArmProgress): number =>
    isControl(strategy) ? 2 : violations > 0 ? 0 : 1;
  const byInterest = arms.toSorted((one, other) => rank(one) - rank(other));
  return (head + asManyAs(byInterest, columns - head.length)).slice(0, Math.max(columns, 0));
}

type ArmProgress = Progress['arms'][number];

const GAP = '  ';

function countText({ strategy, trials, violations }: ArmProgress, nameColumns: number): string {
  return `${tail(strategy, nameColumns)} ${short(violations)}/${short(trials)}`;
}

/** As many of them as have room, the first one whatever it takes, and the number of the others. */
function asManyAs(arms: readonly ArmProgress[], columns: number): string {
  const texts = arms.map((arm) => countText(arm, NAME_COLUMNS));
  const withRest = (shown: number): string => {
    const rest = texts.length - shown;
    return [...texts.slice(0, shown), ...(rest === 0 ? [] : [`+${rest}`])].join(GAP);
  };
  let shown = texts.length;
  while (shown > 1 && withRest(shown).length > columns) shown--;
  return withRest(shown);
}
