/**
 * A build that is slower by a known amount: a copy whose actors wait in front of every stride, as long as its trials are to take
 * longer. Shows that a comparison would have seen such a change.
 *
 * The wait is a loop between two atomic additions to a cell of the thread's own, so that nothing around it runs meanwhile.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { processorsToPin } from '../processors.ts';
import { type Build, withServer } from './build.ts';
import { runStart } from './start.ts';
import { type Finding, findingOf, type StartPair, STARTS_MIN } from './judge.ts';
import { OperandError } from './operands.ts';

/** What plays the trials of a stride, in the two bundles that hold its loop. */
const TRIALS = 'compiled.play(worldAt(arena, from), worlds, notesOfActor + from)';
const BUNDLES = ['dist/stress/actor/actor.js', 'dist/stress/actor/arm-runtime.js'];
/** Measurements at most until the wait fits, the one of no wait included. */
const ROUNDS = 10;
/** Starts of a measurement: with as few as a comparison takes, the first that looks close enough would be so by chance. */
const STARTS = 2 * STARTS_MIN;
/** How close is close enough, in percent of a trial's time; aimed at so much below what is asked for, never above it. */
const CLOSE_PERCENT = 1;

function waitSource(roundsPerTrial: number): string {
  return `
const plantedCell = new Int32Array(new SharedArrayBuffer(512));
function plantedWait(trials) {
  let x = Atomics.add(plantedCell, 64, 1);
  for (let rest = Math.round(trials * ${roundsPerTrial}); rest > 0; rest--) x = (Math.imul(x, 31) + rest) | 0;
  Atomics.add(plantedCell, 64, x);
}
`;
}

/** What a planted slow-down is made for. */
export interface PlantOptions {
  readonly strategy: string;
  readonly plantedPercent: number;
  readonly signal: AbortSignal;
}

/**
 * A copy of a build whose trials take up to so many percent longer on one core, as measured: the wait is adapted until they do.
 * Its label says what was planted.
 */
export async function slowerCopyOf(build: Build, options: PlantOptions): Promise<Build> {
  const aim = options.plantedPercent - CLOSE_PERCENT;
  let waitNs = 0;
  for (let round = 1; ; round++) {
    const copy = await copyOf(build, waitNs);
    let isKept = false;
    try {
      const { ratio, nsPerTrial } = await priceOf(build, copy, options);
      const percent = 100 * (ratio - 1);
      isKept = round === ROUNDS || Math.abs(percent - aim) <= CLOSE_PERCENT;
      if (isKept) return { ...copy, label: `${copy.label}: measured ${percent.toFixed(1)} % slower` };
      // At first nothing waits: the two actors share what a trial takes. Then in proportion, which a wild measurement must not end.
      waitNs =
        round === 1
          ? (nsPerTrial.a * aim) / 100 / 2
          : waitNs * Math.min(2, Math.max(0.5, aim / Math.max(percent, 0.1)));
    } finally {
      if (!isKept) await copy.remove();
    }
  }
}

/** The first line of a comparison, of a few starts. */
async function priceOf(build: Build, copy: Build, { strategy, signal }: PlantOptions): Promise<Finding> {
  const cores = processorsToPin().length === 0 ? 2 : 1;
  const starts: StartPair[] = [];
  while (starts.length < STARTS) {
    starts.push(await runStart({ a: build, b: copy, strategy, cores, signal }));
  }
  return findingOf(starts, 1);
}

/** A copy of a build; `waitNs` above 0: its actors wait about so long in each trial. */
export async function copyOf(build: Omit<Build, 'server'>, waitNs: number): Promise<Build> {
  const folder = mkdtempSync(join(tmpdir(), 'ebtorture-copy-'));
  const remove = (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  };
  try {
    for (const part of ['bench', 'dist', 'src', 'package.json']) {
      cpSync(join(build.folder, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(build.folder, 'node_modules'), join(folder, 'node_modules'));
    if (waitNs > 0) {
      for (const bundle of BUNDLES) plantIn(join(folder, bundle), waitSource(waitNs / nsPerRound()));
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const label = waitNs > 0 ? `${build.label}, waiting ${waitNs.toFixed(1)} ns` : `a copy of ${build.label}`;
  return withServer({ label, folder, remove });
}

function plantIn(file: string, wait: string): void {
  const source = readFileSync(file, 'utf8');
  if (source.split(TRIALS).length !== 2) {
    throw new OperandError(`${file}: expected '${TRIALS}' once, to plant a wait in front of it`);
  }
  writeFileSync(file, source.replace(TRIALS, `(plantedWait(worlds), ${TRIALS})`) + wait);
}

/** What a round of the loop takes: the shortest of 20 samples, since whatever else runs only makes them longer. */
function nsPerRound(): number {
  const rounds = 200_000;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function that the text ends with
  const wait = runInThisContext(`(() => {${waitSource(1)} return plantedWait; })()`) as (
    trials: number,
  ) => void;
  const samples = Array.from({ length: 20 }, () => {
    const startedAt = process.hrtime.bigint();
    wait(rounds);
    return Number(process.hrtime.bigint() - startedAt) / rounds;
  });
  return Math.min(...samples);
}
