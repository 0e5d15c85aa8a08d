import { counted, elapsed, short } from '../report/number.ts';
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

/** The line, cut where the terminal ends; where there is no room for all strategies, the controls come last. */
export function progressText(
  progress: Progress,
  columns: number,
  isControl: (strategy: string) => boolean = () => false,
): string {
  const { elapsedMs, fraction, arms, tuningBlocks, isConfirming } = progress;
  const countsOf = (some: Progress['arms']): string =>
    some
      .map(({ strategy, trials, violations }) => `${strategy} ${short(violations)}/${short(trials)}`)
      .join('  ');
  const percent = Math.floor(Math.min(Math.max(fraction, 0), 1) * 100);
  const how =
    tuningBlocks === undefined
      ? `${percent} %`
      : `${isConfirming === true ? 'confirming' : 'tuning'}, ${counted(tuningBlocks, 'block')}`;
  const head = `${elapsed(elapsedMs)} ${how}  violations/trials: `;
  const text = head + countsOf(arms);
  if (text.length <= columns) return text;
  const byInterest = arms.toSorted(
    (one, other) => Number(isControl(one.strategy)) - Number(isControl(other.strategy)),
  );
  return (head + countsOf(byInterest)).slice(0, Math.max(columns, 0));
}
