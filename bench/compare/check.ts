/**
 * `npm run bench:compare -- --check DIR`: can a comparison be trusted on this machine? Compares a build with copies of
 * itself, verbatim and slower by a planted wait, over and over. Every outcome is appended to a file as soon as it is known,
 * and a check that is started again goes on where it ended.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { median } from '../../src/stats/quantile.ts';
import { sentenceOf, verdictOf } from './answer.ts';
import type { Build } from './build.ts';
import type { Finding } from './judge.ts';
import { type Line, measureBuilds } from './measure.ts';
import { copyOf, slowerCopyOf } from './planted.ts';

/** What to check. */
export interface CheckOptions {
  readonly build: Build;
  readonly strategy: string;
  readonly startsMax: number;
  readonly repetitions: number;
  /** Planted slow-down in percent of a trial's time on one core, as measured. */
  readonly plantedPercent: number;
  readonly record: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** One repetition. */
interface Outcome {
  readonly kind: 'same' | 'planted';
  readonly percent: number;
  readonly verdict: Finding['verdict'];
  readonly seconds: number;
  readonly lines: readonly Line[];
}

const WANTED = { same: 'no change', planted: 'slower' } as const;
/** Of 20 repetitions, one may be wrong. */
const SHARE_RIGHT = 0.95;

/** Runs what is missing; whether enough outcomes are right, undefined if some are still missing. */
export async function check(options: CheckOptions): Promise<boolean | undefined> {
  const { build, record, repetitions, plantedPercent, signal, say } = options;
  const outcomes = existsSync(record) ? readOutcomes(record) : [];
  const done = (kind: Outcome['kind']): Outcome[] =>
    outcomes
      .filter((one) => one.kind === kind && (kind === 'same' || one.percent === plantedPercent))
      .slice(0, repetitions);
  const isDone = (): boolean => done('same').length >= repetitions && done('planted').length >= repetitions;
  if (isDone()) return summary(done, options);
  const same = await copyOf(build, 0);
  let planted: Build | undefined;
  try {
    planted = await slowerCopyOf(build, options);
    say(planted.label);
    const copies = { same, planted };
    for (;;) {
      const kind = done('same').length <= done('planted').length ? 'same' : 'planted';
      if (signal.aborted || isDone()) break;
      const startedAt = performance.now();
      const lines = await measureBuilds({ ...options, a: build, b: copies[kind] });
      if (signal.aborted) break;
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      const percent = kind === 'same' ? 0 : plantedPercent;
      const outcome: Outcome = { kind, percent, verdict: verdictOf(lines), seconds, lines };
      appendFileSync(record, `${JSON.stringify(outcome)}\n`);
      outcomes.push(outcome);
      const said = lines.map((line) => `${line.name} ${sentenceOf(line)}`).join('; ');
      say(`${kind} ${done(kind).length}, ${seconds} s: ${outcome.verdict} (${said})`);
    }
  } finally {
    await Promise.all([same.remove(), planted?.remove()]);
  }
  return summary(done, options);
}

function summary(
  done: (kind: Outcome['kind']) => readonly Outcome[],
  { repetitions, say }: CheckOptions,
): boolean | undefined {
  const shares = (['same', 'planted'] as const).map((kind) => {
    const all = done(kind);
    const right = all.filter(({ verdict }) => verdict === WANTED[kind]).length;
    const ratios = all.flatMap(({ lines }) => lines.slice(0, 1)).map(({ ratio }) => 100 * (ratio - 1));
    const middle =
      ratios.length === 0 ? '' : `; median of B over A on one core: ${median(ratios).toFixed(1)} %`;
    say(`${kind}: ${right} of ${all.length} '${WANTED[kind]}'${middle}`);
    return all.length < repetitions ? undefined : right / all.length;
  });
  if (shares.includes(undefined)) return undefined;
  return shares.every((share) => share !== undefined && share >= SHARE_RIGHT);
}

function readOutcomes(record: string): Outcome[] {
  const lines = readFileSync(record, 'utf8').split('\n');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what this file has written
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Outcome);
}
