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

  async show(progress: Progress): Promise<void> {
    await this.#line.replace(progressText(progress, this.#output.columns - 1));
  }

  async clear(): Promise<void> {
    await this.#line.clear();
  }
}

/** The line, cut where the terminal ends. */
export function progressText(progress: Progress, columns: number): string {
  const { elapsedMs, fraction, arms, tuningBlocks, isConfirming } = progress;
  const counts = arms.map(
    ({ strategy, trials, violations }) => `${strategy} ${short(violations)}/${short(trials)}`,
  );
  const percent = Math.floor(Math.min(Math.max(fraction, 0), 1) * 100);
  const how =
    tuningBlocks === undefined
      ? `${percent} %`
      : `${isConfirming === true ? 'confirming' : 'tuning'}, ${counted(tuningBlocks, 'block')}`;
  const text = `${elapsed(elapsedMs)} ${how}  violations/trials: ${counts.join('  ')}`;
  return text.length <= columns ? text : text.slice(0, Math.max(columns, 0));
}
