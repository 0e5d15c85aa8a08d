/**
 * A build that is slower by a known amount: a copy whose actors wait in every trial. Shows that a comparison would have seen
 * such a change.
 *
 * The wait is a loop between two atomic additions to a cell of the thread's own. A loop alone is no slow-down: processors run it
 * while they wait for the atomics around it, and 14 rounds of 1.3 ns in each actor added nothing to a trial. Even so a few ns of
 * each wait hide in the trial.
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

/** What plays each trial of an actor, in the two bundles that hold its loop. */
const TRIAL = 'compiled.play(worldAt(arena, world))';
const BUNDLES = ['dist/stress/actor.js', 'dist/stress/arm-runtime.js'];
const LOOPS_MAX = 4096;
/** Measurements at most until the wait fits, the one of no wait included. */
const ROUNDS = 10;
/** Starts of a measurement: with as few as a comparison takes, the first that looks close enough would be so by chance. */
const STARTS = 2 * STARTS_MIN;
/** How close is close enough, in percent of a trial's time. */
const CLOSE_PERCENT = 1;

/**
 * `share`: of the trials, those that wait; the shortest wait may be longer than what is to be planted. Counted in whole numbers:
 * V8 would allocate for others, in every trial.
 */
function waitSource(rounds: number, share: number): string {
  return `
const plantedCell = new Int32Array(new SharedArrayBuffer(512));
let plantedTurn = 0;
function plantedWait() {
  plantedTurn = (plantedTurn + ${Math.round(share * 0x1_0000)}) | 0;
  if (plantedTurn < 0x1_0000) return;
  plantedTurn -= 0x1_0000;
  let x = Atomics.add(plantedCell, 64, 1);
  for (let round = 0; round < ${rounds}; round++) x = (Math.imul(x, 31) + round) | 0;
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
 * A copy of a build whose trials take so many percent longer on one core, as measured: the wait is adapted until they do. Its
 * label says what was planted.
 */
export async function slowerCopyOf(build: Build, options: PlantOptions): Promise<Build> {
  const { plantedPercent } = options;
  let waitNs = 0;
  for (let round = 1; ; round++) {
    const copy = await copyOf(build, waitNs);
    let isKept = false;
    try {
      const { ratio, nsPerTrial } = await priceOf(build, copy, options);
      const percent = 100 * (ratio - 1);
      isKept = round === ROUNDS || Math.abs(percent - plantedPercent) <= CLOSE_PERCENT;
      if (isKept) return { ...copy, label: `${copy.label}: measured ${percent.toFixed(1)} % slower` };
      // At first nothing waits: the two actors share what a trial takes. Then in proportion, which a wild measurement must not end.
      waitNs =
        round === 1
          ? (nsPerTrial.a * plantedPercent) / 100 / 2
          : waitNs * Math.min(2, Math.max(0.5, plantedPercent / Math.max(percent, 0.1)));
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
      const wait = waitSource(roundsFor(waitNs), Math.min(1, waitNs / nsOf(0)));
      for (const bundle of BUNDLES) plantIn(join(folder, bundle), wait);
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
  if (source.split(TRIAL).length !== 2) {
    throw new OperandError(`${file}: expected '${TRIAL}' once, to plant a wait in front of it`);
  }
  writeFileSync(file, source.replace(TRIAL, `(plantedWait(), ${TRIAL})`) + wait);
}

/** Rounds of the loop that take about so long, its two additions included. */
export function roundsFor(waitNs: number): number {
  let rounds = 0;
  while (rounds < LOOPS_MAX && nsOf(rounds) < waitNs) rounds = Math.ceil(rounds * 1.1) + 1;
  return rounds;
}

/** The shortest time of a wait in 20 samples: whatever else runs only makes it longer. */
function nsOf(rounds: number): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function that the text ends with
  const wait = runInThisContext(`(() => {${waitSource(rounds, 1)} return plantedWait; })()`) as () => void;
  const calls = 20_000;
  const samples = Array.from({ length: 20 }, () => {
    const startedAt = process.hrtime.bigint();
    for (let call = 0; call < calls; call++) wait();
    return Number(process.hrtime.bigint() - startedAt) / calls;
  });
  return Math.min(...samples);
}
